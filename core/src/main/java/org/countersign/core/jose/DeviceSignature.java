package org.countersign.core.jose;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Map;
import org.countersign.core.specification.Rfc9449;

/**
 * How an agent signs its calls of the distribution service: a JWS in the header {@code Device-Signature}, in the form of
 * RFC 9449 but of a type and with a claim of its own, so that neither passes for the other.
 */
public final class DeviceSignature {

    public static final String HEADER = "Device-Signature";

    /** {@code typ} of a call's signature. */
    public static final String TYPE = "device-signature+jwt";

    /** {@code typ} of the proof that a device holds the key of its TLS certificate. */
    public static final String TLS_KEY_TYPE = "tls-key+jwt";

    /** The claim with the SHA-256 of the body, in base64url; of an empty body, too. */
    public static final String BODY = "body_sha256";

    private DeviceSignature() {}

    /**
     * The header's value, for one attempt of one call.
     *
     * @param key the device's public key
     * @param by its private key
     * @param address the service's {@code issuer} with the path
     * @param id random, 16 to 128 printable characters
     */
    public static String of(
            P256PublicKey key, PrivateKey by, String method, String address, byte[] body, Instant time, String id) {
        return CompactJws.sign(
                key,
                by,
                TYPE,
                Map.of(
                        Rfc9449.HTM,
                        method,
                        Rfc9449.HTU,
                        address,
                        "iat",
                        time.getEpochSecond(),
                        "jti",
                        id,
                        BODY,
                        Base64Url.encode(sha256(body))));
    }

    /**
     * The proof that a device holds the key of its TLS certificate.
     *
     * @param tls that key's public half
     * @param by its private half
     * @param device the device's identifier
     * @param deviceKey the key that signs the device's calls
     */
    public static String tlsKeyProof(P256PublicKey tls, PrivateKey by, String device, P256PublicKey deviceKey) {
        return CompactJws.sign(
                tls, by, TLS_KEY_TYPE, Map.of("sub", device, "jkt", Base64Url.encode(deviceKey.thumbprint())));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
