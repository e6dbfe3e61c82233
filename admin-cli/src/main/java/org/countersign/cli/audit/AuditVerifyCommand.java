package org.countersign.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.up.DataFolder;
import org.countersign.cli.up.DemonstrationAudit;
import org.countersign.server.audit.AnchorPublicKey;
import org.countersign.server.audit.AuditReport;
import org.countersign.server.audit.AuditVerifier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code countersign audit verify}: exit code 0 fine, 1 findings, 2 it could not be verified. */
@Command(
        name = "verify",
        description = {
            "Check the audit log against its anchors.",
            "Exit code 0: nothing was changed. 1: something was, see the findings. 2: it could not be checked."
        },
        mixinStandardHelpOptions = true)
public final class AuditVerifyCommand implements Callable<Integer> {

    private static final int FINE = 0;
    private static final int FINDINGS = 1;
    private static final int NOT_VERIFIED = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String CONNECT_SECONDS = "10";

    @ArgGroup
    private Log log = new Log();

    /** Either a data folder of {@code up}, by default the usual one, or a named database. */
    static final class Log {

        @Option(names = "--data", paramLabel = "DIR", description = "The data folder given to up; this is the default.")
        private Path data;

        @ArgGroup(exclusive = false)
        private Named named;
    }

    /** A company's log on any server. */
    static final class Named {

        @Option(
                names = "--url",
                required = true,
                paramLabel = "JDBC_URL",
                description = "The company's database, such as jdbc:postgresql://host/name.")
        private String url;

        @Option(names = "--user", required = true, description = "A database user who may read audit_entry.")
        private String user;

        @Option(names = "--password-file", paramLabel = "FILE", description = "A file with the user's password.")
        private Path passwordFile;

        @Option(
                names = "--anchor",
                required = true,
                arity = "1..*",
                paramLabel = "FOLDER",
                description = "The anchor folders of all nodes, or copies of them.")
        private List<Path> folders;

        @Option(
                names = "--public-key",
                required = true,
                arity = "1..*",
                paramLabel = "PEM",
                description =
                        "The anchor's public key; earlier ones too, if it was changed. Keep it away from the server.")
        private List<Path> publicKeys;
    }

    @Option(names = "--json", description = "Print the report as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            var report = log.named == null ? demonstration() : named(log.named);
            var out = spec.commandLine().getOut();
            if (json) {
                printJson(out, report);
            } else {
                print(out, report);
            }
            out.flush();
            return report.fine() ? FINE : FINDINGS;
        } catch (IllegalArgumentException | IOException unreadable) {
            return notVerified(unreadable.getMessage());
        } catch (SQLException failure) {
            return notVerified("The audit log cannot be read: " + failure.getMessage());
        }
    }

    private AuditReport demonstration() throws SQLException, IOException {
        var folder = log.data == null ? Installation.locate().defaultData() : log.data;
        var audit = DemonstrationAudit.of(new DataFolder(folder));
        return verified(audit.url(), audit.user(), audit.password(), List.of(audit.anchor()), List.of(audit.key()));
    }

    private static AuditReport named(Named named) throws SQLException, IOException {
        var keys = new ArrayList<AnchorPublicKey>();
        for (Path file : named.publicKeys) {
            keys.add(key(file));
        }
        var password =
                named.passwordFile == null ? null : text(named.passwordFile).stripTrailing();
        return verified(named.url, named.user, password, named.folders, keys);
    }

    private static AuditReport verified(
            String url, String user, String password, List<Path> folders, List<AnchorPublicKey> keys)
            throws SQLException, IOException {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new IOException("There is no folder " + folder);
            }
        }
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        if (password != null) {
            properties.setProperty("password", password);
        }
        try (var connection = DriverManager.getConnection(url, properties)) {
            return new AuditVerifier(folders, keys, PATIENCE).verify(connection);
        }
    }

    private static AnchorPublicKey key(Path file) throws IOException {
        try {
            return AnchorPublicKey.ofPem(text(file));
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException(file + " is not an Ed25519 public key in PEM", other);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IOException("The file " + file + " cannot be read", unreadable);
        }
    }

    private static void print(PrintWriter out, AuditReport report) {
        for (var end : report.takenOver()) {
            out.println("Note: chain " + end.chain() + " ended in a crash; "
                    + (end.lastSeq() > end.anchoredSeq()
                            ? "its entries " + (end.anchoredSeq() + 1) + " to " + end.lastSeq()
                                    + " were taken over at the next start"
                            : "nothing was beyond its anchor"));
        }
        for (var finding : report.findings()) {
            out.println(finding.kind() + "  chain " + finding.chain()
                    + (finding.seq() > 0 ? ", entry " + finding.seq() : "") + ": " + finding.message());
        }
        if (report.findingCount() > report.findings().size()) {
            out.println("… and " + (report.findingCount() - report.findings().size()) + " more");
        }
        out.println((report.fine()
                        ? "The audit log is whole"
                        : "The audit log was changed: findings " + report.findingCount())
                + " (chains " + report.chains() + ", entries " + report.entries() + ", anchors " + report.anchored()
                + ")");
    }

    private static void printJson(PrintWriter out, AuditReport report) throws JsonProcessingException {
        out.println(new ObjectMapper()
                .writeValueAsString(Map.of(
                        "fine", report.fine(),
                        "chains", report.chains(),
                        "entries", report.entries(),
                        "anchors", report.anchored(),
                        "takenOver", report.takenOver(),
                        "findings", report.findings(),
                        "findingCount", report.findingCount())));
    }

    private int notVerified(String reason) {
        var err = spec.commandLine().getErr();
        err.println("The audit log was not verified. " + reason);
        err.flush();
        return NOT_VERIFIED;
    }
}
