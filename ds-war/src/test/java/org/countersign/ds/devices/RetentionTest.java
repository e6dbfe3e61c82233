package org.countersign.ds.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.Es256;
import org.countersign.ds.logs.LogBundles;
import org.countersign.ds.organisations.Organisation;
import org.countersign.ds.transactions.Transactions;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is kept how long, in a real database; and that its lists are quick with many devices. */
class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration LIFETIME = Duration.ofDays(30);

    private static EmbeddedPostgres postgres;
    private static Database database;
    private static Statements statements;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = Database.open(
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 4),
                List.of("server", "ds"),
                List.of(Organisation.class));
        statements = database.statements();
        run("insert into organisation values ('00000000-0000-4000-8000-000000000001', 'ACME', now())");
        run("insert into registration_key (id, organisation_id, name, key_hash, created_at) values"
                + " ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'k',"
                + " sha256('k'), now())");
        // 10,000 devices, the first seen now and each further one an hour before
        run("insert into device (id, organisation_id, registration_key_id, thumbprint, tls_key_x, tls_key_y, version,"
                + " os, architecture, host, registered_at, last_seen_at, blocked_at) select gen_random_uuid(),"
                + " '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002',"
                + " sha256(i::text::bytea), repeat('A', 43), repeat('A', 43), '1', 'UNIX', 'x', 'host-' || i, now(),"
                + " '2026-06-01T12:00:00Z'::timestamptz - i * interval '1 hour',"
                + " case when i = 9999 then now() end from generate_series(0, 9999) i");
        run("analyze device");
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @Test
    void oldTransactionsGoInBatches() {
        run("insert into device_transaction select gen_random_uuid(), i::text,"
                + " '00000000-0000-4000-8000-000000000001', null, 'm', 'u', null, now(),"
                + " '2026-06-01T12:00:00Z'::timestamptz - case when i <= 2500 then interval '31 days'"
                + " else interval '29 days' end from generate_series(1, 2510) i");
        new Transactions(statements, CLOCK).purge(LIFETIME);
        assertThat(count("device_transaction")).isEqualTo(10);
    }

    @Test
    void oldLogBundlesGo() {
        run("insert into log_bundle select gen_random_uuid(), gen_random_uuid(),"
                + " '00000000-0000-4000-8000-000000000001', sha256(i::text::bytea), 1, 1,"
                + " '2026-06-01T12:00:00Z'::timestamptz - i * interval '10 days', 'x' from generate_series(1, 6) i");
        new LogBundles(statements, Entropy.system(), CLOCK).purge(LIFETIME);
        assertThat(count("log_bundle")).isEqualTo(3);
    }

    @Test
    void usedSignaturesGoWhenTheirTimeHasPassed() {
        run("insert into device_proof select sha256('k'), i::text,"
                + " '2026-06-01T12:00:00Z'::timestamptz + (i - 5) * interval '1 second' from generate_series(1, 10) i");
        new DeviceProofVerifier(statements, CLOCK, URI.create("https://ds.example.com"), Es256.jdk()).purge();
        assertThat(count("device_proof")).isEqualTo(6);
    }

    @Test
    void devicesAreListedByAnIndexAndForgottenUnlessBlocked() {
        var table = new DevicesTable(statements, CLOCK, Duration.ofMinutes(10));
        assertThat(table.list(new Filter(), new Page(0, 2)))
                .extracting(DevicesTable.Row::host)
                .containsExactly("host-0", "host-1");
        assertThat(plan("select id from device order by last_seen_at desc, id limit 100"))
                .contains("Index")
                .doesNotContain("Sort");
        assertThat(plan("select id from device where organisation_id = '00000000-0000-4000-8000-000000000001'"
                        + " order by last_seen_at desc, id limit 100"))
                .contains("Index")
                .doesNotContain("Seq Scan");

        table.purge(LIFETIME);
        // 30 days of hours and the one at their end, and the blocked one
        assertThat(count("device")).isEqualTo(30 * 24 + 1 + 1);
    }

    private static String plan(String sql) {
        return String.join("\n", statements.all("explain " + sql, statement -> {}, row -> row.getString(1)));
    }

    private static void run(String sql) {
        statements.update(sql, statement -> {});
    }

    private static int count(String table) {
        return statements
                .first("select count(*) from " + table, statement -> {}, row -> row.getInt(1))
                .orElseThrow();
    }
}
