package org.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditVerifyCommandAnswersByExitCodeTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private EmbeddedPostgres postgres;
    private Path pem;

    @BeforeEach
    void writeALog() throws Exception {
        postgres = EmbeddedPostgres.start();
        var database = postgres.getPostgresDatabase();
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/server")
                .load()
                .migrate();
        var key = AnchorKey.derive(new byte[32]);
        var anchors = folder.resolve("anchors");
        pem = Files.writeString(folder.resolve("trusted.pem"), key.publicKey().toPem());
        try (var log = AuditLog.start(
                AuditSettings.of("node", "test"),
                database,
                FileAnchor.open(anchors, key.publicKey()),
                key,
                Clock.systemUTC(),
                Entropy.system())) {
            log.append(AuditEvent.success("pin.set").tenant("acme"));
        }
    }

    @AfterEach
    void stop() throws Exception {
        postgres.close();
    }

    @Test
    void zeroForAWholeLog() {
        assertThat(verify("anchors")).isZero();
        assertThat(out.toString()).contains("whole", "entries 3");
    }

    @Test
    void oneForAChangedLog() throws Exception {
        change();
        assertThat(verify("anchors")).isEqualTo(1);
        assertThat(out.toString()).contains("CHANGED", "entry 2");
    }

    @Test
    void theSameInJson() throws Exception {
        change();
        assertThat(verify("anchors", "--json")).isEqualTo(1);
        var report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("fine").asBoolean(true)).isFalse();
        assertThat(report.path("findings").path(0).path("kind").asText()).isEqualTo("CHANGED");
        assertThat(report.path("findings").path(0).path("seq").asLong()).isEqualTo(2);
    }

    @Test
    void twoWhenItCouldNotLook() throws Exception {
        assertThat(verify("nowhere")).isEqualTo(2);
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE audit_entry");
        }
        assertThat(verify("anchors")).isEqualTo(2);
        assertThat(err.toString()).contains("not verified");
    }

    private void change() throws Exception {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER");
            statement.execute("UPDATE audit_entry SET tenant = 'other' WHERE seq = 2");
        }
    }

    private int verify(String anchors, String... more) {
        var arguments = new ArrayList<>(List.of(
                "verify",
                "--url",
                postgres.getJdbcUrl("postgres", "postgres"),
                "--user",
                "postgres",
                "--anchor",
                folder.resolve(anchors).toString(),
                "--public-key",
                pem.toString()));
        arguments.addAll(List.of(more));
        return new CommandLine(new AuditCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }
}
