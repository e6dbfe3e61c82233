package org.countersign.server.keys;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/** The hashes a caller may have made (FIPS 180-4). SHA-1 is no longer among them. */
public enum HashAlgorithm {
    SHA256("SHA-256", 32, "2.16.840.1.101.3.4.2.1"),
    SHA384("SHA-384", 48, "2.16.840.1.101.3.4.2.2"),
    SHA512("SHA-512", 64, "2.16.840.1.101.3.4.2.3");

    private final String standardName;
    private final int length;
    private final String oid;

    HashAlgorithm(String standardName, int length, String oid) {
        this.standardName = standardName;
        this.length = length;
        this.oid = oid;
    }

    /** By {@code SHA-256}, {@code SHA256} or the OID, in any case; empty when it is none of ours. */
    public static Optional<HashAlgorithm> find(String name) {
        var wanted = name.toUpperCase(Locale.ROOT);
        for (var hash : values()) {
            if (wanted.equals(hash.name()) || wanted.equals(hash.standardName) || wanted.equals(hash.oid)) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** {@code SHA-256}, as the JCA names it. */
    public String standardName() {
        return standardName;
    }

    public byte[] digest(byte[] message) {
        try {
            return MessageDigest.getInstance(standardName).digest(message);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has " + standardName, impossible);
        }
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    public String oid() {
        return oid;
    }
}
