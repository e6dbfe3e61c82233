package org.countersign.server.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 value of a chain, compared by value. */
public final class EntryHash {

    /** What the first entry of a chain has as its previous hash. */
    static final EntryHash NONE = new EntryHash(new byte[32]);

    private final byte[] value;

    private EntryHash(byte[] value) {
        this.value = value;
    }

    static EntryHash of(byte[] value) {
        return new EntryHash(value.clone());
    }

    static EntryHash ofHex(String hex) {
        return new EntryHash(HexFormat.of().parseHex(hex));
    }

    static EntryHash over(byte[] message) {
        try {
            return new EntryHash(MessageDigest.getInstance("SHA-256").digest(message));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java runtime has SHA-256", impossible);
        }
    }

    byte[] bytes() {
        return value.clone();
    }

    /** Lower case, 64 characters. */
    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryHash hash && MessageDigest.isEqual(value, hash.value);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
