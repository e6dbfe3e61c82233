package org.countersign.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.TestDatabase.atOnce;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.PinPolicy;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What may happen once, or so many times, on a real PostgreSQL with many calls at the same moment. */
class OnceTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final SeatName JDOE = new SeatName("jdoe", "acme");
    private static final int THREADS = 32;
    private static final int MAX_FAILURES = 5;

    private static TestDatabase postgres;
    private static SessionFactory sessions;
    private static Credentials credentials;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
        sessions = postgres.database().sessions();
        credentials = new Credentials(postgres.database(), SeatGroups.NONE);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private static UUID credential() {
        var credential = Credential.create(ENTROPY.uuid(), JDOE, "acme", "pin-otp", 10, NOW);
        credentials.add(credential);
        return credential.id();
    }

    private static Credential read(UUID id) {
        return credentials.require(id.toString());
    }

    private static AuthorizationConfiguration configuration(Factor... factors) {
        return new AuthorizationConfiguration("x", "explicit", Set.of(factors), PinPolicy.DEFAULT, 5, 2);
    }

    private static long won(List<Boolean> results) {
        return results.stream().filter(result -> result).count();
    }

    @Nested
    class Taking {

        private final Activations activations = new Activations(postgres.database(), at(NOW));
        private final UUID credentialId = credential();

        private UUID stored(byte[]... hashes) {
            var activation =
                    Activation.ofHashes(ENTROPY.uuid(), credentialId, "acme", List.of(hashes), NOW.plusSeconds(300));
            sessions.inTransaction(session -> session.persist(activation));
            return activation.id();
        }

        private Activations.Found found(UUID id) {
            return activations.find(id, "acme", JDOE).orElseThrow();
        }

        private boolean take(UUID id, int[] numbers) {
            return activations.take(found(id), numbers, MAX_FAILURES);
        }

        @Test
        void of_equal_calls_at_once_one_wins() throws Exception {
            var id = stored(new byte[] {1}, new byte[] {2});
            assertThat(won(atOnce(THREADS, () -> take(id, new int[] {1, 1})))).isEqualTo(1);
        }

        @Test
        void a_hash_authorized_three_times_is_taken_three_times() throws Exception {
            var id = stored(new byte[] {1}, new byte[] {1}, new byte[] {1});
            assertThat(won(atOnce(THREADS, () -> take(id, new int[] {1})))).isEqualTo(3);
        }

        @Test
        void a_call_that_can_not_have_all_takes_nothing() {
            var id = stored(new byte[] {1}, new byte[] {2});
            assertThat(take(id, new int[] {0, 1})).isTrue();
            assertThat(take(id, new int[] {1, 1})).isFalse();
            assertThat(take(id, new int[] {1, 0})).isTrue();
        }

        @Test
        void what_is_given_back_can_be_taken_again_once() throws Exception {
            var id = stored(new byte[] {1}, new byte[] {2});
            assertThat(take(id, new int[] {1, 1})).isTrue();
            activations.giveBack(id, new int[] {1, 1});
            assertThat(won(atOnce(THREADS, () -> take(id, new int[] {1, 1})))).isEqualTo(1);
        }

        @Test
        void nothing_is_taken_after_the_end() {
            var id = stored(new byte[] {1});
            assertThat(new Activations(postgres.database(), at(NOW.plusSeconds(300)))
                            .take(found(id), new int[] {1}, MAX_FAILURES))
                    .isFalse();
            assertThat(activations.find(ENTROPY.uuid(), "acme", JDOE)).isEmpty();
        }

        @Test
        void nothing_is_taken_for_a_credential_that_was_locked_after_it_was_read() {
            var id = stored(new byte[] {1});
            var before = found(id);
            change("update Credential set failures = " + MAX_FAILURES + " where id = :id");
            assertThat(activations.take(before, new int[] {1}, MAX_FAILURES)).isFalse();
            change("update Credential set failures = 0 where id = :id");
            assertThat(activations.take(before, new int[] {1}, MAX_FAILURES)).isTrue();
        }

        @Test
        void nothing_is_taken_for_another_key_than_the_one_that_was_read() {
            var before = found(stored(new byte[] {1}));
            change("update Credential set keyId = :id where id = :id");
            assertThat(activations.take(before, new int[] {1}, MAX_FAILURES)).isFalse();
            assertThat(take(before.activation().id(), new int[] {1})).isTrue();
        }

        @Test
        void a_recent_one_is_its_own_clients_and_seats_only() {
            var id = stored(new byte[] {1});
            var found = found(id);
            assertThat(activations.recent(id, "acme", JDOE)).isEmpty();
            assertThat(activations.take(found, new int[] {1}, MAX_FAILURES)).isTrue();
            assertThat(activations.recent(id, "acme", JDOE)).hasValue(found);
            assertThat(activations.recent(id, "other", JDOE)).isEmpty();
            assertThat(activations.recent(id, "acme", new SeatName("other", "acme")))
                    .isEmpty();
        }

        @Test
        void what_could_not_be_taken_is_read_anew_and_what_has_ended_is_forgotten() {
            var used = stored(new byte[] {1});
            assertThat(take(used, new int[] {1})).isTrue();
            assertThat(take(used, new int[] {1})).isFalse();
            assertThat(activations.recent(used, "acme", JDOE)).isEmpty();
            var large = stored(new byte[10_000]);
            assertThat(take(large, new int[] {1})).isTrue();
            assertThat(activations.recent(large, "acme", JDOE)).isEmpty();
        }

        private void change(String statement) {
            sessions.inTransaction(session -> session.createMutationQuery(statement)
                    .setParameter("id", credentialId)
                    .executeUpdate());
        }

        @Test
        void it_is_found_by_its_own_client_and_seat_only() {
            var id = stored(new byte[] {1});
            assertThat(activations.find(id, "acme", JDOE)).isPresent();
            assertThat(activations.find(id, "other", JDOE)).isEmpty();
            assertThat(activations.find(id, "acme", new SeatName("other", "acme")))
                    .isEmpty();
            assertThat(activations.find(id, "acme", new SeatName("jdoe", "other")))
                    .isEmpty();
        }
    }

    @Nested
    class Attempts {

        private final FactorAttempts attempts =
                new FactorAttempts(postgres.database(), at(NOW), 1_000, Duration.ofMinutes(10));
        private final Activations activations = new Activations(postgres.database(), at(NOW));
        private final UUID id = credential();
        private final String client = ENTROPY.token();

        private String wrong(FactorAttempts counting, UUID credentialId) {
            try {
                counting.wrong(credentialId, client, 5);
                return "counted";
            } catch (ProtocolException limit) {
                return limit.code().wireName();
            }
        }

        private boolean right(FactorAttempts counting, long step) {
            var activation = Activation.ofNumber(ENTROPY.uuid(), id, client, 1, NOW.plusSeconds(300));
            boolean right = activations.add(activation, read(id), counting.accept(read(id), client, 5, step));
            // What they authorize is stored with it, or not at all.
            assertThat(activations.find(activation.id(), client, JDOE).isPresent())
                    .isEqualTo(right);
            return right;
        }

        @Test
        void parallel_wrong_factors_get_no_more_tries_than_the_limit() throws Exception {
            var answers = atOnce(50, () -> wrong(attempts, id));
            assertThat(answers.stream().filter("counted"::equals)).hasSize(5);
            assertThat(answers.stream().filter("credential_locked"::equals)).hasSize(45);
            assertThat(read(id).isLocked(configuration(Factor.PIN))).isTrue();
            assertThat(right(attempts, 0)).isFalse();
        }

        @Test
        void right_factors_set_the_count_back() {
            for (int i = 0; i < 4; i++) {
                assertThat(wrong(attempts, id)).isEqualTo("counted");
            }
            assertThat(right(attempts, 0)).isTrue();
            for (int i = 0; i < 5; i++) {
                assertThat(wrong(attempts, id)).isEqualTo("counted");
            }
            assertThat(wrong(attempts, id)).isEqualTo("credential_locked");
        }

        @Test
        void a_time_step_is_accepted_once_and_never_an_earlier_one() throws Exception {
            assertThat(won(atOnce(THREADS, () -> right(attempts, 100)))).isEqualTo(1);
            assertThat(right(attempts, 99)).isFalse();
            assertThat(right(attempts, 101)).isTrue();
        }

        @Test
        void one_clients_wrong_factors_stop_it_over_all_credentials_and_for_the_window_only() throws Exception {
            var strict = new FactorAttempts(postgres.database(), at(NOW), 3, Duration.ofMinutes(10));
            var answers = atOnce(20, () -> wrong(strict, credential()));
            assertThat(answers.stream().filter("counted"::equals)).hasSize(3);
            assertThat(answers.stream().filter("slow_down"::equals)).hasSize(17);
            assertThat(strict.isThrottled(client)).isTrue();
            assertThat(right(strict, 0)).isFalse();
            assertThat(strict.isThrottled("another client")).isFalse();
            var later = new FactorAttempts(postgres.database(), at(NOW.plusSeconds(601)), 3, Duration.ofMinutes(10));
            assertThat(later.isThrottled(client)).isFalse();
            assertThat(right(later, 0)).isTrue();
            assertThat(wrong(later, id)).isEqualTo("counted");
        }
    }

    @Nested
    class Changing {

        private final UUID id = credential();

        private KeyPair keyPair() {
            return new KeyPair(ENTROPY.uuid(), "v", KeyAlgorithm.EC_P256, new byte[] {1}, new byte[32]);
        }

        @Test
        void a_pin_is_set_once() throws Exception {
            assertThat(won(atOnce(THREADS, () -> credentials.setPin(id, "stored", new byte[32]))))
                    .isEqualTo(1);
        }

        @Test
        void an_otp_is_set_once_and_confirmed_once() throws Exception {
            assertThat(won(atOnce(THREADS, () -> credentials.setOtp(id, new byte[] {1}))))
                    .isEqualTo(1);
            assertThat(won(atOnce(THREADS, () -> credentials.confirmOtp(id, 100, 5))))
                    .isEqualTo(1);
        }

        @Test
        void a_key_pair_waits_for_every_factor_and_is_made_once() throws Exception {
            var both = configuration(Factor.PIN, Factor.OTP);
            assertThat(credentials.setKeyPair(id, both, keyPair())).isFalse();
            credentials.setPin(id, "stored", new byte[32]);
            credentials.setOtp(id, new byte[] {1});
            assertThat(credentials.setKeyPair(id, both, keyPair())).isFalse();
            credentials.confirmOtp(id, 100, 5);
            assertThat(won(atOnce(THREADS, () -> credentials.setKeyPair(id, both, keyPair()))))
                    .isEqualTo(1);
        }

        @Test
        void no_factor_changes_once_the_key_pair_is_there() {
            assertThat(credentials.setPin(id, "stored", new byte[32])).isTrue();
            assertThat(credentials.setKeyPair(id, configuration(Factor.PIN), keyPair()))
                    .isTrue();
            assertThat(credentials.setPin(id, "other", new byte[32])).isFalse();
            assertThat(credentials.setOtp(id, new byte[] {1})).isFalse();
        }

        @Test
        void only_a_locked_credential_is_unlocked() {
            assertThat(credentials.unlock(id, 1)).isFalse();
            new FactorAttempts(postgres.database(), at(NOW), 1_000, Duration.ofMinutes(1)).wrong(id, "unlocking", 1);
            assertThat(credentials.unlock(id, 1)).isTrue();
            assertThat(credentials.unlock(id, 1)).isFalse();
        }

        @Test
        void who_may_not_see_it_learns_nothing() {
            for (var call : List.<Runnable>of(
                    () -> credentials.requireOf(new SeatName("other", "acme"), id.toString()),
                    () -> credentials.requireOf(JDOE, ENTROPY.uuid().toString()),
                    () -> credentials.requireOf(JDOE, "not a uuid"),
                    () -> credentials.requireOf(JDOE, id.toString().toUpperCase(java.util.Locale.ROOT)),
                    () -> credentials.requireIn(Set.of("beta"), id.toString()),
                    () -> credentials.requireCreatedBy(caller("acme", "beta", null), id.toString()),
                    () -> credentials.requireCreatedBy(caller("another", "acme", null), id.toString()),
                    () -> credentials.requireCreatedBy(caller("acme", "acme", "other"), id.toString()))) {
                assertThatThrownBy(call::run).hasMessage("not_found: The credential was not found");
            }
            assertThat(credentials.listOf(JDOE)).doesNotContain(id);
        }

        private static Caller caller(String clientId, String tenant, String seat) {
            return new Caller(
                    clientId,
                    new Authorities(true, Set.of(ApiGroup.GENERATOR), Set.of(tenant), Set.of()),
                    Optional.ofNullable(seat).map(name -> new SeatName(name, tenant)),
                    Instant.MAX);
        }
    }
}
