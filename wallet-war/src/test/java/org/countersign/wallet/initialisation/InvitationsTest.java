package org.countersign.wallet.initialisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
import org.countersign.wallet.keyattestations.AttestedKey;
import org.countersign.wallet.keyattestations.KeyLevel;
import org.countersign.wallet.keyattestations.KeyOrigin;
import org.countersign.wallet.wallets.SealedPins;
import org.countersign.wallet.wallets.Wallets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvitationsTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Duration VALIDITY = Duration.ofHours(1);
    private static final String PASSWORD = "the password";
    private static final KeyOrigin ORIGIN =
            new KeyOrigin("0".repeat(64), Set.of(BigInteger.TEN, BigInteger.ONE.shiftLeft(159)), true);
    private static final SealedPins PINS =
            new SealedPins(new FactorSecrets(new MasterSecret(new byte[32]), Argon2Cost.DEFAULT, ENTROPY));

    private static TestDatabase context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final SecretHash hashes = new SecretHash(Argon2Cost.DEFAULT, ENTROPY);
    private final Invitations invitations = new Invitations(context.database(), hashes, PINS, ENTROPY, clock);
    private final String login = UUID.randomUUID() + "@people.example.com";
    private final String guest = "guest@" + UUID.randomUUID() + ".example.com";
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
        return invitations.find(login, PASSWORD).flatMap(invited -> accept(invited, Optional.empty(), attest));
    }

    private Optional<Invitations.Begun> accept(
            Invitations.Invited invited, Optional<AttestedKey> verified, Function<OptionalLong, Attestations> attest) {
        return invitations.accept(
                invited,
                new TestWallets().assertion(login, TestWallets.PIN),
                new Invitations.AttestationKey(new TestWallets().key(), "none", verified),
                attest);
    }

    private void require(KeyLevel level) {
        context.database()
                .statements()
                .update(
                        "update organisation set required_key_level = ? where id ="
                                + " (select organisation_id from wallet_user where id = ?)",
                        statement -> {
                            statement.setString(1, level.text());
                            statement.setObject(2, user);
                        });
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
    void the_wallet_before_loses_its_password() {
        new TestWallets().addWallet(context.database().statements(), user, UUID.randomUUID(), new byte[] {1});
        context.database()
                .statements()
                .update(
                        "update wallet set password_hash = 'x' where user_id = ?",
                        statement -> statement.setObject(1, user));
        var revoked = accept(index -> new Attestations("", ""))
                .orElseThrow()
                .revoked()
                .orElseThrow();
        assertThat(context.database()
                        .statements()
                        .first(
                                "select password_hash from wallet where id = ? and revoked_at is not null",
                                statement -> statement.setObject(1, revoked),
                                row -> Optional.ofNullable(row.getString(1)))
                        .orElseThrow())
                .isEmpty();
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

    @ParameterizedTest
    @CsvSource({
        "NONE,,true",
        "TRUSTED_ENVIRONMENT,,false",
        "TRUSTED_ENVIRONMENT,tee,true",
        "SECURE_PROCESSOR,tee,false",
        "SECURE_PROCESSOR,strong_box,true"
    })
    void what_is_required_by_now_decides(KeyLevel required, String keyType, boolean accepted) {
        var invited = invitations.find(login, PASSWORD).orElseThrow();
        require(required);
        var verified =
                Optional.ofNullable(keyType).map(type -> new AttestedKey(type, Optional.empty(), Optional.of(ORIGIN)));
        assertThat(accept(invited, verified, InvitationsTest::attest).isPresent())
                .isEqualTo(accepted);
        require(KeyLevel.NONE);
        assertThat(accept(InvitationsTest::attest).isPresent())
                .as("the invitation stays")
                .isEqualTo(!accepted);
    }

    @Test
    void whose_word_it_was_is_kept() {
        var attested = new AttestedKey("strong_box", Optional.of("system_pin"), Optional.of(ORIGIN));
        var invited = invitations.find(login, PASSWORD).orElseThrow();
        var begun =
                accept(invited, Optional.of(attested), InvitationsTest::attest).orElseThrow();
        var wallets = new Wallets(context.database().statements(), PINS, context.audit(), ENTROPY);
        assertThat(wallets.attest(begun.wallet().orElseThrow(), "anew")
                        .orElseThrow()
                        .verified())
                .contains(attested);
    }

    @Test
    void nothing_is_required_of_guests_keys() {
        user = TestWallets.addUser(context.database().statements(), guest);
        invite();
        require(KeyLevel.SECURE_PROCESSOR);
        var invited = invitations.find(guest, PASSWORD).orElseThrow();
        assertThat(accept(invited, Optional.empty(), InvitationsTest::attest)).isPresent();
    }
}
