package org.countersign.server.keys;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The secret of one vault, from the environment, a KMS or an HSM. Only keys derived from it by HKDF-SHA256 (RFC 5869)
 * under a label are used, so that what one purpose leaks says nothing about another.
 */
public final class MasterSecret {

    /** The least number of bytes. */
    public static final int MIN_LENGTH = 32;

    private static final int KEY_LENGTH = 32;

    private final byte[] secret;

    /**
     * @param secret copied
     * @throws IllegalArgumentException when shorter than 32 bytes
     */
    public MasterSecret(byte[] secret) {
        if (secret.length < MIN_LENGTH) {
            throw new IllegalArgumentException("A master secret has at least 32 bytes");
        }
        this.secret = secret.clone();
    }

    /** 32 bytes for one purpose. */
    byte[] derive(String label) {
        return derive(label, new byte[0]);
    }

    /** 32 bytes for one purpose and salt. */
    byte[] derive(String label, byte[] salt) {
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret, salt, label.getBytes(StandardCharsets.UTF_8)));
        var key = new byte[KEY_LENGTH];
        hkdf.generateBytes(key, 0, key.length);
        return key;
    }

    @Override
    public String toString() {
        return "a master secret";
    }
}
