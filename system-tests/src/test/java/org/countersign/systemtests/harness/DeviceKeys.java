package org.countersign.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/** A device's key and the one for its TLS certificate, and what is signed by them, without any code of the product. */
public final class DeviceKeys {

    private static final JsonMapper JSON = new JsonMapper();

    private final Provider provider;
    private final KeyPair own;
    private final KeyPair tls;
    private final Map<String, String> jwk;
    private final String header;

    private DeviceKeys(Provider provider) {
        this.provider = provider;
        this.own = newKeys();
        this.tls = newKeys();
        this.jwk = jwk(own);
        this.header = header("device-signature+jwt", jwk);
    }

    /** By the JDK's provider. */
    public static DeviceKeys generate() {
        return generate(Security.getProvider("SunEC"));
    }

    /** @param provider that makes keys and signatures */
    public static DeviceKeys generate(Provider provider) {
        return new DeviceKeys(provider);
    }

    public PublicKey tlsKey() {
        return tls.getPublic();
    }

    /** The device's public key. */
    public Map<String, String> jwk() {
        return jwk;
    }

    public String tlsKeyProof(String subject) {
        return sign(
                tls.getPrivate(),
                header("tls-key+jwt", jwk(tls)),
                Map.of("sub", subject, "jkt", base64(sha256(canonical().getBytes(StandardCharsets.US_ASCII)))));
    }

    /** @param address after the service's own. @param iat in seconds since 1970 */
    public String proof(String method, String address, byte[] body, long iat, String jti) {
        return sign(own.getPrivate(), header, claims(method, address, body, iat, jti));
    }

    /** Says that it is of these keys, and is signed by others. */
    public String proofSignedBy(DeviceKeys others, String method, String address, byte[] body, long iat, String jti) {
        return sign(others.own.getPrivate(), header, claims(method, address, body, iat, jti));
    }

    private static Map<String, Object> claims(String method, String address, byte[] body, long iat, String jti) {
        return Map.of(
                "htm",
                method,
                "htu",
                Company.DS_ISSUER + address,
                "iat",
                iat,
                "jti",
                jti,
                "body_sha256",
                base64(sha256(body)));
    }

    private String sign(PrivateKey key, String encodedHeader, Map<String, ?> claims) {
        var content = encodedHeader + "." + base64(json(claims));
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String header(String type, Map<String, String> jwk) {
        return base64(json(Map.of("typ", type, "alg", "ES256", "jwk", jwk)));
    }

    private static Map<String, String> jwk(KeyPair keys) {
        var point = ((ECPublicKey) keys.getPublic()).getW();
        return Map.of(
                "kty", "EC", "crv", "P-256", "x", coordinate(point.getAffineX()), "y", coordinate(point.getAffineY()));
    }

    /** What RFC 7638 hashes. */
    private String canonical() {
        return "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + jwk.get("x") + "\",\"y\":\"" + jwk.get("y") + "\"}";
    }

    private static String coordinate(BigInteger value) {
        var bytes = new byte[32];
        var digits = value.toByteArray();
        int used = Math.min(digits.length, bytes.length);
        System.arraycopy(digits, digits.length - used, bytes, bytes.length - used, used);
        return base64(bytes);
    }

    private KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
