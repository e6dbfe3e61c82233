package org.countersign.systemtests.evidence;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.countersign.cli.audit.AuditCommand;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestServer;
import picocli.CommandLine;

/** {@code countersign audit verify} as an auditor runs it, with a database role that may read the log and nothing else. */
record AuditVerification(int exitCode, String output) {

    static final int WHOLE = 0;
    static final int CHANGED = 1;

    private static final String ROLE = "auditor";
    private static final String PASSWORD = "password-of-the-auditor";

    /** @param anchors the folder with the anchor files and the public key */
    static AuditVerification of(TestServer server, String database, Path anchors) {
        try (var connection = server.database().superuser(database)) {
            letRead(connection);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        var output = new StringWriter();
        var command = new CommandLine(new AuditCommand());
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(output, true));
        try {
            var passwordFile = Files.writeString(Files.createTempFile("auditor", ".password"), PASSWORD);
            try {
                int exitCode = command.execute(
                        "verify",
                        "--url",
                        server.database().url(database),
                        "--user",
                        ROLE,
                        "--password-file",
                        passwordFile.toString(),
                        "--anchor",
                        anchors.toString(),
                        "--public-key",
                        publicKey(anchors).toString());
                return new AuditVerification(exitCode, output.toString());
            } finally {
                Files.delete(passwordFile);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where the ACME company's heads go. */
    static Path anchors(TestServer server) {
        return server.folder().resolve("audit-anchor").resolve(Company.ACME);
    }

    private static Path publicKey(Path anchors) throws IOException {
        try (var files = Files.list(anchors)) {
            return files.filter(file -> file.toString().endsWith(".pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void letRead(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : List.of(
                    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "') THEN"
                            + " CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD + "'; END IF; END $$",
                    "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO " + ROLE
                            + "', current_database()); END $$",
                    "GRANT SELECT ON audit_entry TO " + ROLE)) {
                statement.execute(sql);
            }
        }
    }
}
