package org.countersign.server.issuing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.lang.JoseException;

/** Verifies a JWS by the key that its {@code kid} names, with that key's algorithm only. */
final class Verification {

    private Verification() {}

    static Optional<Map<String, Object>> claims(String typ, String jws, List<Map<String, Object>> jwks) {
        try {
            var signed = new JsonWebSignature();
            signed.setCompactSerialization(jws);
            var jwk = jwks.stream()
                    .filter(key -> key.get("kid").equals(signed.getKeyIdHeaderValue()))
                    .findFirst();
            if (jwk.isEmpty() || !typ.equals(signed.getHeader(HeaderParameterNames.TYPE))) {
                return Optional.empty();
            }
            signed.setAlgorithmConstraints(new AlgorithmConstraints(
                    ConstraintType.PERMIT, jwk.get().get("alg").toString()));
            signed.setKey(JsonWebKey.Factory.newJwk(jwk.get()).getKey());
            return signed.verifySignature() ? Optional.of(PublicJwk.members(signed.getPayload())) : Optional.empty();
        } catch (JoseException | ClassCastException notOurs) {
            // The second: a header of another type, which jose4j casts.
            return Optional.empty();
        }
    }
}
