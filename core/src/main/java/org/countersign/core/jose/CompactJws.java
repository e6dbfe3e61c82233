package org.countersign.core.jose;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * A JWS in compact form (RFC 7515 §7.1) by ES256 that brings the key which verifies it: what proofs of possession are. One that
 * exists is well formed and its signature was verified by that key; whether the key is the right one is the caller's to ask.
 *
 * @param key the one it brought
 * @param claims the payload, a JSON object
 */
public record CompactJws(P256PublicKey key, Map<String, Object> claims) {

    private static final int LONGEST = 4_096;

    private static final String PART = "[A-Za-z0-9_-]+";
    /** A signature by ES256 has 64 bytes, so 86 characters. */
    private static final Pattern COMPACT = Pattern.compile(PART + "\\." + PART + "\\.[A-Za-z0-9_-]{86}");
    /** RFC 7515 §4.1: keys elsewhere, certificates, and extensions that would have to be understood. */
    private static final Set<String> REFUSED = Set.of("crit", "b64", "jku", "x5u", "x5c");

    public CompactJws {
        claims = Map.copyOf(claims);
    }

    /**
     * Of a JWS whose key is in its header.
     *
     * @param text may be null
     * @param type {@code typ} of the header, compared as it stands
     * @return nothing when anything is wrong with it
     */
    public static Optional<CompactJws> verify(String text, String type, Es256 es256) {
        return Signed.parse(text, LONGEST)
                .filter(signed -> type.equals(signed.header().get("typ")))
                .flatMap(signed -> key(signed.header().get("jwk"))
                        .filter(key -> signed.isBy(key, es256))
                        .flatMap(key -> of(key, json(signed.payload()))));
    }

    /**
     * Of a JWS whose key is the claim {@code jwk}. Its type is {@code JWT} or left out, so that none of the other types passes for
     * it; a key in the header too must be the same.
     *
     * @param text may be null
     * @param longest in characters
     * @return nothing when anything is wrong with it
     */
    public static Optional<CompactJws> verifyAssertion(String text, int longest, Es256 es256) {
        return Signed.parse(text, longest)
                .filter(signed -> "JWT".equals(signed.header().getOrDefault("typ", "JWT")))
                .flatMap(signed -> {
                    var claims = json(signed.payload());
                    return claims.flatMap(named -> key(named.get("jwk")))
                            .filter(key -> !signed.header().containsKey("jwk")
                                    || key(signed.header().get("jwk")).equals(Optional.of(key)))
                            .filter(key -> signed.isBy(key, es256))
                            .flatMap(key -> of(key, claims));
                });
    }

    /**
     * Of a JWS whose key is {@code cnf.jwk} of the claims (RFC 7800 §3.2).
     *
     * @param text may be null
     * @param type {@code typ} of the header, compared as it stands
     * @return nothing when anything is wrong with it
     */
    public static Optional<CompactJws> verifyConfirmed(String text, String type, Es256 es256) {
        return Signed.parse(text, LONGEST)
                .filter(signed -> type.equals(signed.header().get("typ")))
                .flatMap(signed -> {
                    var claims = json(signed.payload());
                    return claims.flatMap(named ->
                                    named.get("cnf") instanceof Map<?, ?> cnf ? key(cnf.get("jwk")) : Optional.empty())
                            .filter(key -> signed.isBy(key, es256))
                            .flatMap(key -> of(key, claims));
                });
    }

    /**
     * The payload of a JWS by a key that is known from elsewhere.
     *
     * @param text may be null
     * @return nothing when anything is wrong with it
     */
    public static Optional<byte[]> payload(String text, P256PublicKey key, Es256 es256) {
        return Signed.parse(text, LONGEST)
                .filter(signed -> signed.isBy(key, es256))
                .flatMap(signed -> Base64Url.decode(signed.payload()));
    }

    /**
     * The claims of a JWS by a key that is known from elsewhere.
     *
     * @param text may be null
     * @param type {@code typ} of the header, compared as it stands
     * @return nothing when anything is wrong with it
     */
    public static Optional<Map<String, Object>> verify(String text, String type, P256PublicKey key, Es256 es256) {
        return Signed.parse(text, LONGEST)
                .filter(signed -> type.equals(signed.header().get("typ")))
                .filter(signed -> signed.isBy(key, es256))
                .flatMap(signed -> of(key, json(signed.payload())))
                .map(CompactJws::claims);
    }

    private static Optional<CompactJws> of(P256PublicKey key, Optional<Map<String, Object>> claims) {
        return claims.filter(named -> !named.containsValue(null)).map(named -> new CompactJws(key, named));
    }

    private static Optional<P256PublicKey> key(Object member) {
        return member instanceof Map<?, ?> jwk ? P256PublicKey.of(jwk) : Optional.empty();
    }

    /**
     * One whose form is right and whose signature nobody looked at.
     *
     * @param payload as it stands
     */
    private record Signed(Map<String, Object> header, String payload, byte[] content, byte[] signature) {

        static Optional<Signed> parse(String text, int longest) {
            if (text == null
                    || text.length() > longest
                    || !COMPACT.matcher(text).matches()) {
                return Optional.empty();
            }
            int payload = text.indexOf('.') + 1;
            int signature = text.lastIndexOf('.') + 1;
            var header = json(text.substring(0, payload - 1))
                    .filter(members -> Es256.NAME.equals(members.get("alg")))
                    .filter(members -> Collections.disjoint(members.keySet(), REFUSED));
            var bytes = Base64Url.decode(text.substring(signature));
            if (header.isEmpty() || bytes.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Signed(
                    header.get(),
                    text.substring(payload, signature - 1),
                    text.substring(0, signature - 1).getBytes(StandardCharsets.US_ASCII),
                    bytes.get()));
        }

        boolean isBy(P256PublicKey key, Es256 es256) {
            return es256.verify(key, content, signature);
        }
    }

    /**
     * Makes one.
     *
     * @param key becomes the header's
     * @param type {@code typ} of the header
     * @param claims JSON values by name
     */
    public static String sign(P256PublicKey key, PrivateKey by, String type, Map<String, Object> claims) {
        var header = Map.of("typ", type, "alg", Es256.NAME, "jwk", key.jwk());
        var content = encoded(header) + '.' + encoded(claims);
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(by);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + '.' + Base64Url.encode(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("A key on P-256 does not sign", impossible);
        }
    }

    private static String encoded(Map<String, Object> json) {
        return Base64Url.encode(JsonUtil.toJson(json).getBytes(StandardCharsets.UTF_8));
    }

    /** @return nothing when the part is no JSON object in canonical base64url */
    private static Optional<Map<String, Object>> json(String part) {
        var bytes = Base64Url.decode(part);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonUtil.parseJson(new String(bytes.get(), StandardCharsets.UTF_8)));
        } catch (JoseException malformed) {
            return Optional.empty();
        }
    }

    /** A claim that is a string. */
    public Optional<String> text(String claim) {
        return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
