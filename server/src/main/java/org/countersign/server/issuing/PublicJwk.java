package org.countersign.server.issuing;

import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.HashUtil;
import org.jose4j.lang.JoseException;

/** A public key as a JWK (RFC 7517) whose {@code kid} is its thumbprint (RFC 7638). */
record PublicJwk(String kid, String json) {

    static PublicJwk of(JwsAlgorithm algorithm, PublicKey key) {
        try {
            var jwk = PublicJsonWebKey.Factory.newPublicJwk(key);
            var kid = jwk.calculateBase64urlEncodedThumbprint(HashUtil.SHA_256);
            jwk.setKeyId(kid);
            jwk.setUse("sig");
            jwk.setAlgorithm(algorithm.name());
            return new PublicJwk(kid, jwk.toJson(OutputControlLevel.PUBLIC_ONLY));
        } catch (JoseException impossible) {
            throw new IllegalStateException("A public key has no JWK", impossible);
        }
    }

    static PublicKey key(String json) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(json).getPublicKey();
        } catch (JoseException changed) {
            throw new IllegalStateException("A stored JWK is malformed", changed);
        }
    }

    static Map<String, Object> members(String json) {
        try {
            return new LinkedHashMap<>(JsonUtil.parseJson(json));
        } catch (JoseException changed) {
            throw new IllegalStateException("A stored JWK is malformed", changed);
        }
    }
}
