package org.countersign.server.keys;

import java.util.UUID;
import org.countersign.core.error.ProtocolException;

/**
 * The outer layer of a wrapped key, which a software vault's own secret opens: a {@link MasterSecretWrap}, or a {@link
 * DataKeyWrap} by data keys of a key management service. Its content is the inner layer, which only the holder's factors
 * open. Bound to version and key; the first byte says which kind it is. Safe for use by many threads.
 */
public interface OuterWrap {

    /**
     * @param inner a key as the inner layer has it, never a key in clear
     * @throws ProtocolException temporarily_unavailable when what wraps is away
     */
    byte[] wrap(UUID keyId, byte[] inner);

    /**
     * The inner layer, still wrapped by the holder's factors.
     *
     * @throws KeyNotOpenedException when changed, another key's, or under another secret
     * @throws ProtocolException temporarily_unavailable when what unwraps is away
     */
    byte[] unwrap(UUID keyId, byte[] wrapped);

    /** Whether it wraps and unwraps now. */
    boolean isUsable();
}
