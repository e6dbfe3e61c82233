package org.countersign.server.keys;

import java.util.Arrays;

/**
 * 32 bytes that open one credential's key: random and sealed under the PIN, or derived from the master secret where there
 * is no PIN. It outlives a change of PIN. The SAD carries it. Close it after use: the bytes become zeros.
 */
public final class ActivationKey implements AutoCloseable {

    public static final int LENGTH = 32;

    private final byte[] bytes;

    /**
     * @param bytes copied
     * @throws IllegalArgumentException when not 32 bytes
     */
    public ActivationKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("An activation key has 32 bytes");
        }
        this.bytes = bytes.clone();
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "an activation key";
    }
}
