package org.countersign.ds.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.TestContext;
import org.countersign.server.metrics.Metrics;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final String FINGERPRINT = "ab".repeat(32);
    private static final Requester SOMEBODY = new Requester("192.0.2.1", Optional.empty());

    private static TestContext context;
    private static UUID organisation;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final Applications applications =
            new Applications(context.database().statements(), TestContext.ENTROPY, clock);
    private final ApiKeys keys = new ApiKeys(context.database().statements(), TestContext.ENTROPY, clock);
    private final Admission admission =
            new Admission(keys, new AdmissionSettings(5, 3), context.audit(), new Metrics("test"), clock);

    @BeforeAll
    static void begin() throws IOException {
        context = new TestContext();
        organisation = TestContext.ENTROPY.uuid();
        context.database()
                .statements()
                .update(
                        "insert into organisation (id, name, created_at) values (?, 'ACME', now())",
                        statement -> statement.setObject(1, organisation));
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private Application application(List<String> ranges, String certificate) {
        var request = new ApplicationRequest(
                organisation,
                "shop-" + TestContext.ENTROPY.uuid(),
                List.of("https://shop.example.com"),
                ranges,
                certificate,
                null);
        return applications.add(request.checked());
    }

    private void refused(DsError error, String key, Requester requester) {
        assertThatThrownBy(() -> admission.admit(key, requester))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(error));
    }

    private static int audited() {
        return context.database()
                .statements()
                .first(
                        "select count(*) from audit_entry where type = 'api-key.refused'",
                        statement -> {},
                        row -> row.getInt(1))
                .orElseThrow();
    }

    @Test
    void a_key_opens_its_application_until_it_is_revoked() {
        var application = application(List.of(), null);
        var made = keys.add(application.id());
        assertThat(admission.admit(made.key(), SOMEBODY).label()).isEqualTo(application.label());
        keys.revoke(application.id(), made.id());
        refused(DsError.INVALID_API_KEY, made.key(), SOMEBODY);
        assertThat(made.toString()).doesNotContain(made.key());
    }

    @Test
    void a_replaced_key_ends_with_its_overlap() {
        var application = application(List.of(), null);
        var old = keys.add(application.id());
        var made = keys.replace(application.id(), old.id(), Duration.ofHours(1));
        clock.advance(Duration.ofMinutes(59));
        admission.admit(old.key(), SOMEBODY);
        clock.advance(Duration.ofMinutes(1));
        refused(DsError.INVALID_API_KEY, old.key(), SOMEBODY);
        admission.admit(made.key(), SOMEBODY);
    }

    @Test
    void the_certificate_it_needs_is_the_one_shown() {
        var key = keys.add(application(List.of(), FINGERPRINT.toUpperCase(java.util.Locale.ROOT))
                        .id())
                .key();
        admission.admit(key, new Requester("192.0.2.1", Optional.of(FINGERPRINT)));
        refused(DsError.CERTIFICATE_REQUIRED, key, new Requester("192.0.2.1", Optional.of("cd".repeat(32))));
        refused(DsError.CERTIFICATE_REQUIRED, key, SOMEBODY);
    }

    @Test
    void the_rate_is_the_keys_own_and_a_stolen_key_does_not_use_it_up() {
        var key = keys.add(application(List.of("192.0.2.0/24"), null).id()).key();
        refused(DsError.ADDRESS_NOT_ALLOWED, key, new Requester("198.51.100.1", Optional.empty()));
        for (int i = 0; i < 5; i++) {
            admission.admit(key, SOMEBODY);
        }
        int before = audited();
        refused(DsError.TOO_MANY_REQUESTS, key, SOMEBODY);
        refused(DsError.TOO_MANY_REQUESTS, key, SOMEBODY);
        assertThat(audited()).isEqualTo(before + 1);
        clock.advance(Duration.ofMinutes(1));
        admission.admit(key, SOMEBODY);
    }

    @Test
    void who_guesses_waits_and_so_does_his_network_but_not_who_has_a_key() {
        var key = keys.add(application(List.of(), null).id()).key();
        int before = audited();
        for (int i = 0; i < 3; i++) {
            refused(DsError.INVALID_API_KEY, "cs_" + "A".repeat(43), new Requester("2001:db8::" + i, Optional.empty()));
        }
        var guess = "cs_" + "B".repeat(43);
        refused(DsError.TOO_MANY_REQUESTS, guess, new Requester("2001:db8::99", Optional.empty()));
        refused(DsError.INVALID_API_KEY, guess, new Requester("2001:db8:1::1", Optional.empty()));
        admission.admit(key, new Requester("2001:db8::99", Optional.empty()));
        assertThat(audited())
                .as("the first one of each network, and that one is guessing")
                .isEqualTo(before + 3);
        clock.advance(Duration.ofMinutes(5));
        refused(DsError.INVALID_API_KEY, guess, new Requester("2001:db8::99", Optional.empty()));
    }

    @Test
    void who_guesses_the_secret_of_a_client_waits_even_with_the_right_one() {
        int before = audited();
        var guesser = new Requester("203.0.113.1", Optional.empty());
        for (int i = 0; i < 3; i++) {
            admission.admitClient("operator", guesser);
            admission.clientRefused("operator", guesser);
        }
        assertThatThrownBy(() -> admission.admitClient("operator", guesser))
                .isInstanceOfSatisfying(ProtocolException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(DsError.TOO_MANY_REQUESTS);
                    assertThat(refusal.retryAfter()).contains(Duration.ofMinutes(5));
                });
        assertThat(audited()).as("the first one, and that it is guessing").isEqualTo(before + 2);
        admission.admitClient("operator", SOMEBODY);
        admission.admitClient("another", guesser);
        clock.advance(Duration.ofMinutes(5));
        admission.admitClient("operator", guesser);
    }

    @Test
    void the_last_use_is_noted_to_the_minute() {
        var application = application(List.of(), null);
        var key = keys.add(application.id()).key();
        var first = clock.instant();
        admission.admit(key, SOMEBODY);
        clock.advance(Duration.ofSeconds(30));
        admission.admit(key, SOMEBODY);
        assertThat(keys.list(application.id()).get(0).lastUsedAt()).contains(first);
        clock.advance(Duration.ofSeconds(31));
        admission.admit(key, SOMEBODY);
        assertThat(keys.list(application.id()).get(0).lastUsedAt()).contains(clock.instant());
    }
}
