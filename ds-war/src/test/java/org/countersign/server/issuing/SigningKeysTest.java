package org.countersign.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.countersign.ds.TestContext;
import org.countersign.server.time.MovableClock;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.CompactSerializer;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    private static final byte[] MASTER = new byte[32];
    private static final Map<String, Object> CLAIMS = Map.of("sub", "shop", "number", 7);
    private static final Duration LIFE = Duration.ofMinutes(20);

    private static TestContext context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));

    @BeforeAll
    static void begin() throws IOException {
        context = new TestContext();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    @BeforeEach
    void empty() {
        context.database().statements().update("delete from signing_key", statement -> {});
        context.database().statements().update("delete from wrapped_key", statement -> {});
    }

    private SigningKeys node(JwsAlgorithm algorithm, Duration fresh) throws IOException {
        var settings = new SigningKeySettings(algorithm, LIFE, Duration.ofDays(90));
        var privateKeys = new PrivateKeys(context.vault(MASTER), context.secrets(MASTER), TestContext.ENTROPY);
        return SigningKeys.start(context.database(), privateKeys, settings, context.audit(), clock, fresh);
    }

    private SigningKeys node() throws IOException {
        return node(JwsAlgorithm.ES256, Duration.ofMinutes(1));
    }

    private static boolean verifies(String jws, List<Map<String, Object>> jwks) throws JoseException {
        var set = new JsonWebKeySet(JsonUtil.toJson(Map.of("keys", jwks)));
        var verified = new JsonWebSignature();
        verified.setCompactSerialization(jws);
        try {
            verified.setKey(new JwksVerificationKeyResolver(set.getJsonWebKeys()).resolveKey(verified, List.of()));
        } catch (org.jose4j.lang.UnresolvableKeyException unknown) {
            return false;
        }
        return verified.verifySignature();
    }

    private static String header(String jws, String name) throws JoseException {
        var parsed = new JsonWebSignature();
        parsed.setCompactSerialization(jws);
        return parsed.getHeader(name);
    }

    private static int wrappedKeys() {
        return context.database()
                .statements()
                .first("select count(*) from wrapped_key", statement -> {}, row -> row.getInt(1))
                .orElseThrow();
    }

    @Test
    void both_algorithms_make_what_another_library_verifies() throws Exception {
        for (var algorithm : JwsAlgorithm.values()) {
            empty();
            try (var keys = node(algorithm, Duration.ofMinutes(1))) {
                var jws = keys.sign("JWT", CLAIMS);
                assertThat(verifies(jws, keys.publicJwks())).isTrue();
                assertThat(header(jws, HeaderParameterNames.ALGORITHM)).isEqualTo(algorithm.name());
                assertThat(header(jws, HeaderParameterNames.TYPE)).isEqualTo("JWT");
                var parts = CompactSerializer.deserialize(jws);
                var changed = CompactSerializer.serialize(
                        parts[0], CompactSerializer.deserialize(keys.sign("JWT", Map.of("sub", "bank")))[1], parts[2]);
                assertThat(verifies(changed, keys.publicJwks())).isFalse();
            }
        }
    }

    @Test
    void a_certificate_in_the_header_is_the_current_keys_own() throws Exception {
        var owner = URI.create("https://service.example.com/acme");
        Function<String, Optional<List<String>>> none = kid -> Optional.empty();
        for (var algorithm : JwsAlgorithm.values()) {
            empty();
            try (var keys = node(algorithm, Duration.ofMinutes(1))) {
                var before = certificate(keys.signWithCertificate("JWT", owner, none, CLAIMS), keys);
                assertThat(before.getSubjectAlternativeNames()).containsExactly(List.of(6, owner.toString()));
                assertThat(certificate(keys.signWithCertificate("JWT", owner, none, CLAIMS), keys))
                        .isEqualTo(before);
                keys.rotate("operator");
                assertThat(certificate(keys.signWithCertificate("JWT", owner, none, CLAIMS), keys)
                                .getPublicKey())
                        .isNotEqualTo(before.getPublicKey());
            }
        }
    }

    @Test
    void a_chain_that_is_known_of_the_current_key_is_in_the_header_in_place_of_its_own_certificate() throws Exception {
        var owner = URI.create("https://service.example.com/acme");
        empty();
        try (var keys = node(JwsAlgorithm.ES256, Duration.ofMinutes(1))) {
            var current = currentKid(keys);
            var jws = keys.signWithCertificate(
                    "JWT",
                    owner,
                    kid -> Optional.of(kid).filter(current::equals).map(of -> List.of("QQ==", "Qg==")),
                    CLAIMS);
            assertThat(new String(Base64.getUrlDecoder().decode(jws.split("\\.")[0]), StandardCharsets.UTF_8))
                    .contains("\"x5c\":[\"QQ==\",\"Qg==\"]");
            assertThat(verifies(jws, keys.publicJwks())).isTrue();
        }
    }

    @Test
    void a_request_for_a_certificate_is_made_of_keys_that_sign_or_will() throws Exception {
        for (var algorithm : JwsAlgorithm.values()) {
            empty();
            try (var keys = node(algorithm, Duration.ofMinutes(1))) {
                var retired = currentKid(keys);
                keys.rotate("operator");
                for (var key : keys.all()) {
                    var request = keys.request(key.kid(), new X500Principal("CN=Wallet provider"));
                    assertThat(request.isPresent())
                            .as(key.state().toString())
                            .isEqualTo(!key.kid().equals(retired))
                            .isEqualTo(keys.publicKey(key.kid()).isPresent());
                    if (request.isPresent()) {
                        var parsed = new JcaPKCS10CertificationRequest((PKCS10CertificationRequest)
                                new PEMParser(new StringReader(request.get())).readObject());
                        assertThat(parsed.getPublicKey())
                                .isEqualTo(keys.publicKey(key.kid()).get());
                        assertThat(parsed.isSignatureValid(
                                        new JcaContentVerifierProviderBuilder().build(parsed.getPublicKey())))
                                .isTrue();
                    }
                }
                assertThat(keys.request("unknown", new X500Principal("CN=Nobody")))
                        .isEmpty();
            }
        }
    }

    private static String currentKid(SigningKeys keys) {
        return keys.all().stream()
                .filter(key -> key.state() == KeyState.CURRENT)
                .findFirst()
                .orElseThrow()
                .kid();
    }

    /** That of a JWS which it verifies, as the published keys do. */
    private static X509Certificate certificate(String jws, SigningKeys keys) throws Exception {
        assertThat(verifies(jws, keys.publicJwks())).isTrue();
        var parsed = new JsonWebSignature();
        parsed.setCompactSerialization(jws);
        var certificate = parsed.getLeafCertificateHeaderValue();
        parsed.setKey(certificate.getPublicKey());
        assertThat(parsed.verifySignature()).isTrue();
        certificate.verify(certificate.getPublicKey());
        return certificate;
    }

    @Test
    void published_keys_are_public_and_named_by_their_thumbprint() throws Exception {
        try (var keys = node()) {
            assertThat(keys.publicJwks()).hasSize(2).allSatisfy(jwk -> {
                assertThat(jwk).containsOnlyKeys("kty", "kid", "use", "alg", "crv", "x", "y");
                var parsed = org.jose4j.jwk.JsonWebKey.Factory.newJwk(jwk);
                assertThat(jwk.get("kid")).isEqualTo(parsed.calculateBase64urlEncodedThumbprint("SHA-256"));
            });
        }
    }

    @Test
    void nodes_that_start_at_once_have_the_same_keys() throws Exception {
        var barrier = new CyclicBarrier(4);
        Callable<SigningKeys> start = () -> {
            barrier.await();
            return node();
        };
        var executor = Executors.newFixedThreadPool(4);
        var nodes = new ArrayList<SigningKeys>();
        try {
            for (var node : executor.invokeAll(List.of(start, start, start, start))) {
                nodes.add(node.get());
            }
        } finally {
            executor.shutdown();
        }
        for (var node : nodes) {
            assertThat(node.publicJwks()).isEqualTo(nodes.get(0).publicJwks()).hasSize(2);
            assertThat(verifies(node.sign("JWT", CLAIMS), nodes.get(0).publicJwks()))
                    .isTrue();
            node.close();
        }
        assertThat(wrappedKeys()).as("those of nodes that lost are gone").isEqualTo(2);
    }

    @Test
    void a_token_outlives_two_rotations_and_its_key_not_much_more() throws Exception {
        try (var keys = node()) {
            var before = keys.publicJwks();
            var token = keys.sign("JWT", CLAIMS);
            keys.rotate("operator");
            assertThat(verifies(keys.sign("JWT", CLAIMS), before))
                    .as("the new key was published before")
                    .isTrue();
            keys.rotate("operator");
            assertThat(keys.publicJwks()).hasSize(4);
            assertThat(verifies(token, keys.publicJwks())).isTrue();

            clock.advance(LIFE.plusMinutes(9));
            keys.rotate("operator");
            assertThat(verifies(token, keys.publicJwks())).isTrue();
            clock.advance(Duration.ofMinutes(2));
            keys.rotate("operator");
            assertThat(verifies(token, keys.publicJwks())).isFalse();
        }
    }

    @Test
    void another_node_notices_a_rotation() throws Exception {
        try (var one = node();
                var other = node(JwsAlgorithm.ES256, Duration.ZERO)) {
            one.rotate("operator");
            assertThat(header(other.sign("JWT", CLAIMS), "kid")).isEqualTo(header(one.sign("JWT", CLAIMS), "kid"));
            assertThat(other.publicJwks()).isEqualTo(one.publicJwks());
        }
    }

    @Test
    void of_rotations_at_once_each_replaces_the_current_key_once() throws Exception {
        try (var one = node();
                var other = node()) {
            clock.advance(Duration.ofDays(90));
            var barrier = new CyclicBarrier(2);
            var executor = Executors.newFixedThreadPool(2);
            try {
                List<Callable<Void>> rotations = List.of(rotation(barrier, one), rotation(barrier, other));
                for (var rotation : executor.invokeAll(rotations)) {
                    rotation.get();
                }
            } finally {
                executor.shutdown();
            }
            assertThat(one.all())
                    .extracting(StoredKey::state)
                    .containsExactlyInAnyOrder(KeyState.NEXT, KeyState.CURRENT, KeyState.RETIRED);
            assertThat(wrappedKeys()).isEqualTo(3);
        }
    }

    private static Callable<Void> rotation(CyclicBarrier barrier, SigningKeys keys) {
        return () -> {
            barrier.await();
            keys.rotateWhenDue();
            return null;
        };
    }

    @Test
    void the_schedule_rotates_at_its_age_and_not_before() throws Exception {
        try (var keys = node()) {
            clock.advance(Duration.ofDays(90).minusSeconds(1));
            keys.rotateWhenDue();
            assertThat(keys.all()).hasSize(2);
            clock.advance(Duration.ofSeconds(1));
            keys.rotateWhenDue();
            assertThat(keys.all()).hasSize(3);
        }
    }

    @Test
    void a_retired_private_key_is_destroyed_once_every_node_has_noticed() throws Exception {
        try (var keys = node()) {
            keys.rotate("operator");
            keys.destroyRetired();
            assertThat(wrappedKeys()).isEqualTo(3);
            clock.advance(Duration.ofMinutes(11));
            keys.destroyRetired();
            assertThat(wrappedKeys()).isEqualTo(2);
            keys.destroyRetired();
        }
    }

    @Test
    void a_shorter_life_in_the_configuration_does_not_shorten_that_of_live_tokens() throws Exception {
        try (var keys = node()) {
            var token = keys.sign("JWT", CLAIMS);
            var shorter = new SigningKeySettings(JwsAlgorithm.ES256, Duration.ofMinutes(1), Duration.ofDays(90));
            var privateKeys = new PrivateKeys(context.vault(MASTER), context.secrets(MASTER), TestContext.ENTROPY);
            try (var restarted = SigningKeys.start(
                    context.database(), privateKeys, shorter, context.audit(), clock, Duration.ZERO)) {
                restarted.rotate("operator");
                clock.advance(LIFE);
                assertThat(verifies(token, restarted.publicJwks())).isTrue();
            }
        }
    }

    @Test
    void another_master_secret_opens_nothing() throws Exception {
        node().close();
        var other = new byte[32];
        other[0] = 1;
        var privateKeys = new PrivateKeys(context.vault(other), context.secrets(other), TestContext.ENTROPY);
        var settings = new SigningKeySettings(JwsAlgorithm.ES256, LIFE, Duration.ofDays(90));
        assertThatThrownBy(() -> SigningKeys.start(context.database(), privateKeys, settings, context.audit(), clock))
                .isInstanceOf(org.countersign.server.keys.KeyNotOpenedException.class);
    }
}
