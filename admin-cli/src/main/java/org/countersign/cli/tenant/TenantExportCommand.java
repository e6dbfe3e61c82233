package org.countersign.cli.tenant;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code countersign tenant export}. */
@Command(
        name = "export",
        description = {
            "Write a tenant into an encrypted file: its credentials with factors, keys, certificates and counters, and"
                    + " the clients whose authorities name it.",
            "Run it as the server's user, with the server's environment. The server may run; what changes after the"
                    + " command began is not in the file.",
            "Exit code 0: done. 1: refused or failed, no file was made. 2: wrong usage. 3: the database is away."
        },
        mixinStandardHelpOptions = true)
public final class TenantExportCommand implements Callable<Integer> {

    @Mixin
    private ContextOptions options;

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The tenant.")
    private String tenant;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to make; must not exist.")
    private Path out;

    @ArgGroup
    private Encryption encryption = new Encryption();

    static final class Encryption {
        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "A file (0600) with the passphrase, 16 characters or more; by default it is asked for.")
        private Path passphrase;

        @Option(
                names = "--recipient",
                paramLabel = "PEM",
                description = "Encrypt for this certificate (RSA, or EC on a NIST curve) instead.")
        private Path recipient;
    }

    @Option(
            names = "--with-company-pin-key",
            description = "Take along the key that PINs of an earlier version shared over the whole company.")
    private boolean withCompanyPinKey;

    @Override
    public Integer call() throws IOException {
        var result = options.result();
        var context = options.context();
        var counted = new CountedCredentials("Exporting", result.terminal());
        var export = new TenantExport(context, tenant, withCompanyPinKey);
        try {
            Map<String, Object> facts;
            if (encryption.recipient == null) {
                var passphrase = SecretFile.passphrase(encryption.passphrase, true);
                facts = export.run(
                        out, FileKey.forPassphrase(passphrase, context.entropy()), "a passphrase", counted::show);
            } else {
                var certificate = FileKey.certificate(encryption.recipient);
                facts = export.run(
                        out,
                        FileKey.forCertificate(certificate),
                        "certificate with SHA-256 "
                                + DigestUtils.sha256Hex(new CertificateChain(List.of(certificate))
                                        .der()
                                        .get(0)),
                        counted::show);
            }
            result.print(facts, lines(facts));
            return 0;
        } catch (ProtocolException away) {
            throw Refusal.failed("The key management service gives no data key now; no file was made.");
        } catch (SQLException failure) {
            throw Refusal.failed("The database refused; no file was made: " + failure.getMessage());
        }
    }

    private List<String> lines(Map<String, Object> facts) {
        var lines = new ArrayList<String>();
        lines.add("Tenant " + tenant + " is in " + out + ": credentials " + facts.get("credentials") + ", keys "
                + facts.get("keys") + ", clients " + facts.get("clients") + ".");
        lines.add("SHA-256 of the file: " + facts.get("sha256"));
        if (Boolean.TRUE.equals(facts.get("inUse"))) {
            lines.add("The tenant was in use: it is still configured here (access tokens " + facts.get("tokens")
                    + ", authorizations not used up " + facts.get("authorizations")
                    + "). What changes from now on, counts of wrong factors and used one-time passwords too, is not in the"
                    + " file. For a move, take it out of the configuration first.");
        } else {
            lines.add("The tenant was not in use: it is not configured here.");
        }
        return lines;
    }
}
