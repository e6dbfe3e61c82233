package org.countersign.core.jose;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;
import org.bouncycastle.util.encoders.Hex;
import org.jose4j.keys.EllipticCurves;

/**
 * A public key on the curve P-256 as a JWK has it (RFC 7518 §6.2.1). There is none that is not on the curve, and none that
 * is written in two ways.
 *
 * @param x 32 bytes, big-endian, in base64url
 * @param y likewise
 */
public record P256PublicKey(String x, String y) {

    /** Beside the key itself, what tools add to a public one. */
    private static final Set<String> MEMBERS = Set.of("kty", "crv", "x", "y", "kid", "use", "alg", "key_ops", "ext");

    /** All of a SubjectPublicKeyInfo in front of the coordinates. */
    private static final byte[] INFO = Hex.decode("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private static final int COORDINATE_BYTES = 32;
    private static final BigInteger PRIME =
            ((ECFieldFp) EllipticCurves.P256.getCurve().getField()).getP();

    /** @throws IllegalArgumentException when it is no point of the curve */
    public P256PublicKey {
        if (!isOnCurve(coordinate(x), coordinate(y))) {
            throw new IllegalArgumentException("Not a point of P-256");
        }
    }

    /**
     * @return nothing for another kind of key, a private one, one that says it is for something else than signatures with ES256
     *     (RFC 7517 §4), one with members of its own, or one off the curve
     */
    public static Optional<P256PublicKey> of(Map<?, ?> jwk) {
        if (!MEMBERS.containsAll(jwk.keySet())
                || !"EC".equals(jwk.get("kty"))
                || !"P-256".equals(jwk.get("crv"))
                || !isForSignatures(jwk)
                || !(jwk.get("x") instanceof String x)
                || !(jwk.get("y") instanceof String y)) {
            return Optional.empty();
        }
        return of(x, y);
    }

    private static boolean isForSignatures(Map<?, ?> jwk) {
        return (!jwk.containsKey("use") || "sig".equals(jwk.get("use")))
                && (!jwk.containsKey("alg") || "ES256".equals(jwk.get("alg")))
                && (!jwk.containsKey("key_ops")
                        || jwk.get("key_ops") instanceof List<?> operations && operations.contains("verify"));
    }

    /** @return nothing when it is no point of the curve */
    public static Optional<P256PublicKey> of(String x, String y) {
        try {
            return Optional.of(new P256PublicKey(x, y));
        } catch (IllegalArgumentException notAPoint) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException when it is a key on another curve */
    public static P256PublicKey of(ECPublicKey key) {
        var point = key.getW();
        return new P256PublicKey(text(point.getAffineX()), text(point.getAffineY()));
    }

    private static String text(BigInteger coordinate) {
        return Base64Url.encode(BigIntegers.asUnsignedByteArray(COORDINATE_BYTES, coordinate));
    }

    /** The members of a JWK with nothing else. */
    public Map<String, Object> jwk() {
        return Map.of("kty", "EC", "crv", "P-256", "x", x, "y", y);
    }

    /** RFC 7638, by SHA-256: 32 bytes. */
    public byte[] thumbprint() {
        var canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
        try {
            return MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A SubjectPublicKeyInfo (RFC 5480 §2) in DER, with the point uncompressed: 91 bytes. */
    byte[] encoded() {
        return Arrays.concatenate(
                INFO, Base64Url.decode(x).orElseThrow(), Base64Url.decode(y).orElseThrow());
    }

    public ECPublicKey toJca() {
        try {
            var point = new ECPoint(coordinate(x), coordinate(y));
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, EllipticCurves.P256));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static BigInteger coordinate(String text) {
        return Base64Url.decode(text)
                .filter(bytes -> bytes.length == COORDINATE_BYTES)
                .map(bytes -> new BigInteger(1, bytes))
                .filter(value -> value.compareTo(PRIME) < 0)
                .orElseThrow(() -> new IllegalArgumentException("Not a coordinate of P-256"));
    }

    /** y² = x³ + ax + b. The curve's order is prime, so every point of it is a good one. */
    private static boolean isOnCurve(BigInteger x, BigInteger y) {
        var curve = EllipticCurves.P256.getCurve();
        var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
        return y.multiply(y).subtract(right).mod(PRIME).signum() == 0;
    }
}
