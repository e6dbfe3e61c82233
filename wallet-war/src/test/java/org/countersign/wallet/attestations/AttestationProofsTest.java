package org.countersign.wallet.attestations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.Es256;
import org.countersign.server.issuing.JwsAlgorithm;
import org.countersign.server.issuing.PrivateKeys;
import org.countersign.server.issuing.SigningKeySettings;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.time.MovableClock;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.countersign.wallet.statuslists.BitOrder;
import org.countersign.wallet.statuslists.StatusLists;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In the order of OAuth 2.0 Attestation-Based Client Authentication: the attestation, then the proof of it. */
class AttestationProofsTest {

    private static final URI ISSUER = URI.create("https://wallet.example.com/wallet-acme");
    private static final Duration LIFE = Duration.ofHours(23);
    private static final String POP = "oauth-client-attestation-pop+jwt";
    private static final long INDEX = 65_536L * 3 + 7;
    private static final Object ABSENT = new Object();

    private static TestDatabase context;
    private static SigningKeys keys;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final TestWallets wallet = new TestWallets();
    private final StatusLists lists = new StatusLists(context.database().statements(), keys, ISSUER, clock);
    private final ClientAttestations attestations = new ClientAttestations(keys, ISSUER, lists, LIFE, clock);
    private final AttestationProofs proofs = new AttestationProofs(attestations, ISSUER, clock, Es256.jdk());
    private final String attestation = attestations.sign(wallet.key(), OptionalLong.of(INDEX));
    private final String client = Base64Url.encode(wallet.key().thumbprint());

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
        var entropy = Entropy.system();
        var master = new MasterSecret(new byte[32]);
        var vault = new SoftwareKeyVault(
                new DatabaseWrappedKeys(context.database().dataSource()),
                master,
                SignatureProvider.fastest(Path.of(System.getProperty("java.io.tmpdir")), entropy),
                entropy);
        keys = SigningKeys.start(
                context.database(),
                new PrivateKeys(vault, new FactorSecrets(master, Argon2Cost.DEFAULT, entropy), entropy),
                new SigningKeySettings(JwsAlgorithm.ES256, LIFE, Duration.ofDays(90)),
                context.audit(),
                new MovableClock(Instant.parse("2026-06-01T12:00:00Z")));
    }

    @AfterAll
    static void end() throws IOException {
        keys.close();
        context.close();
    }

    private String proof(Map<String, Object> changes) {
        var claims = new HashMap<String, Object>(Map.of(
                "aud", ISSUER.toString(),
                "jti", "identifier-1",
                "iat", clock.instant().getEpochSecond(),
                "challenge", "A".repeat(43),
                "salted_pin_code", TestWallets.PIN));
        claims.putAll(changes);
        claims.values().removeIf(ABSENT::equals);
        return wallet.sign(POP, claims);
    }

    private Optional<AttestationProof> verify(String shown, String proof) {
        return proofs.verify(List.of(shown), List.of(proof), Optional.empty());
    }

    private void refused(String claim, Object value) {
        assertThat(verify(attestation, proof(Map.of(claim, value))))
                .as(claim + " " + value)
                .isEmpty();
    }

    @Test
    void a_right_one_tells_the_wallet_its_challenge_and_its_pin() {
        var verified = verify(attestation, proof(Map.of())).orElseThrow();
        assertThat(verified.client()).isEqualTo(new AttestedClient(client, wallet.key(), INDEX));
        assertThat(verified.challenge()).contains("A".repeat(43));
        assertThat(verified.saltedPin()).isEqualTo(TestWallets.PIN);
        assertThat(verified.toString()).doesNotContain(TestWallets.PIN);
        assertThat(verify(attestation, proof(Map.of("challenge", ABSENT)))
                        .orElseThrow()
                        .challenge())
                .isEmpty();
    }

    @Test
    void there_is_one_of_each() {
        var proof = proof(Map.of());
        var none = Optional.<String>empty();
        assertThat(proofs.verify(List.of(), List.of(proof), none)).isEmpty();
        assertThat(proofs.verify(List.of(attestation), List.of(), none)).isEmpty();
        assertThat(proofs.verify(List.of(attestation, attestation), List.of(proof), none))
                .isEmpty();
        assertThat(proofs.verify(List.of(attestation), List.of(proof, proof), none))
                .isEmpty();
    }

    @Test
    void client_id_is_the_attested_one_if_it_is_there() {
        var proof = List.of(proof(Map.of()));
        assertThat(proofs.verify(List.of(attestation), proof, Optional.of(client)))
                .isPresent();
        assertThat(proofs.verify(List.of(attestation), proof, Optional.of("another")))
                .isEmpty();
    }

    @Test
    void an_attestation_is_signed_here_as_such() {
        var proof = proof(Map.of());
        var claims = Map.<String, Object>of(
                "iss", ISSUER.toString(),
                "sub", client,
                "cnf", Map.of("jwk", wallet.key().jwk()),
                "status", Map.of("status_list", lists.reference(INDEX)),
                "exp", clock.instant().getEpochSecond() + 60);
        assertThat(verify(keys.sign("oauth-client-attestation+jwt", claims), proof))
                .isPresent();
        assertThat(verify(keys.sign("wallet-attestation+jwt", claims), proof)).isEmpty();
        assertThat(verify(wallet.sign("oauth-client-attestation+jwt", claims), proof))
                .isEmpty();
        for (var wrong : List.of(
                "",
                "a.b.c",
                header("{\"alg\":\"ES256\",\"kid\":5}"),
                header("{\"alg\":5,\"kid\":\"a\",\"typ\":[]}"),
                attestation.substring(1),
                attestation + "A".repeat(4_096))) {
            assertThat(verify(wrong, proof)).isEmpty();
        }
    }

    private static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8))
                + ".e30.AA";
    }

    @Test
    void an_attestation_ends() {
        clock.advance(LIFE.minusSeconds(1));
        assertThat(verify(attestation, proof(Map.of()))).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(verify(attestation, proof(Map.of()))).isEmpty();
    }

    @Test
    void a_guests_attestation_lets_nobody_in() {
        assertThat(verify(attestations.sign(wallet.key(), OptionalLong.empty()), proof(Map.of())))
                .isEmpty();
    }

    @Test
    void the_proof_is_of_its_type_and_by_the_attested_key() {
        var claims = Map.<String, Object>of(
                "aud",
                ISSUER.toString(),
                "jti",
                "identifier-1",
                "iat",
                clock.instant().getEpochSecond(),
                "salted_pin_code",
                TestWallets.PIN);
        assertThat(verify(attestation, wallet.sign(POP, claims))).isPresent();
        assertThat(verify(attestation, new TestWallets().sign(POP, claims))).isEmpty();
        for (var type : List.of("JWT", "dpop+jwt", "oauth-client-attestation+jwt")) {
            assertThat(verify(attestation, wallet.sign(type, claims))).as(type).isEmpty();
        }
    }

    @Test
    void the_proof_is_for_this_provider_alone() {
        assertThat(verify(attestation, proof(Map.of("aud", List.of(ISSUER.toString())))))
                .isPresent();
        for (var aud : Arrays.asList(
                ABSENT,
                "https://elsewhere.example.com",
                ISSUER + "/token",
                List.of(ISSUER.toString(), "https://elsewhere.example.com"))) {
            refused("aud", aud);
        }
    }

    @Test
    void the_proof_is_ten_seconds_old_at_most() {
        long now = clock.instant().getEpochSecond();
        for (var good : List.of(now - 14, now + 5)) {
            assertThat(verify(attestation, proof(Map.of("iat", good)))).isPresent();
        }
        for (var wrong : List.of(ABSENT, now - 15, now + 6, now + 0.5, String.valueOf(now), Long.MAX_VALUE)) {
            refused("iat", wrong);
        }
        assertThat(verify(attestation, proof(Map.of("exp", now - 4)))).isPresent();
        for (var wrong : List.of(now - 5, "soon", now + 0.5)) {
            refused("exp", wrong);
        }
        assertThat(verify(attestation, proof(Map.of("nbf", now + 5)))).isPresent();
        for (var wrong : List.of(now + 6, "now", now - 0.5)) {
            refused("nbf", wrong);
        }
    }

    @Test
    void the_proof_has_the_other_claims_in_their_form() {
        assertThat(verify(attestation, proof(Map.of("iss", client)))).isPresent();
        refused("iss", "somebody");
        for (var jti : List.of(ABSENT, "short", "with space in it", 12345678)) {
            refused("jti", jti);
        }
        for (var pin : List.of(ABSENT, "1234", 1234)) {
            refused("salted_pin_code", pin);
        }
    }

    @Test
    void a_reference_to_another_list_is_none() {
        var uri = ISSUER + "/statuslists/";
        assertThat(lists.index(lists.reference(INDEX), BitOrder.LEAST_FIRST)).hasValue(INDEX);
        assertThat(lists.index(lists.reference(INDEX), BitOrder.MOST_FIRST)).isEmpty();
        assertThat(lists.index(lists.reference(INDEX, BitOrder.MOST_FIRST), BitOrder.LEAST_FIRST))
                .isEmpty();
        for (var wrong : Arrays.asList(
                null,
                "a text",
                Map.of("idx", 1),
                Map.of("idx", "1", "uri", uri + "0"),
                Map.of("idx", 1, "uri", "https://elsewhere.example.com/statuslists/0"),
                Map.of("idx", 1, "uri", uri),
                Map.of("idx", 1, "uri", uri + "00"),
                Map.of("idx", 1, "uri", uri + "999999999"))) {
            assertThat(lists.index(wrong, BitOrder.LEAST_FIRST)).isEmpty();
        }
    }
}
