package org.countersign.cli.tenant;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Result;
import org.countersign.core.error.ProtocolException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign tenant import}. */
@Command(
        name = "import",
        description = {
            "Take a tenant from a file of tenant export into a company's context: all of it or nothing.",
            "The tenant has to be configured there already. Run it as the server's user, with the server's environment;"
                    + " the server may run. PINs and one-time passwords of the holders stay as they are.",
            "Exit code 0: done. 1: refused or failed; nothing was changed, unless the message says otherwise. 2: wrong"
                    + " usage. 3: the database is away."
        },
        mixinStandardHelpOptions = true)
public final class TenantImportCommand implements Callable<Integer> {

    private static final int DIGEST_LENGTH = 32;

    @Mixin
    private ContextOptions options;

    @Parameters(paramLabel = "FILE", description = "The file that tenant export made.")
    private Path file;

    @ArgGroup
    private Decryption decryption = new Decryption();

    static final class Decryption {
        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "A file (0600) with the passphrase; by default it is asked for.")
        private Path passphrase;

        @ArgGroup(exclusive = false)
        private Recipient recipient;
    }

    /** Anybody can encrypt for a certificate: the digest says that it was the one who exported. */
    static final class Recipient {
        @Option(
                names = "--key",
                required = true,
                paramLabel = "PEM",
                description =
                        "The private key (0600, PKCS#8 without password) of the certificate it was encrypted for.")
        private Path key;

        @Option(
                names = "--sha256",
                required = true,
                paramLabel = "HEX",
                description = "What tenant export printed, told you in a way that you trust.")
        private String digest;
    }

    @Option(names = "--dry-run", description = "Check everything, change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        var result = options.result();
        var context = options.context();
        try {
            var facts = decryption.recipient == null
                    ? run(
                            context,
                            FileKey.withPassphrase(SecretFile.passphrase(decryption.passphrase, false)),
                            Optional.empty(),
                            result)
                    : run(
                            context,
                            FileKey.withPrivateKey(FileKey.privateKey(decryption.recipient.key)),
                            Optional.of(digest(decryption.recipient.digest)),
                            result);
            result.print(facts, lines(facts));
            return 0;
        } catch (TenantImport.Unfit unfit) {
            result.print(Map.of("imported", false, "problems", unfit.problems()), unfit.problems());
            throw Refusal.failed(unfit.getMessage());
        } catch (ProtocolException away) {
            throw Refusal.failed("The key management service gives no data key now; nothing was changed.");
        } catch (SQLException failure) {
            throw Refusal.failed("The database refused; nothing was changed: " + failure.getMessage());
        }
    }

    private Map<String, Object> run(
            TenantContext context, FileKey.Unwrapping unwrapping, Optional<byte[]> digest, Result result)
            throws IOException, SQLException {
        var counted = new CountedCredentials(dryRun ? "Checking" : "Importing", result.terminal());
        return new TenantImport(context, file, unwrapping).run(digest, dryRun, counted::show);
    }

    private static byte[] digest(String hex) {
        try {
            var digest = HexFormat.of().parseHex(hex.strip());
            if (digest.length == DIGEST_LENGTH) {
                return digest;
            }
        } catch (IllegalArgumentException notHex) {
            // as below
        }
        throw new Refusal(Refusal.USAGE, "--sha256 takes 64 hexadecimal digits.");
    }

    private List<String> lines(Map<String, Object> facts) {
        var lines = new ArrayList<String>();
        lines.add("Tenant " + facts.get("tenant") + " of " + facts.get("source") + " ("
                + facts.get("sourceVersion") + ", exported at " + facts.get("exportedAt") + ") "
                + (dryRun ? "can be imported" : "is imported") + ": credentials " + facts.get("credentials")
                + ", of which locked " + facts.get("locked") + ", with an expired certificate " + facts.get("expired")
                + "; keys " + facts.get("keys") + " into the vault " + facts.get("vault") + ".");
        lines.add("Clients " + (dryRun ? "to be added" : "added") + ", for this tenant alone and with the secrets they"
                + " have: " + facts.get("clientsAdded"));
        if (facts.get("clientsKept") instanceof List<?> kept && !kept.isEmpty()) {
            lines.add("Clients of the same names are here and were left as they are: " + kept
                    + ". Whether they may work for the tenant is yours to say (PUT /api/v1/oauth-clients).");
        }
        return lines;
    }
}
