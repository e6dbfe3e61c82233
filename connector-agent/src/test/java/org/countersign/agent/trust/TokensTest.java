package org.countersign.agent.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.core.configuration.Problems;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an issuer that publishes its keys over HTTP. */
class TokensTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String PAGE = "https://app.example.com";

    @TempDir
    Path folder;

    HttpServer server;
    final AtomicInteger asked = new AtomicInteger();
    volatile String published = "{\"keys\":[]}";
    Instant now = NOW;
    PublicJsonWebKey key;

    @BeforeEach
    void issue() throws IOException, JoseException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ds/.well-known/jwks.json", exchange -> {
            asked.incrementAndGet();
            var bytes = published.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        key = ec("first");
        publish(key);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static PublicJsonWebKey ec(String kid) throws JoseException {
        var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(kid);
        return key;
    }

    private void publish(JsonWebKey... keys) {
        published = new org.jose4j.jwk.JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/ds";
    }

    private Tokens tokens() {
        return tokens(new CorrectedClock(machine()));
    }

    private Clock machine() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }

    private Tokens tokens(CorrectedClock clock) {
        return tokens(clock, false);
    }

    private Tokens tokens(CorrectedClock clock, boolean linked) {
        var problems = new Problems();
        var outgoing = new Outgoing(List.of(), clock);
        var issuers = TrustedIssuers.of(List.of(issuer()), PrivateFolder.open(folder), outgoing, clock, problems);
        var tokens = Tokens.of(issuers, List.of("ES256", "RS256"), clock, linked, problems);
        assertThat(problems.errors()).isEmpty();
        return tokens;
    }

    private JwtClaims claims() {
        var claims = new JwtClaims();
        claims.setIssuer(issuer());
        claims.setAudience("connector");
        claims.setSubject("shop");
        claims.setClaim("iat", NOW.getEpochSecond());
        claims.setClaim("nbf", NOW.getEpochSecond());
        claims.setClaim("exp", NOW.plusSeconds(1_200).getEpochSecond());
        claims.setClaim("origins", List.of(PAGE));
        return claims;
    }

    private static String signed(JwtClaims claims, PublicJsonWebKey key, String algorithm) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKey(key.getPrivateKey());
        return jws.getCompactSerialization();
    }

    private String good() throws JoseException {
        return signed(claims(), key, "ES256");
    }

    private static void refused(Tokens tokens, String token) {
        assertThatThrownBy(() -> tokens.require(Optional.ofNullable(token), Optional.of(PAGE)))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(AgentError.UNAUTHORIZED));
    }

    @Test
    void a_good_token_passes_and_keys_are_asked_for_once() throws JoseException {
        var tokens = tokens();
        for (int i = 0; i < 3; i++) {
            tokens.require(Optional.of(good()), Optional.of(PAGE));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_wrong_clock_is_put_right_by_who_told_the_time() throws JoseException {
        now = NOW.minus(Duration.ofDays(31));
        var clock = new CorrectedClock(machine());
        var tokens = tokens(clock);
        refused(tokens, good());
        clock.learn(NOW);
        assertThat(tokens.require(Optional.of(good()), Optional.of(PAGE))).contains("shop");
        // What the application was told of its own clock counts no more.
        var offset = claims();
        offset.setClaim("clock_offset", Duration.ofHours(-3).toSeconds());
        tokens.require(Optional.of(signed(offset, key, "ES256")), Optional.of(PAGE));
        // What a run before this one was told may be wrong by now: then the machine's own clock may be right.
        now = NOW;
        var restored = new CorrectedClock(machine());
        restored.restore(Duration.ofDays(31), Optional.empty());
        tokens(restored).require(Optional.of(good()), Optional.of(PAGE));
        restored.learn(NOW.plus(Duration.ofDays(31)));
        refused(tokens(restored), good());
    }

    @Test
    void rs256_passes() throws JoseException {
        var rsa = RsaJwkGenerator.generateJwk(2_048);
        rsa.setKeyId("rsa");
        publish(rsa);
        tokens().require(Optional.of(signed(claims(), rsa, "RS256")), Optional.of(PAGE));
    }

    @Test
    void it_is_for_the_origins_that_it_names() throws JoseException {
        var tokens = tokens();
        var token = good();
        for (var origin : List.of(Optional.of("https://other.example.com"), Optional.<String>empty())) {
            assertThatThrownBy(() -> tokens.require(Optional.of(token), origin))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(AgentError.ORIGIN_REFUSED));
        }
    }

    @Test
    void forgeries_are_refused_and_cost_no_question() throws JoseException {
        var tokens = tokens();
        tokens.require(Optional.of(good()), Optional.of(PAGE));
        var parts = good().split("\\.");
        refused(tokens, null);
        refused(tokens, "");
        refused(tokens, "x");
        refused(tokens, parts[0] + "." + parts[1] + ".");
        refused(tokens, parts[0] + "." + parts[1] + "." + parts[2] + "\n");
        refused(tokens, good() + "A".repeat(9_000));
        refused(tokens, header("{\"alg\":\"none\",\"kid\":\"first\"}") + "." + parts[1] + ".AAAA");
        var hmac = new JsonWebSignature();
        hmac.setPayload(claims().toJson());
        hmac.setKeyIdHeaderValue("first");
        hmac.setAlgorithmHeaderValue("HS256");
        hmac.setKey(new HmacKey(key.getPublicKey().getEncoded()));
        refused(tokens, hmac.getCompactSerialization());
        refused(tokens, signed(claims(), sameName(key), "ES256"));
        assertThat(asked).hasValue(1);
    }

    private static PublicJsonWebKey sameName(PublicJsonWebKey key) throws JoseException {
        return ec(key.getKeyId());
    }

    private static String header(String json) {
        return org.countersign.core.jose.Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_key_signs_for_its_own_issuer_only() throws JoseException, IOException {
        var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var otherKey = ec("others");
        var keys = new org.jose4j.jwk.JsonWebKeySet(otherKey)
                .toJson(OutputControlLevel.PUBLIC_ONLY)
                .getBytes(StandardCharsets.UTF_8);
        other.createContext("/ds/.well-known/jwks.json", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        other.start();
        try {
            var otherIssuer = "http://127.0.0.1:" + other.getAddress().getPort() + "/ds";
            var clock = new CorrectedClock(Clock.fixed(NOW, ZoneOffset.UTC));
            var problems = new Problems();
            var issuers = TrustedIssuers.of(
                    List.of(issuer(), otherIssuer),
                    PrivateFolder.open(folder),
                    new Outgoing(List.of(), clock),
                    clock,
                    problems);
            var tokens = Tokens.of(issuers, List.of("ES256", "RS256"), clock, false, problems);
            var claims = claims();
            claims.setIssuer(otherIssuer);
            tokens.require(Optional.of(signed(claims, otherKey, "ES256")), Optional.of(PAGE));
            tokens.require(Optional.of(good()), Optional.of(PAGE));
            refused(tokens, signed(claims(), otherKey, "ES256"));
            refused(tokens, signed(claims, key, "ES256"));
        } finally {
            other.stop(0);
        }
    }

    @Test
    void an_rsa_key_is_no_secret_of_an_hmac() throws JoseException {
        var rsa = RsaJwkGenerator.generateJwk(2_048);
        rsa.setKeyId("rsa");
        publish(rsa);
        var tokens = tokens();
        tokens.require(Optional.of(signed(claims(), rsa, "RS256")), Optional.of(PAGE));
        for (var secret : List.of(
                rsa.getPublicKey().getEncoded(),
                rsa.toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(StandardCharsets.UTF_8))) {
            var hmac = new JsonWebSignature();
            hmac.setPayload(claims().toJson());
            hmac.setKeyIdHeaderValue("rsa");
            hmac.setAlgorithmHeaderValue("HS256");
            hmac.setKey(new HmacKey(secret));
            refused(tokens, hmac.getCompactSerialization());
        }
        // An algorithm for another kind of key than the one that "kid" names.
        var ec = ec("rsa");
        refused(tokens, signed(claims(), ec, "ES256"));
    }

    @Test
    void claims_are_held_to() throws JoseException {
        var tokens = tokens();
        for (var change : List.<Map.Entry<String, Object>>of(
                Map.entry("aud", "signer"),
                Map.entry("iss", "https://other.example.com"),
                Map.entry("exp", NOW.minusSeconds(61).getEpochSecond()),
                Map.entry("exp", "never"),
                Map.entry("nbf", NOW.plusSeconds(61).getEpochSecond()),
                Map.entry("iat", NOW.plusSeconds(61).getEpochSecond()),
                Map.entry("clock_offset", Long.MIN_VALUE))) {
            var claims = claims();
            claims.setClaim(change.getKey(), change.getValue());
            refused(tokens, signed(claims, key, "ES256"));
        }
        var endless = claims();
        endless.unsetClaim("exp");
        refused(tokens, signed(endless, key, "ES256"));
    }

    @Test
    void a_wrong_clock_is_put_right_by_the_tokens_offset() throws JoseException {
        now = NOW.plus(Duration.ofHours(26));
        refused(tokens(), good());
        var claims = claims();
        claims.setClaim("clock_offset", Duration.ofHours(26).toSeconds());
        var token = signed(claims, key, "ES256");
        tokens().require(Optional.of(token), Optional.of(PAGE));
        refused(tokens(new CorrectedClock(machine()), true), token);
    }

    @Test
    void no_offset_makes_a_token_good_for_later() throws JoseException {
        now = NOW.plus(Duration.ofDays(2));
        var claims = claims();
        claims.setClaim("clock_offset", Duration.ofDays(2).toSeconds());
        refused(tokens(), signed(claims, key, "ES256"));
    }

    @Test
    void a_rotation_is_followed_by_one_question_in_a_while() throws JoseException {
        var tokens = tokens();
        tokens.require(Optional.of(good()), Optional.of(PAGE));
        var second = ec("second");
        refused(tokens, signed(claims(), second, "ES256"));
        now = now.plusSeconds(31);
        publish(key, second);
        tokens.require(Optional.of(signed(claims(), second, "ES256")), Optional.of(PAGE));
        for (int i = 0; i < 20; i++) {
            refused(tokens, signed(claims(), ec("third"), "ES256"));
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void keys_are_kept_for_when_the_issuer_is_away() throws JoseException {
        tokens().require(Optional.of(good()), Optional.of(PAGE));
        published = "<html>maintenance</html>";
        now = now.plusSeconds(31);
        var restarted = tokens();
        restarted.require(Optional.of(good()), Optional.of(PAGE));
        refused(restarted, signed(claims(), ec("second"), "ES256"));
        restarted.require(Optional.of(good()), Optional.of(PAGE));
        server.stop(0);
        tokens().require(Optional.of(good()), Optional.of(PAGE));
    }
}
