package org.countersign.wallet.initialisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.time.MovableClock;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.countersign.wallet.wallets.SealedPins;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvitationsTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Duration VALIDITY = Duration.ofHours(1);
    private static final String PASSWORD = "the password";

    private static TestDatabase context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final SecretHash hashes = new SecretHash(Argon2Cost.DEFAULT, ENTROPY);
    private final Invitations invitations = new Invitations(
            context.database(),
            hashes,
            new SealedPins(new FactorSecrets(new MasterSecret(new byte[32]), Argon2Cost.DEFAULT, ENTROPY)),
            ENTROPY,
            clock);
    private final String login = UUID.randomUUID() + "@people.example.com";
    private UUID user;

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    @BeforeEach
    void add() {
        user = TestWallets.addUser(context.database().statements(), login);
        invite();
    }

    private void invite() {
        var hash = hashes.hash(PASSWORD);
        context.database()
                .statements()
                .update(
                        "update wallet_user set invitation_hash = ?, invitation_expires_at = ? where id = ?",
                        statement -> {
                            statement.setString(1, hash);
                            statement.setObject(
                                    2, OffsetDateTime.ofInstant(clock.instant().plus(VALIDITY), ZoneOffset.UTC));
                            statement.setObject(3, user);
                        });
    }

    private Optional<Invitations.Begun> accept(Function<OptionalLong, Attestations> attest) {
        var wallet = new TestWallets();
        return invitations
                .find(login, PASSWORD)
                .flatMap(invited -> invitations.accept(
                        invited,
                        wallet.assertion(login, TestWallets.PIN),
                        new Invitations.AttestationKey(new TestWallets().key(), "none", Optional.empty()),
                        attest));
    }

    private static Attestations attest(OptionalLong index) {
        return new Attestations("own", "client");
    }

    @Test
    void an_invitation_is_good_until_it_expires() {
        clock.advance(VALIDITY);
        assertThat(accept(InvitationsTest::attest)).isEmpty();
        clock.advance(Duration.ofMillis(-1));
        assertThat(accept(InvitationsTest::attest)).isPresent();
        assertThat(accept(InvitationsTest::attest)).isEmpty();
    }

    @Test
    void what_cannot_be_signed_leaves_invitation_and_wallet_as_they_were() {
        var first = accept(InvitationsTest::attest).orElseThrow();
        assertThat(first.revoked()).isEmpty();
        invite();
        assertThatThrownBy(() -> accept(index -> {
                    throw new IllegalStateException("no key");
                }))
                .hasMessage("no key");
        assertThat(accept(InvitationsTest::attest).orElseThrow().revoked()).isEqualTo(first.wallet());
    }
}
