package org.countersign.agent.signature;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** How a hash is signed; {@code sha256} is PKCS#1 v1.5 with an RSA key and ECDSA with an EC key. */
public enum SignatureScheme {
    SHA256("SHA-256", 32, "3031300d060960864801650304020105000420"),
    SHA384("SHA-384", 48, "3041300d060960864801650304020205000430"),
    SHA512("SHA-512", 64, "3051300d060960864801650304020305000440"),
    SHA256_PSS("SHA-256", 32, ""),
    SHA384_PSS("SHA-384", 48, ""),
    SHA512_PSS("SHA-512", 64, "");

    private final String digest;
    private final int hashBytes;
    /** RFC 8017 §9.2, note 1: what stands before the hash. */
    private final byte[] digestInfo;

    SignatureScheme(String digest, int hashBytes, String digestInfo) {
        this.digest = digest;
        this.hashBytes = hashBytes;
        this.digestInfo = HexFormat.of().parseHex(digestInfo);
    }

    public static Optional<SignatureScheme> of(String wireName) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.wireName().equals(wireName))
                .findFirst();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int hashBytes() {
        return hashBytes;
    }

    /** Whether it is RSASSA-PSS, with the same hash in MGF1 and a salt as long as the hash. */
    public boolean isPss() {
        return digestInfo.length == 0;
    }

    /** Of data that is no hash yet. */
    public byte[] hash(byte[] data) {
        try {
            return MessageDigest.getInstance(digest).digest(data);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** DigestInfo of RFC 8017 §9.2: what PKCS#1 v1.5 pads. */
    public byte[] digestInfo(byte[] hashed) {
        var input = Arrays.copyOf(digestInfo, digestInfo.length + hashed.length);
        System.arraycopy(hashed, 0, input, digestInfo.length, hashed.length);
        return input;
    }
}
