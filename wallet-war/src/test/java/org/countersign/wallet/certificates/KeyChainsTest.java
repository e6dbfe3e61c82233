package org.countersign.wallet.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.countersign.server.time.MovableClock;
import org.countersign.wallet.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyChainsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String KID = "A".repeat(43);

    private static TestDatabase context;

    private final MovableClock clock = new MovableClock(NOW);

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    @Test
    void a_chain_is_shown_while_it_is_valid_and_outlives_what_is_signed() {
        context.database()
                .statements()
                .update(
                        "insert into signing_key_chain (kid, certificates, not_before, not_after)"
                                + " values (?, 'QQ== Qg==', '2026-06-01T12:00:00Z', '2026-06-03T12:00:00Z')",
                        statement -> statement.setString(1, KID));
        var chains = new KeyChains(context.database().statements(), Duration.ofHours(23), clock);
        assertThat(chains.of("B".repeat(43))).isEmpty();
        assertThat(chains.of(KID)).hasValueSatisfying(shown -> assertThat(shown).containsExactly("QQ==", "Qg=="));
        clock.advance(Duration.ofHours(25));
        assertThat(chains.of(KID)).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(chains.of(KID)).isEmpty();
        clock.advance(Duration.ofHours(-26));
        assertThat(chains.of(KID)).as("not yet").isEmpty();
    }

    @Test
    void what_another_node_changed_is_seen_once_the_chore_has_run() {
        var here = new KeyChains(context.database().statements(), Duration.ofHours(23), clock);
        context.database()
                .statements()
                .update(
                        "insert into signing_key_chain (kid, certificates, not_before, not_after)"
                                + " values (?, 'QQ==', '2026-01-01T12:00:00Z', '2027-01-01T12:00:00Z')",
                        statement -> statement.setString(1, "C".repeat(43)));
        assertThat(here.of("C".repeat(43))).isEmpty();
        here.read();
        assertThat(here.of("C".repeat(43))).isPresent();
        new KeyChains(context.database().statements(), Duration.ofHours(23), clock).remove("C".repeat(43));
        here.read();
        assertThat(here.of("C".repeat(43))).isEmpty();
    }

    @Test
    void a_chain_goes_with_the_service_of_its_key() {
        var kids = Map.of("D".repeat(43), "current", "E".repeat(43), "next", "F".repeat(43), "retired");
        kids.forEach((kid, state) -> {
            context.database()
                    .statements()
                    .update(
                            "insert into signing_key (id, kid, algorithm, jwk, activation_salt, token_seconds, state,"
                                    + " created_at, current_since, retired_at) values (gen_random_uuid(), ?, 'ES256', '{}',"
                                    + " decode(repeat('00', 16), 'hex'), 300, ?, now(),"
                                    + " case when ? <> 'next' then now() end, case when ? = 'retired' then now() end)",
                            statement -> {
                                statement.setString(1, kid);
                                statement.setString(2, state);
                                statement.setString(3, state);
                                statement.setString(4, state);
                            });
            context.database()
                    .statements()
                    .update(
                            "insert into signing_key_chain (kid, certificates, not_before, not_after)"
                                    + " values (?, 'QQ==', '2026-01-01T12:00:00Z', '2027-01-01T12:00:00Z')",
                            statement -> statement.setString(1, kid));
        });
        var chains = new KeyChains(context.database().statements(), Duration.ofHours(23), clock);
        assertThat(chains.of("F".repeat(43))).isPresent();

        chains.forgetRetired();

        assertThat(chains.of("D".repeat(43))).isPresent();
        assertThat(chains.of("E".repeat(43))).isPresent();
        assertThat(chains.of("F".repeat(43))).isEmpty();
        assertThat(chains.all()).extracting(KeyChains.Chain::kid).doesNotContain("F".repeat(43));
    }
}
