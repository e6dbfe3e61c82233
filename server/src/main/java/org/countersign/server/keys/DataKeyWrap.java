package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.countersign.server.keys.KeyNotOpenedException.Reason;

/**
 * AES-256-GCM under a data key of a key management service. Format: one byte of version, two bytes of length, the data key
 * as the service wrapped it, then the sealed inner layer. So each wrapped key says by itself what opens it, and nothing
 * has to be kept beside it.
 */
public final class DataKeyWrap implements OuterWrap {

    private static final byte VERSION = 2;
    private static final String LABEL = "countersign key outer v2";
    private static final int HEAD = 1 + Short.BYTES;

    private final DataKeys dataKeys;

    public DataKeyWrap(DataKeys dataKeys) {
        this.dataKeys = dataKeys;
    }

    @Override
    public byte[] wrap(UUID keyId, byte[] inner) {
        var dataKey = dataKeys.forWrapping();
        var sealed = dataKey.secrets().seal(inner, SealedSecrets.context(LABEL, keyId));
        var wrapped = dataKey.wrapped();
        return ByteBuffer.allocate(HEAD + wrapped.length + sealed.length)
                .put(VERSION)
                .putShort((short) wrapped.length)
                .put(wrapped)
                .put(sealed)
                .array();
    }

    @Override
    public byte[] unwrap(UUID keyId, byte[] wrapped) {
        if (wrapped.length < HEAD || wrapped[0] != VERSION) {
            throw new KeyNotOpenedException(Reason.NOT_THIS_VAULTS);
        }
        int length = ByteBuffer.wrap(wrapped).getShort(1) & 0xffff;
        if (length == 0 || length > KeyManagement.LONGEST_WRAPPED || length > wrapped.length - HEAD) {
            throw new KeyNotOpenedException(Reason.NOT_THIS_VAULTS);
        }
        return dataKeys.unwrapped(Arrays.copyOfRange(wrapped, HEAD, HEAD + length))
                .open(Arrays.copyOfRange(wrapped, HEAD + length, wrapped.length), SealedSecrets.context(LABEL, keyId))
                .orElseThrow(() -> new KeyNotOpenedException(Reason.NOT_THIS_VAULTS));
    }

    @Override
    public boolean isUsable() {
        return dataKeys.isUsable();
    }
}
