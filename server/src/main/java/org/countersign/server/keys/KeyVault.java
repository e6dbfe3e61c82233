package org.countersign.server.keys;

import java.security.PublicKey;
import java.util.UUID;

/**
 * Where the private keys of credentials are. A key is never outside in clear; its {@link ActivationKey}, which only the
 * holder's factors give, opens it for one use. Safe for use by many threads.
 */
public interface KeyVault {

    /**
     * Makes a key pair and keeps the private key.
     *
     * @param keyId a new one, under which nothing was made before: some tokens search all their objects to tell
     * @return the public key
     */
    PublicKey generate(UUID keyId, KeyAlgorithm algorithm, ActivationKey activation);

    /**
     * Opens a key; the caller closes it.
     *
     * @throws KeyNotOpenedException when the activation key is not this key's, or the key is gone or was tampered with
     */
    SigningKey open(UUID keyId, ActivationKey activation);

    /** Destroys the key; no error when there is none. */
    void destroy(UUID keyId);

    /** Whether keys can be opened now, as far as can be told without one. */
    boolean isUsable();
}
