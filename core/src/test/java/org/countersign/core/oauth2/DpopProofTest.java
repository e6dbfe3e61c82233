package org.countersign.core.oauth2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.Es256;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.HashUtil;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

class DpopProofTest {

    /** RFC 9449 §5, figure 4. */
    private static final String PUBLISHED =
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMi"
                    + "LCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtI"
                    + "joiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRM"
                    + "UvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private static final Instant ISSUED = Instant.ofEpochSecond(1_562_262_616);
    private static final URI TOKEN_ENDPOINT = URI.create("https://server.example.com/token");
    private static final DpopProof.Request AT_TOKEN_ENDPOINT =
            new DpopProof.Request("POST", TOKEN_ENDPOINT, Optional.empty(), false);
    private static final EllipticCurveJsonWebKey KEY = key();

    private static EllipticCurveJsonWebKey key() {
        try {
            return EcJwkGenerator.generateJwk(EllipticCurves.P256);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<DpopProof> verify(String text, DpopProof.Request request, Instant now) {
        return DpopProof.verify(text, request, Clock.fixed(now, ZoneOffset.UTC), Es256.jdk());
    }

    private static Map<String, Object> claims() {
        return new HashMap<>(Map.of(
                "jti",
                "0123456789abcdef",
                "htm",
                "POST",
                "htu",
                TOKEN_ENDPOINT.toString(),
                "iat",
                ISSUED.getEpochSecond()));
    }

    private static String signed(Map<String, Object> claims) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue("ES256");
        jws.setHeader("typ", "dpop+jwt");
        jws.getHeaders().setObjectHeaderValue("jwk", KEY.toParams(OutputControlLevel.PUBLIC_ONLY));
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setKey(KEY.getPrivateKey());
        return jws.getCompactSerialization();
    }

    private static boolean isAccepted(String claim, Object value) throws JoseException {
        var claims = claims();
        claims.put(claim, value);
        return verify(signed(claims), AT_TOKEN_ENDPOINT, ISSUED).isPresent();
    }

    @Test
    void the_published_proof_is_verified() {
        var proof = verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED).orElseThrow();
        assertThat(proof.id()).isEqualTo("-BwC3ESc6acc2lTc");
        // RFC 9449 §6.1, figure 8: jkt of this key
        assertThat(Base64Url.encode(proof.key().thumbprint())).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assertThat(verify(PUBLISHED.replace("2-Gx", "2-Gy"), AT_TOKEN_ENDPOINT, ISSUED))
                .isEmpty();
        assertThat(verify(null, AT_TOKEN_ENDPOINT, ISSUED)).isEmpty();
    }

    @Test
    void its_time_is_ten_seconds_and_five_to_both_sides() {
        assertThat(verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED.minusSeconds(5))).isPresent();
        assertThat(verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED.minusMillis(5_001)))
                .isEmpty();
        assertThat(verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED.plusSeconds(15))).isPresent();
        assertThat(verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED.plusMillis(15_001)))
                .isEmpty();
    }

    @Test
    void it_is_remembered_longer_than_any_node_would_accept_it() {
        var proof = verify(PUBLISHED, AT_TOKEN_ENDPOINT, ISSUED).orElseThrow();
        assertThat(proof.rememberUntil()).isEqualTo(ISSUED.plusSeconds(75));
    }

    @Test
    void times_are_whole_seconds_of_this_age() throws JoseException {
        for (var iat : List.<Object>of(
                1_562_262_616.0,
                1_562_262_616.5,
                "1562262616",
                -1L,
                Long.MAX_VALUE,
                new BigInteger("9".repeat(30)),
                1e300,
                true)) {
            assertThat(isAccepted("iat", iat)).as("%s", iat).isFalse();
        }
        assertThat(isAccepted("iat", ISSUED.getEpochSecond())).isTrue();
        assertThat(isAccepted("exp", ISSUED.getEpochSecond() + 10)).isTrue();
        assertThat(isAccepted("exp", ISSUED.getEpochSecond() - 5)).isFalse();
        assertThat(isAccepted("exp", "soon")).isFalse();
    }

    @Test
    void one_that_has_not_begun_is_none() throws JoseException {
        assertThat(isAccepted("nbf", ISSUED.getEpochSecond() - 3_600)).isTrue();
        assertThat(isAccepted("nbf", ISSUED.getEpochSecond() + 5)).isTrue();
        for (var nbf : List.<Object>of(ISSUED.getEpochSecond() + 6, 1_562_262_616.5, "now", -1L, true)) {
            assertThat(isAccepted("nbf", nbf)).as("%s", nbf).isFalse();
        }
        var claims = claims();
        claims.remove("iat");
        claims.put("exp", ISSUED.getEpochSecond() + 10);
        claims.put("nbf", ISSUED.getEpochSecond() + 6);
        var lenient = new DpopProof.Request("POST", TOKEN_ENDPOINT, Optional.empty(), true);
        assertThat(verify(signed(claims), lenient, ISSUED)).isEmpty();
        claims.put("nbf", ISSUED.getEpochSecond() + 5);
        assertThat(verify(signed(claims), lenient, ISSUED)).isPresent();
    }

    @Test
    void an_expiry_alone_will_do_only_where_it_is_said() throws JoseException {
        var claims = claims();
        claims.remove("iat");
        claims.put("exp", ISSUED.getEpochSecond() + 10);
        var lenient = new DpopProof.Request("POST", TOKEN_ENDPOINT, Optional.empty(), true);
        var proof = signed(claims);
        assertThat(verify(proof, AT_TOKEN_ENDPOINT, ISSUED)).isEmpty();
        assertThat(verify(proof, lenient, ISSUED)).isPresent();
        assertThat(verify(proof, lenient, ISSUED.minusSeconds(6))).isEmpty();
        assertThat(verify(proof, lenient, ISSUED.plusSeconds(14))).isPresent();
        assertThat(verify(proof, lenient, ISSUED.plusSeconds(15))).isEmpty();
        claims.remove("exp");
        assertThat(verify(signed(claims), lenient, ISSUED)).isEmpty();
    }

    @Test
    void addresses_are_compared_without_case_of_host_default_port_and_query() throws JoseException {
        for (var htu : List.of(
                "HTTPS://Server.Example.COM/token",
                "https://server.example.com:443/token",
                "https://server.example.com/token?a=b",
                "https://server.example.com/token#c")) {
            assertThat(isAccepted("htu", htu)).as(htu).isTrue();
        }
        for (var htu : List.of(
                "http://server.example.com/token",
                "https://server.example.com:444/token",
                "https://server.example.com/Token",
                "https://server.example.com/token/",
                "https://server.example.com/%74oken",
                "https://server.example.com//token",
                "https://a@server.example.com/token",
                "https://server.example.com",
                "/token",
                "https:token",
                "not an address",
                "")) {
            assertThat(isAccepted("htu", htu)).as(htu).isFalse();
        }
        assertThat(isAccepted("htm", "post")).isFalse();
    }

    @Test
    void a_missing_address_is_none_that_can_be_called() throws JoseException {
        var claims = claims();
        claims.remove("htu");
        assertThat(verify(signed(claims), AT_TOKEN_ENDPOINT, ISSUED)).isEmpty();
        for (var address : List.of("", "/token", "https:token", "https://a@server.example.com/token")) {
            assertThatIllegalArgumentException()
                    .as(address)
                    .isThrownBy(() -> new DpopProof.Request("POST", URI.create(address), Optional.empty(), false));
        }
    }

    @Test
    void a_token_needs_its_digest() throws JoseException {
        var token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        var request = new DpopProof.Request("POST", TOKEN_ENDPOINT, Optional.of(token), false);
        var claims = claims();
        assertThat(verify(signed(claims), request, ISSUED)).isEmpty();
        // RFC 9449 §7.1, figure 13
        claims.put("ath", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        assertThat(verify(signed(claims), request, ISSUED)).isPresent();
        claims.put("ath", Base64Url.encode(HashUtil.getMessageDigest("SHA-256").digest()));
        assertThat(verify(signed(claims), request, ISSUED)).isEmpty();
    }

    @Test
    void an_identifier_is_long_and_printable() throws JoseException {
        assertThat(isAccepted("jti", "short")).isFalse();
        assertThat(isAccepted("jti", "0123456789 abcdef")).isFalse();
        assertThat(isAccepted("jti", "a".repeat(129))).isFalse();
        assertThat(isAccepted("jti", 1_234_567_890_123_456L)).isFalse();
    }
}
