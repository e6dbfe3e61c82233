package org.countersign.agent.trust;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.jose.P256PublicKey;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * Public keys of an issuer (RFC 7517 §5). Those that this agent can not use are left out: other types, too short, private
 * ones, without a name.
 */
record KeySet(Map<String, PublicKey> keys) {

    static final KeySet EMPTY = new KeySet(Map.of());

    private static final int SHORTEST_RSA = 2_048;
    private static final int LONGEST_RSA = 8_192;
    private static final int MOST_KEYS = 50;
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    KeySet {
        keys = Map.copyOf(keys);
    }

    /** Nothing when it is no key set. */
    static Optional<KeySet> parse(String json) {
        try {
            if (!(JsonUtil.parseJson(json).get("keys") instanceof List<?> list) || list.size() > MOST_KEYS) {
                return Optional.empty();
            }
            var keys = new HashMap<String, PublicKey>();
            for (var item : list) {
                if (item instanceof Map<?, ?> jwk && jwk.get("kid") instanceof String kid) {
                    key(jwk).ifPresent(key -> keys.put(kid, key));
                }
            }
            return Optional.of(new KeySet(keys));
        } catch (JoseException malformed) {
            return Optional.empty();
        }
    }

    Optional<PublicKey> key(String kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    /** These and others. */
    KeySet with(KeySet others) {
        var all = new HashMap<>(others.keys);
        all.putAll(keys);
        return new KeySet(all);
    }

    private static Optional<PublicKey> key(Map<?, ?> jwk) {
        boolean forSignatures = jwk.get("use") == null || "sig".equals(jwk.get("use"));
        if (!forSignatures || jwk.keySet().stream().anyMatch(PRIVATE::contains)) {
            return Optional.empty();
        }
        return "RSA".equals(jwk.get("kty")) ? rsa(jwk) : P256PublicKey.of(jwk).map(P256PublicKey::toJca);
    }

    private static Optional<PublicKey> rsa(Map<?, ?> jwk) {
        if (!(jwk.get("n") instanceof String n) || !(jwk.get("e") instanceof String e)) {
            return Optional.empty();
        }
        try {
            RSAPublicKey key = new RsaJsonWebKey(Map.of("kty", "RSA", "n", n, "e", e)).getRsaPublicKey();
            int bits = key.getModulus().bitLength();
            return bits >= SHORTEST_RSA && bits <= LONGEST_RSA ? Optional.of(key) : Optional.empty();
        } catch (JoseException malformed) {
            return Optional.empty();
        }
    }
}
