package org.countersign.server.openid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.countersign.server.oauth.ApiGroup;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IdTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final OpenIdSettings SETTINGS = new OpenIdSettings(
            "https://op.example.com",
            "countersign",
            "secret",
            "openid",
            "sub",
            "groups",
            Map.of(ApiGroup.OPERATOR, Set.of("ops"), ApiGroup.AUDITOR, Set.of("ops", "audit")));

    private static PublicJsonWebKey rsa;
    private static PublicJsonWebKey ec;

    /** Those that the provider has, and those it is found to have when asked again. */
    private final List<JsonWebKey> known = new ArrayList<>(List.of(rsa, ec));

    private final List<JsonWebKey> later = new ArrayList<>();

    private final IdTokens tokens = new IdTokens(
            SETTINGS,
            new IdTokens.Keys() {
                @Override
                public List<JsonWebKey> known() {
                    return known;
                }

                @Override
                public List<JsonWebKey> refreshed() {
                    return later;
                }
            },
            Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeAll
    static void makeKeys() throws JoseException {
        rsa = RsaJwkGenerator.generateJwk(2048);
        rsa.setKeyId("rsa");
        ec = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        ec.setKeyId("ec");
    }

    private static NumericDate at(int seconds) {
        return NumericDate.fromSeconds(NOW.getEpochSecond() + seconds);
    }

    private static JwtClaims claims(Consumer<JwtClaims> change) {
        var claims = new JwtClaims();
        claims.setIssuer("https://op.example.com");
        claims.setAudience("countersign");
        claims.setSubject("anna");
        claims.setIssuedAt(at(-1));
        claims.setExpirationTime(at(300));
        claims.setStringClaim("nonce", "n");
        claims.setStringListClaim("groups", "ops", "others");
        change.accept(claims);
        return claims;
    }

    private static String signed(PublicJsonWebKey key, String algorithm, Consumer<JwtClaims> change)
            throws JoseException {
        var signature = new JsonWebSignature();
        signature.setPayload(claims(change).toJson());
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        return signature.getCompactSerialization();
    }

    private void refuses(String what, Consumer<JwtClaims> change) throws JoseException {
        assertThat(tokens.user(signed(ec, "ES256", change), "n")).as(what).isEmpty();
    }

    @Test
    void a_token_of_the_provider_tells_who_somebody_is_and_may_be() throws JoseException {
        var anna = new OpenIdUser("anna", Set.of(ApiGroup.OPERATOR, ApiGroup.AUDITOR));
        assertThat(tokens.user(signed(rsa, "RS256", claims -> {}), "n")).contains(anna);
        assertThat(tokens.user(signed(rsa, "PS256", claims -> {}), "n")).contains(anna);
        assertThat(tokens.user(signed(ec, "ES256", claims -> {}), "n")).contains(anna);
        assertThat(tokens.user(signed(ec, "ES256", claims -> claims.setStringClaim("groups", "audit")), "n"))
                .contains(new OpenIdUser("anna", Set.of(ApiGroup.AUDITOR)));
        assertThat(tokens.user(signed(ec, "ES256", claims -> claims.unsetClaim("groups")), "n"))
                .contains(new OpenIdUser("anna", Set.of()));
        assertThat(tokens.user(
                        signed(ec, "ES256", claims -> {
                            claims.setAudience("countersign", "another");
                            claims.setStringClaim("azp", "countersign");
                        }),
                        "n"))
                .contains(anna);
    }

    @Test
    void what_is_not_for_this_sign_in_is_refused() throws JoseException {
        assertThat(tokens.user(signed(ec, "ES256", claims -> {}), "another")).isEmpty();
        refuses("no nonce", claims -> claims.unsetClaim("nonce"));
        refuses("another issuer", claims -> claims.setIssuer("https://op.example.com/"));
        refuses("another audience", claims -> claims.setAudience("another"));
        refuses("several audiences", claims -> claims.setAudience("countersign", "another"));
        refuses("another party", claims -> claims.setStringClaim("azp", "another"));
        refuses("expired", claims -> claims.setExpirationTime(at(-61)));
        refuses("without an end", claims -> claims.unsetClaim("exp"));
        refuses("of the future", claims -> claims.setIssuedAt(at(120)));
        refuses("old", claims -> claims.setIssuedAt(at(-3600)));
        refuses("without a beginning", claims -> claims.unsetClaim("iat"));
        refuses("of nobody", claims -> claims.unsetClaim("sub"));
        refuses("of somebody strange", claims -> claims.setSubject("<b>"));
    }

    @Test
    void other_algorithms_and_keys_are_refused() throws JoseException {
        refusesUnsigned();
        refusesMac();
        assertThat(tokens.user(signed(rsa, "RS512", claims -> {}), "n")).isEmpty();
        var stranger = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        stranger.setKeyId("ec");
        assertThat(tokens.user(signed(stranger, "ES256", claims -> {}), "n")).isEmpty();
        for (var text : List.of("", "a.b.c", "x".repeat(1000))) {
            assertThat(tokens.user(text, "n")).isEmpty();
        }
    }

    private void refusesUnsigned() throws JoseException {
        var unsigned = new JsonWebSignature();
        unsigned.setPayload(claims(claims -> {}).toJson());
        unsigned.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        unsigned.setAlgorithmHeaderValue("none");
        assertThat(tokens.user(unsigned.getCompactSerialization(), "n")).isEmpty();
    }

    /** With the public key as the secret, and with the client's secret. */
    private void refusesMac() throws JoseException {
        for (var secret : List.of(rsa.getKey().getEncoded(), new byte[32])) {
            var mac = new JsonWebSignature();
            mac.setPayload(claims(claims -> {}).toJson());
            mac.setAlgorithmHeaderValue("HS256");
            mac.setKeyIdHeaderValue("rsa");
            mac.setKey(new HmacKey(secret));
            assertThat(tokens.user(mac.getCompactSerialization(), "n")).isEmpty();
        }
    }

    @Test
    void a_new_key_is_looked_for() throws JoseException {
        known.remove(ec);
        assertThat(tokens.user(signed(ec, "ES256", claims -> {}), "n")).isEmpty();
        later.add(ec);
        assertThat(tokens.user(signed(ec, "ES256", claims -> {}), "n")).isPresent();
    }
}
