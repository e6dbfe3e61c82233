package org.countersign.server.keys;

import java.util.Arrays;

/**
 * A key management service that makes data keys and wraps them under a key that never leaves it. Everything it makes is
 * bound to one company's context. Safe for use by many threads.
 */
public interface KeyManagement {

    /** The most bytes that a wrapped data key may have. */
    int LONGEST_WRAPPED = 6_144;

    /** A new data key of 32 bytes. */
    DataKey generate();

    /**
     * A data key's 32 bytes, the caller's to wipe.
     *
     * @throws KeyNotOpenedException when changed, another company's, or wrapped under another key
     * @throws org.countersign.core.error.ProtocolException temporarily_unavailable when the service is away, or refuses
     */
    byte[] unwrap(byte[] wrapped);

    /** @param wrapped as the service gave it */
    record DataKey(byte[] key, byte[] wrapped) implements AutoCloseable {

        @Override
        public void close() {
            Arrays.fill(key, (byte) 0);
        }

        @Override
        public String toString() {
            return "a data key";
        }
    }
}
