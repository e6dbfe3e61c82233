package org.countersign.wallet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.Es256;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.time.MovableClock;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.countersign.wallet.proofs.ProofNonces;
import org.countersign.wallet.proofs.Proofs;
import org.countersign.wallet.wallets.WalletHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WalletTokensTest {

    private static final URI ISSUER = URI.create("https://wallet.example.com/wallet-acme");
    private static final String PATH = "/update-configuration";

    private static TestDatabase context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private String proof(TestWallets wallet, String token) {
        return proof(wallet, token, Map.of("iat", clock.instant().getEpochSecond()));
    }

    private static String proof(TestWallets wallet, String token, Map<String, Object> time) {
        var claims = new HashMap<>(time);
        claims.put("htm", "POST");
        claims.put("htu", ISSUER + PATH);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("ath", Base64Url.encode(DigestUtils.sha256(token.getBytes(StandardCharsets.US_ASCII))));
        return wallet.sign("dpop+jwt", claims);
    }

    @Test
    void a_proof_without_its_time_of_issue_will_do_where_it_is_allowed_and_nowhere_else() {
        var statements = context.database().statements();
        var wallet = new TestWallets();
        var id = UUID.randomUUID();
        var user = TestWallets.addUser(statements, "b@people.example.com");
        wallet.addWallet(statements, user, id, new byte[1]);
        var tokens = new WalletTokens(
                statements,
                new Proofs(statements, ISSUER, clock, Es256.jdk(), Optional.empty()),
                Entropy.system(),
                clock);
        var holder = new WalletHolder(Optional.of(id), TestWallets.member(user, "b@people.example.com"));
        var token = tokens.issue(holder, wallet.key(), false);
        var expiryAlone = List.of(proof(
                wallet, token, Map.of("exp", clock.instant().plusSeconds(10).getEpochSecond())));

        for (var scheme : List.of("Bearer ", "DPoP ")) {
            assertThat(catchThrowableOfType(
                                    ProtocolException.class,
                                    () -> tokens.authenticate(scheme + token, expiryAlone, PATH))
                            .code())
                    .isEqualTo(WalletError.INVALID_DPOP_PROOF);
        }
        assertThat(tokens.authenticateLeniently("Bearer " + token, expiryAlone, PATH)
                        .wallet())
                .contains(id);
    }

    @Test
    void a_token_is_good_for_three_hundred_seconds() {
        var statements = context.database().statements();
        var wallet = new TestWallets();
        var id = UUID.randomUUID();
        var user = TestWallets.addUser(statements, "a@people.example.com");
        wallet.addWallet(statements, user, id, new byte[1]);
        var proofs = new Proofs(statements, ISSUER, clock, Es256.jdk(), Optional.empty());
        var tokens = new WalletTokens(statements, proofs, Entropy.system(), clock);
        var token = tokens.issue(
                new WalletHolder(Optional.of(id), TestWallets.member(user, "a@people.example.com")),
                wallet.key(),
                true);

        clock.advance(Duration.ofMillis(299_999));
        var before = List.of(proof(wallet, token));
        assertThat(tokens.authenticate("DPoP " + token, before, PATH).wallet()).contains(id);

        clock.advance(Duration.ofMillis(1));
        var after = List.of(proof(wallet, token));
        var refusal =
                catchThrowableOfType(ProtocolException.class, () -> tokens.authenticate("DPoP " + token, after, PATH));
        assertThat(refusal.code()).isEqualTo(WalletError.INVALID_TOKEN);
    }

    @Test
    void with_server_nonces_a_proof_needs_one() {
        var statements = context.database().statements();
        var wallet = new TestWallets();
        var id = UUID.randomUUID();
        var user = TestWallets.addUser(statements, "c@people.example.com");
        wallet.addWallet(statements, user, id, new byte[1]);
        var nonces = new ProofNonces(new MasterSecret(new byte[32]), clock);
        var tokens = new WalletTokens(
                statements,
                new Proofs(statements, ISSUER, clock, Es256.jdk(), Optional.of(nonces)),
                Entropy.system(),
                clock);
        var token = tokens.issue(
                new WalletHolder(Optional.of(id), TestWallets.member(user, "c@people.example.com")),
                wallet.key(),
                false);
        long now = clock.instant().getEpochSecond();
        for (var claims : List.<Map<String, Object>>of(
                Map.of("iat", now), Map.of("iat", now, "nonce", "A".repeat(32)), Map.of("iat", now, "nonce", 1))) {
            var proof = List.of(proof(wallet, token, claims));
            assertThat(catchThrowableOfType(
                                    ProtocolException.class, () -> tokens.authenticate("DPoP " + token, proof, PATH))
                            .code())
                    .isEqualTo(WalletError.USE_DPOP_NONCE);
        }
        var expiryAlone = List.of(proof(wallet, token, Map.of("exp", now + 10)));
        assertThat(catchThrowableOfType(
                                ProtocolException.class,
                                () -> tokens.authenticateLeniently("Bearer " + token, expiryAlone, PATH))
                        .code())
                .isEqualTo(WalletError.USE_DPOP_NONCE);
        var good = List.of(proof(wallet, token, Map.of("iat", now, "nonce", nonces.fresh())));
        assertThat(tokens.authenticate("DPoP " + token, good, PATH).wallet()).contains(id);
    }
}
