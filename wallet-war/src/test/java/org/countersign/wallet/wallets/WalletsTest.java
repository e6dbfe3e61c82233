package org.countersign.wallet.wallets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WalletsTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final String WRONG = "b".repeat(64);

    private static TestDatabase context;

    private final SealedPins pins =
            new SealedPins(new FactorSecrets(new MasterSecret(new byte[32]), Argon2Cost.DEFAULT, ENTROPY));
    private final Wallets wallets = new Wallets(context.database().statements(), pins, context.audit(), ENTROPY);
    private final TestWallets wallet = new TestWallets();
    private final UUID id = UUID.randomUUID();
    private final String login = id + "@people.example.com";

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
        var statements = context.database().statements();
        var user = TestWallets.addUser(statements, login);
        wallet.addWallet(statements, user, id, pins.seal(id, TestWallets.PIN));
    }

    private boolean isLetIn(String pin) {
        return wallets.authenticate(wallet.assertion(login, pin)).isPresent();
    }

    private int number(String sql) {
        return context.database()
                .statements()
                .first(sql, statement -> statement.setString(1, id.toString()), row -> row.getInt(1))
                .orElseThrow();
    }

    private int failures() {
        return number("select pin_failures from wallet where id = ?::uuid");
    }

    private int audited() {
        return number(
                "select count(*) from audit_entry where type = 'wallet.pin-refused' and strpos(details::text, ?) > 0");
    }

    /** Rewritten even without a change, as PostgreSQL does with every update. */
    private int version() {
        return number("select xmin::text::integer from wallet where id = ?::uuid");
    }

    @Test
    void a_right_pin_sets_the_count_back() {
        assertThat(isLetIn(WRONG)).isFalse();
        assertThat(failures()).isEqualTo(1);
        assertThat(isLetIn(TestWallets.PIN)).isTrue();
        assertThat(failures()).isZero();
        assertThat(audited()).isEqualTo(1);
    }

    @Test
    void a_locked_wallet_does_the_same_for_right_and_wrong_pins() {
        lock();
        assertThat(audited()).isEqualTo(Wallets.TRIALS);
        unchangedBy(WRONG);
        unchangedBy(TestWallets.PIN);
    }

    @Test
    void so_does_the_wallet_of_a_blocked_user() {
        context.database()
                .statements()
                .update(
                        "update wallet_user set blocked_at = now() where login = ?",
                        statement -> statement.setString(1, login));
        unchangedBy(WRONG);
        unchangedBy(TestWallets.PIN);
    }

    private void unchangedBy(String pin) {
        int audited = audited();
        int version = version();
        assertThat(isLetIn(pin)).isFalse();
        assertThat(audited()).isEqualTo(audited);
        assertThat(version()).isEqualTo(version);
    }

    private void lock() {
        for (int i = 0; i < Wallets.TRIALS; i++) {
            assertThat(isLetIn(WRONG)).isFalse();
        }
    }

    @Test
    void another_pin_holds_and_gives_no_more_tries() {
        assertThat(isLetIn(WRONG)).isFalse();
        assertThat(wallets.changePin(id, "c".repeat(64))).isTrue();
        assertThat(failures()).isEqualTo(1);
        assertThat(isLetIn(TestWallets.PIN)).isFalse();
        assertThat(isLetIn("c".repeat(64))).isTrue();
    }

    @Test
    void a_locked_wallet_renews_nothing() {
        assertThat(wallets.attest(id, "anew").orElseThrow().key().thumbprint())
                .isEqualTo(wallet.key().thumbprint());
        lock();
        int version = version();
        assertThat(wallets.changePin(id, TestWallets.PIN)).isFalse();
        assertThat(wallets.attest(id, "anew")).isEmpty();
        assertThat(version()).isEqualTo(version);
    }

    private int saying(String keyAttestation) {
        return number("select count(*) from wallet where id = ?::uuid and key_attestation = '" + keyAttestation + "'");
    }

    @Test
    void what_is_said_of_a_key_that_is_not_good_enough_is_not_kept() {
        assertThat(wallets.attest(id, "anew").orElseThrow().isGoodEnough()).isTrue();
        assertThat(saying("anew")).isEqualTo(1);
        context.database()
                .statements()
                .update(
                        "update organisation set required_key_level = 'trusted_environment' where id ="
                                + " (select organisation_id from wallet_user where login = ?)",
                        statement -> statement.setString(1, login));
        assertThat(wallets.attest(id, "once more").orElseThrow().isGoodEnough()).isFalse();
        assertThat(saying("anew")).isEqualTo(1);
    }

    @Test
    void a_guest_is_let_in_by_whatever_key_and_pin_unless_blocked() {
        var guest = "guest@" + id + ".example.com";
        assertThat(wallets.authenticate(wallet.assertion(guest, WRONG))).isEmpty();
        TestWallets.addUser(context.database().statements(), guest);
        for (var app : List.of(wallet, new TestWallets())) {
            var holder = wallets.authenticate(app.assertion(guest, WRONG)).orElseThrow();
            assertThat(holder.wallet()).isEmpty();
            assertThat(holder.member().login().text()).isEqualTo(guest);
        }
        context.database()
                .statements()
                .update(
                        "update wallet_user set blocked_at = now() where login = ?",
                        statement -> statement.setString(1, guest));
        assertThat(wallets.authenticate(wallet.assertion(guest, WRONG))).isEmpty();
    }

    @Test
    void another_key_counts_nothing() {
        int version = version();
        var stranger = new TestWallets();
        assertThat(wallets.authenticate(stranger.assertion(login, WRONG))).isEmpty();
        assertThat(wallets.authenticate(stranger.assertion(login, TestWallets.PIN)))
                .isEmpty();
        assertThat(version()).isEqualTo(version);
        assertThat(audited()).isZero();
    }
}
