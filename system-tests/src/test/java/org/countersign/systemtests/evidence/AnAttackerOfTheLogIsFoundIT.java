package org.countersign.systemtests.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log that the deployed server wrote, copied with its anchors into a database of the attacker's, who is superuser
 * there. He does as he likes with the table; the anchors he can not reach.
 */
@ExtendWith(RunningServer.class)
final class AnAttackerOfTheLogIsFoundIT {

    private static final String DATABASE = "attacked";
    private static final String COLUMNS =
            "chain, seq, at, type, outcome, client, tenant, seat, credential, details, previous, hash";

    /** The chain of the server's last start. */
    private static final String NEWEST = "chain = (SELECT chain FROM audit_entry ORDER BY at DESC LIMIT 1)";

    private final Platform platform;
    private final TestServer server;

    @TempDir
    private Path anchors;

    AnAttackerOfTheLogIsFoundIT(Platform platform) {
        this.platform = platform;
        this.server = platform.server();
    }

    @BeforeEach
    void copyTheLog() throws Exception {
        var holder = platform.atAcme().enrol("evidence");
        for (int i = 0; i < 5; i++) {
            var hashes = holder.hashes("document " + i);
            holder.sign(holder.sad(hashes), hashes).ok();
        }
        copy(AuditVerification.anchors(server), anchors);
        execute("postgres", "DROP DATABASE IF EXISTS " + DATABASE, "CREATE DATABASE " + DATABASE);
        try (var schema = getClass().getResourceAsStream("/db/migration/server/V2__audit_log.sql");
                var from = server.database().superuser("acme");
                var to = server.database().superuser(DATABASE)) {
            to.createStatement().execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            try (var rows = from.createStatement().executeQuery("SELECT " + COLUMNS + " FROM audit_entry");
                    var insert = to.prepareStatement("INSERT INTO audit_entry (" + COLUMNS
                            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)")) {
                while (rows.next()) {
                    for (int column = 1; column <= 12; column++) {
                        insert.setObject(
                                column,
                                switch (column) {
                                    case 3 -> rows.getObject(column, OffsetDateTime.class);
                                    case 10 -> rows.getString(column);
                                    default -> rows.getObject(column);
                                });
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    @Test
    void theLogOfTheRunningServerIsWhole() {
        var verification = AuditVerification.of(server, "acme", AuditVerification.anchors(server));
        assertThat(verification.exitCode()).as(verification.output()).isEqualTo(AuditVerification.WHOLE);
    }

    @Test
    void anUntouchedCopyIsWhole() {
        assertThat(verify().exitCode()).as(verify().output()).isEqualTo(AuditVerification.WHOLE);
    }

    @Test
    void anEditIsFound() throws SQLException {
        attack("UPDATE audit_entry SET seat = 'somebody.else' WHERE type = 'signature.created' AND seq ="
                + " (SELECT min(seq) FROM audit_entry WHERE type = 'signature.created')");
        assertFound("CHANGED");
    }

    @Test
    void anEditWithItsHashMadeAnewIsFound() throws Exception {
        attack("UPDATE audit_entry SET seat = 'somebody.else' WHERE seq = " + beforeTheEnd(3));
        hashAnew("seq = " + beforeTheEnd(3), false);
        assertFound("NOT_FOLLOWING");
    }

    @Test
    void aDeletionIsFound() throws SQLException {
        attack("DELETE FROM audit_entry WHERE " + NEWEST + " AND seq = " + beforeTheEnd(3));
        assertFound("REMOVED");
    }

    @Test
    void aSwapIsFound() throws SQLException {
        long one = beforeTheEnd(3);
        long other = beforeTheEnd(5);
        attack(
                "UPDATE audit_entry SET seq = 1000000 WHERE " + NEWEST + " AND seq = " + one,
                "UPDATE audit_entry SET seq = " + one + " WHERE " + NEWEST + " AND seq = " + other,
                "UPDATE audit_entry SET seq = " + other + " WHERE " + NEWEST + " AND seq = 1000000");
        assertFound("MOVED");
    }

    @Test
    void aCutAtTheEndIsFound() throws SQLException {
        attack("DELETE FROM audit_entry WHERE " + NEWEST + " AND seq > " + beforeTheEnd(2));
        assertFound("CUT");
    }

    @Test
    void aWholeChainRecomputedIsFound() throws Exception {
        attack("UPDATE audit_entry SET seat = 'somebody.else' WHERE type = 'signature.created'");
        hashAnew("true", true);
        assertFound("REBUILT");
        assertThat(verify().output()).as("the chain itself is right").doesNotContain("CHANGED", "NOT_FOLLOWING");
    }

    @Test
    void everythingDeletedIsFound() throws SQLException {
        attack("TRUNCATE audit_entry");
        assertFound("CHAIN_MISSING");
    }

    private long beforeTheEnd(int distance) throws SQLException {
        try (var connection = server.database().superuser(DATABASE);
                var rows =
                        connection.createStatement().executeQuery("SELECT max(seq) FROM audit_entry WHERE " + NEWEST)) {
            rows.next();
            return rows.getLong(1) - distance;
        }
    }

    private AuditVerification verify() {
        return AuditVerification.of(server, DATABASE, anchors);
    }

    private void assertFound(String kind) {
        var verification = verify();
        assertThat(verification.output()).contains(kind);
        assertThat(verification.exitCode()).isEqualTo(AuditVerification.CHANGED);
    }

    private void attack(String... statements) throws SQLException {
        execute(DATABASE, "ALTER TABLE audit_entry DISABLE TRIGGER USER");
        execute(DATABASE, statements);
    }

    private void execute(String database, String... statements) throws SQLException {
        try (var connection = server.database().superuser(database);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What an attacker does who knows the format, which is no secret. */
    private void hashAnew(String where, boolean link) throws Exception {
        try (var connection = server.database().superuser(DATABASE);
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT " + COLUMNS + ", (" + where + ") AS chosen FROM audit_entry"
                                + " ORDER BY chain, seq");
                var update = connection.prepareStatement(
                        "UPDATE audit_entry SET previous = ?, hash = ? WHERE chain = ? AND seq = ?")) {
            byte[] previous = null;
            while (rows.next()) {
                var base = link && rows.getLong("seq") > 1 ? previous : rows.getBytes("previous");
                previous = rows.getBytes("hash");
                if (rows.getBoolean("chosen")) {
                    previous = hash(rows, base);
                    update.setBytes(1, base);
                    update.setBytes(2, previous);
                    update.setObject(3, rows.getObject("chain"));
                    update.setLong(4, rows.getLong("seq"));
                    update.executeUpdate();
                }
            }
        }
    }

    private static byte[] hash(ResultSet row, byte[] previous)
            throws SQLException, IOException, GeneralSecurityException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        write(out, "countersign-audit-entry-1".getBytes(StandardCharsets.UTF_8));
        var chain = row.getObject("chain", UUID.class);
        out.writeLong(chain.getMostSignificantBits());
        out.writeLong(chain.getLeastSignificantBits());
        out.writeLong(row.getLong("seq"));
        var at = row.getObject("at", OffsetDateTime.class).toInstant();
        out.writeLong(at.getEpochSecond());
        out.writeInt(at.getNano());
        for (var column : List.of("type", "outcome", "client", "tenant", "seat", "credential", "details")) {
            var text = row.getString(column);
            write(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        }
        write(out, previous);
        return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
