package org.countersign.server.keys;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** The key pairs a credential may have. Wire fields: {@code keyAlgorithm} with {@code keyLength} (bits) or {@code curve}. */
public enum KeyAlgorithm {
    RSA_2048(Family.RSA, 2048, null, null),
    RSA_3072(Family.RSA, 3072, null, null),
    RSA_4096(Family.RSA, 4096, null, null),
    EC_P256(Family.EC, 256, "P-256", "secp256r1"),
    EC_P384(Family.EC, 384, "P-384", "secp384r1"),
    EC_P521(Family.EC, 521, "P-521", "secp521r1"),
    ED25519(Family.ED25519, 256, null, "Ed25519");

    /** What kind of mathematics; decides which signature algorithms fit. */
    public enum Family {
        RSA("RSA"),
        EC("EC"),
        ED25519("Ed25519");

        private final String wireName;

        Family(String wireName) {
            this.wireName = wireName;
        }

        /** As {@code keyAlgorithm} spells it; the JCA name of the key's algorithm as well. */
        public String wireName() {
            return wireName;
        }
    }

    private final Family family;
    private final int bits;
    private final String curve;
    private final String standardName;

    KeyAlgorithm(Family family, int bits, String curve, String standardName) {
        this.family = family;
        this.bits = bits;
        this.curve = curve;
        this.standardName = standardName;
    }

    /**
     * Reads the wire fields. Names are not case-sensitive; a curve is also known by its SEC 2 name or OID.
     *
     * @param keyLength RSA only and required there; bits
     * @param curve EC only and required there
     * @throws ProtocolException invalid_request, when a field is missing, unknown or does not belong there
     */
    public static KeyAlgorithm of(String keyAlgorithm, Integer keyLength, String curve) {
        if (keyAlgorithm == null || keyAlgorithm.isEmpty()) {
            throw ProtocolException.invalidRequest("KeyAlgorithm is null or empty");
        }
        return switch (keyAlgorithm.toUpperCase(Locale.ROOT)) {
            case "RSA" -> rsa(keyLength, curve);
            case "EC", "ECDSA" -> ec(keyLength, curve);
            case "ED25519", "EDDSA" -> ed25519(keyLength, curve);
            default ->
                throw ProtocolException.invalidRequest("Unsupported keyAlgorithm: one of RSA, EC, Ed25519 is expected");
        };
    }

    private static KeyAlgorithm rsa(Integer keyLength, String curve) {
        if (curve != null) {
            throw ProtocolException.invalidRequest("curve does not belong to an RSA key");
        }
        if (keyLength == null) {
            throw ProtocolException.invalidRequest("keyLength is required for an RSA key");
        }
        return switch (keyLength) {
            case 2048 -> RSA_2048;
            case 3072 -> RSA_3072;
            case 4096 -> RSA_4096;
            default ->
                throw ProtocolException.invalidRequest("Unsupported keyLength: one of 2048, 3072, 4096 is expected");
        };
    }

    private static KeyAlgorithm ec(Integer keyLength, String curve) {
        if (keyLength != null) {
            throw ProtocolException.invalidRequest("keyLength does not belong to an EC key");
        }
        if (curve == null || curve.isEmpty()) {
            throw ProtocolException.invalidRequest("curve is required for an EC key");
        }
        return switch (curve.toUpperCase(Locale.ROOT)) {
            case "P-256", "SECP256R1", "PRIME256V1", "1.2.840.10045.3.1.7" -> EC_P256;
            case "P-384", "SECP384R1", "1.3.132.0.34" -> EC_P384;
            case "P-521", "SECP521R1", "1.3.132.0.35" -> EC_P521;
            default ->
                throw ProtocolException.invalidRequest("Unsupported curve: one of P-256, P-384, P-521 is expected");
        };
    }

    private static KeyAlgorithm ed25519(Integer keyLength, String curve) {
        if (keyLength != null) {
            throw ProtocolException.invalidRequest("keyLength does not belong to an Ed25519 key");
        }
        if (curve != null && !"ED25519".equals(curve.toUpperCase(Locale.ROOT))) {
            throw ProtocolException.invalidRequest("Unsupported curve: an Ed25519 key has no other");
        }
        return ED25519;
    }

    public Family family() {
        return family;
    }

    /** Length of the key in bits, as CSC's {@code key/len} states it. */
    public int bits() {
        return bits;
    }

    /** {@code P-256} and so on; EC only. */
    public Optional<String> curve() {
        return Optional.ofNullable(curve);
    }

    /** The curve as the JCA names it. */
    String standardName() {
        return standardName;
    }

    /** Every signature algorithm a key of this kind can make, the recommended one first. */
    public List<SignatureAlgorithm> signatureAlgorithms() {
        return Arrays.stream(SignatureAlgorithm.values())
                .filter(algorithm -> algorithm.family() == family)
                .toList();
    }
}
