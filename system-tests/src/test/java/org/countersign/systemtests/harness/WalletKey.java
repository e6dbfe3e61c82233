package org.countersign.systemtests.harness;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** What passes for a JWS where {@code alg} may be {@code none}, with these members of the header beside it. */
    public static String unsigned(Map<String, ?> header, Map<String, ?> claims) {
        var members = new LinkedHashMap<String, Object>(header);
        members.put("alg", "none");
        return encoded(JsonUtil.toJson(members)) + '.' + encoded(JsonUtil.toJson(claims)) + '.';
    }

    /** By HS256, with what everybody knows of this key as the secret: once its SPKI (RFC 5280 §4.1), once its two coordinates. */
    public List<String> byHmac(Map<String, ?> header, Map<String, ?> claims) {
        var decoder = Base64.getUrlDecoder();
        var coordinates = new ByteArrayOutputStream();
        coordinates.writeBytes(decoder.decode((String) jwk().get("x")));
        coordinates.writeBytes(decoder.decode((String) jwk().get("y")));
        return List.of(
                byHmac(publicKey().getEncoded(), header, claims), byHmac(coordinates.toByteArray(), header, claims));
    }

    private static String byHmac(byte[] secret, Map<String, ?> header, Map<String, ?> claims) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("HS256");
            header.forEach(jws.getHeaders()::setObjectHeaderValue);
            jws.setPayload(JsonUtil.toJson(claims));
            jws.setKey(new HmacKey(secret));
            return jws.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
