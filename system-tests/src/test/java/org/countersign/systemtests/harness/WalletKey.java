package org.countersign.systemtests.harness;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.HashUtil;
import org.jose4j.lang.JoseException;

/** A wallet's key on P-256, and what is signed by it, by a published library. */
public final class WalletKey {

    private final EllipticCurveJsonWebKey key;

    private WalletKey(EllipticCurveJsonWebKey key) {
        this.key = key;
    }

    public static WalletKey generate() {
        try {
            return new WalletKey(EcJwkGenerator.generateJwk(EllipticCurves.P256));
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public PublicKey publicKey() {
        return key.getPublicKey();
    }

    public Map<String, Object> jwk() {
        return key.toParams(OutputControlLevel.PUBLIC_ONLY);
    }

    /** With the private part, which nobody is to send. */
    public Map<String, Object> privateJwk() {
        return key.toParams(OutputControlLevel.INCLUDE_PRIVATE);
    }

    /** RFC 7638, in base64url. */
    public String thumbprint() {
        return key.calculateBase64urlEncodedThumbprint(HashUtil.SHA_256);
    }

    /** A compact JWS with these members of the header beside {@code alg}. */
    public String sign(Map<String, ?> header, Map<String, ?> claims) {
        return sign(header, JsonUtil.toJson(claims));
    }

    public String sign(Map<String, ?> header, String payload) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("ES256");
            header.forEach(jws.getHeaders()::setObjectHeaderValue);
            jws.setPayload(payload);
            jws.setKey(key.getPrivateKey());
            return jws.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What passes for a JWS where {@code alg} may be {@code none}. */
    public static String unsigned(Map<String, ?> claims) {
        return encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + '.' + encoded(JsonUtil.toJson(claims)) + '.';
    }

    /** By HS256, with a key of zeros, which a public key may be taken for. */
    public static String byHmac(Map<String, ?> header, Map<String, ?> claims) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("HS256");
            header.forEach(jws.getHeaders()::setObjectHeaderValue);
            jws.setPayload(JsonUtil.toJson(claims));
            jws.setKey(new HmacKey(new byte[32]));
            return jws.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
