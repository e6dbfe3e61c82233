package org.countersign.wallet.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UsersTest {

    private static final String WITHOUT_PASSWORD =
            "select count(*) from wallet where user_id = ? and revoked_at is not null and password_hash is null";

    private static TestDatabase context;
    private static Users users;

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
        users = users(Clock.systemUTC());
    }

    private static Users users(Clock clock) {
        return new Users(
                context.database(),
                new SecretHash(Argon2Cost.DEFAULT, Entropy.system()),
                URI.create("https://wallet.example.com/wallet-acme"),
                Duration.ofHours(1),
                Entropy.system(),
                clock);
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private static UUID newUser() {
        return TestWallets.addUser(context.database().statements(), UUID.randomUUID() + "@people.example.com");
    }

    private static int number(String sql, Object... values) {
        return context.database()
                .statements()
                .first(
                        sql,
                        statement -> {
                            for (int i = 0; i < values.length; i++) {
                                statement.setObject(i + 1, values[i]);
                            }
                        },
                        row -> row.getInt(1))
                .orElseThrow();
    }

    private static UserFile.Line line(int number, String login) {
        return new UserFile.Line(number, new Login(login), WalletFor.NP);
    }

    @Test
    void what_a_removed_user_left_says_nothing_of_them() {
        var user = newUser();
        var login = users.require(user).login();
        new TestWallets().addWallet(context.database().statements(), user, UUID.randomUUID(), new byte[] {1});
        context.database()
                .statements()
                .update(
                        "update wallet set key_type = 'tee', user_authentication = 'system_pin', key_origin = 'x' where user_id = ?",
                        statement -> statement.setObject(1, user));
        users.remove(user);
        assertThat(number("select count(*) from wallet_user where strpos(wallet_user::text, ?) > 0", login.text()))
                .isZero();
        assertThat(number("select count(*) from wallet_user where id = ? and invitation_hash is null", user))
                .isEqualTo(1);
        assertThat(number(
                        "select count(*) from wallet where user_id = ? and revoked_at is not null"
                                + " and sealed_pin = '' and key_attestation = '' and key_type is null"
                                + " and user_authentication is null and key_origin is null",
                        user))
                .isEqualTo(1);
    }

    @Test
    void what_an_older_node_leaves_of_a_removed_user_is_forgotten_and_nothing_of_others() {
        var removed = newUser();
        var here = newUser();
        for (var user : List.of(removed, here)) {
            new TestWallets().addWallet(context.database().statements(), user, UUID.randomUUID(), new byte[] {1});
            change("update wallet_user set external_id = 'x', provisioned = '{}' where id = ?", user);
            change("update wallet set password_hash = 'x' where user_id = ?", user);
        }
        // as the version before SCIM does
        change(
                "update wallet_user set login = 'removed ' || id, blocked_at = now(), removed_at = now() where id = ?",
                removed);
        change("update wallet set revoked_at = now() where user_id = ?", removed);
        users.forgetRest();
        var rest = "select count(*) from wallet_user u join wallet w on w.user_id = u.id where u.id = ?"
                + " and u.external_id is %1$s and u.provisioned is %1$s and w.password_hash is %1$s";
        assertThat(number(rest.formatted("null"), removed)).isEqualTo(1);
        assertThat(number(rest.formatted("not null"), here)).isEqualTo(1);
    }

    @Test
    void a_revoked_wallet_has_no_password_though_its_user_stays() {
        var here = userWithPassword();
        users.revokeWallet(here);
        assertThat(number(WITHOUT_PASSWORD, here)).isEqualTo(1);
        // as the version before does
        var ofOlderNode = userWithPassword();
        change("update wallet set revoked_at = now() where user_id = ?", ofOlderNode);
        assertThat(number(WITHOUT_PASSWORD, ofOlderNode)).isZero();
        users.forgetRest();
        assertThat(number(WITHOUT_PASSWORD, ofOlderNode)).isEqualTo(1);
    }

    @Test
    void however_much_is_left_it_is_forgotten_at_once() {
        var some = UUID.randomUUID();
        context.database()
                .statements()
                .update(
                        "insert into wallet_user (id, organisation_id, login, wallet_for, created_at, removed_at, external_id)"
                                + " select gen_random_uuid(), organisation_id, ? || number, 'np', now(), now(), 'x'"
                                + " from (select organisation_id from wallet_user where id = ?) as one,"
                                + " generate_series(1, 1001) as number",
                        statement -> {
                            statement.setString(1, some.toString());
                            statement.setObject(2, newUser());
                        });
        users.forgetRest();
        assertThat(number("select count(*) from wallet_user where removed_at is not null and external_id is not null"))
                .isZero();
        assertThat(number("select count(*) from wallet_user where starts_with(login, ?)", some.toString()))
                .isEqualTo(1_001);
    }

    private static UUID userWithPassword() {
        var user = newUser();
        new TestWallets().addWallet(context.database().statements(), user, UUID.randomUUID(), new byte[] {1});
        change("update wallet set password_hash = 'x' where user_id = ?", user);
        return user;
    }

    private static void change(String sql, UUID user) {
        context.database().statements().update(sql, statement -> statement.setObject(1, user));
    }

    @Test
    void a_wallet_that_begins_while_its_user_is_removed_is_revoked() throws Exception {
        var user = newUser();
        var executor = Executors.newSingleThreadExecutor();
        try (var connection = context.database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // as an initialisation does
            statement.executeUpdate("update wallet_user set invitation_failures = 0 where id = '" + user + "'");
            statement.executeUpdate(
                    "insert into wallet (id, user_id, thumbprint, sealed_pin, attestation_x, attestation_y,"
                            + " key_attestation, created_at) values (gen_random_uuid(), '" + user
                            + "', sha256('a'), 'pin', repeat('A', 43), repeat('A', 43), 'none', now())");
            var removal = executor.submit(() -> users.remove(user));
            while (number("select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock' and query like 'update wallet_user set login%'")
                            == 0
                    && !removal.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(removal.isDone()).as("it waits").isFalse();
            connection.commit();
            removal.get();
        } finally {
            executor.shutdownNow();
        }
        assertThat(number("select count(*) from wallet where user_id = ? and revoked_at is not null", user))
                .isEqualTo(1);
    }

    @Test
    void nobody_is_invited_by_a_login_that_is_no_longer_theirs() {
        var user = newUser();
        // What an invitation does asks for the time between reading the login and writing.
        var renaming = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                context.database()
                        .statements()
                        .update(
                                "update wallet_user set login = 'new.' || login where id = ?",
                                statement -> statement.setObject(1, user));
                return Instant.now();
            }
        };
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> users(renaming).invite(user))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(WalletError.CONFLICT));
        assertThat(number("select count(*) from wallet_user where id = ? and invitation_hash is null", user))
                .isEqualTo(1);
    }

    /** As the version before writes, which knows no removal. */
    @Test
    void a_user_who_was_removed_is_not_brought_back() throws Exception {
        var user = newUser();
        users.remove(user);
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> users.unblock(user));
        try (var connection = context.database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update wallet_user set blocked_at = null where id = '" + user + "'");
        }
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> users.invite(user));
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> users.block(user));
    }

    @Test
    void imports_at_once_of_the_same_logins_in_another_order_do_not_wait_for_each_other() throws Exception {
        var organisation = users.require(newUser()).organisation();
        var executor = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                var forwards = new ArrayList<UserFile.Line>();
                for (int i = 0; i < 200; i++) {
                    forwards.add(line(i + 2, UUID.randomUUID() + "@people.example.com"));
                }
                var backwards = new ArrayList<>(forwards);
                Collections.reverse(backwards);
                var barrier = new CyclicBarrier(2);
                var outcomes = new ArrayList<Future<Boolean>>();
                for (var file : List.of(forwards, backwards)) {
                    outcomes.add(executor.submit(() -> {
                        barrier.await();
                        try {
                            users.addAll(organisation, file);
                            return true;
                        } catch (ProtocolException conflict) {
                            return false;
                        }
                    }));
                }
                assertThat(outcomes.get(0).get()).isNotEqualTo(outcomes.get(1).get());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void of_imports_at_once_that_share_a_login_one_succeeds_and_the_others_leave_nothing() throws Exception {
        var organisation = users.require(newUser()).organisation();
        var shared = UUID.randomUUID() + "@people.example.com";
        int imports = 4;
        var barrier = new CyclicBarrier(imports);
        var executor = Executors.newFixedThreadPool(imports);
        try {
            var outcomes = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < imports; i++) {
                var file = List.of(line(2, UUID.randomUUID() + "@people.example.com"), line(3, shared));
                Callable<Boolean> adding = () -> {
                    barrier.await();
                    try {
                        users.addAll(organisation, file);
                        return true;
                    } catch (ProtocolException refused) {
                        assertThat(refused.code()).isEqualTo(WalletError.CONFLICT);
                        return false;
                    }
                };
                outcomes.add(executor.submit(adding));
            }
            int added = 0;
            for (var outcome : outcomes) {
                added += outcome.get() ? 1 : 0;
            }
            assertThat(added).isEqualTo(1);
        } finally {
            executor.shutdownNow();
        }
        assertThat(number("select count(*) from wallet_user where organisation_id = ?", organisation))
                .isEqualTo(3);
        assertThat(users.taken(List.of(new Login(shared), new Login("nobody@people.example.com"))))
                .containsExactly(shared);
    }

    @Test
    void nobody_is_imported_into_an_organisation_that_is_not_there() {
        var file = List.of(line(2, UUID.randomUUID() + "@people.example.com"));
        assertThat(catchThrowableOfType(ProtocolException.class, () -> users.addAll(UUID.randomUUID(), file))
                        .code())
                .isEqualTo(OAuth2Error.NOT_FOUND);
    }
}
