package org.countersign.cli.tenant;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code countersign tenant move-keys}. */
@Command(
        name = "move-keys",
        description = {
            "Move a tenant's keys from one software vault of its context to another; holders notice nothing.",
            "Run it as the server's user, with the server's environment. The server may run, if it was started with the"
                    + " vault that the keys go to. Interrupted, the same command goes on.",
            "Exit code 0: done. 1: refused or failed, or some keys stay where they are; what was moved stays so. 2:"
                    + " wrong usage. 3: the database is away."
        },
        mixinStandardHelpOptions = true)
public final class MoveKeysCommand implements Callable<Integer> {

    @Mixin
    private ContextOptions options;

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The tenant.")
    private String tenant;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "VAULT",
            description = "PKCS12DBWebCertificate (the database), or the type of hsm: homo, kms.")
    private String to;

    @Option(
            names = "--from",
            paramLabel = "VAULT",
            description = "Move the keys of this vault alone; by default all that are elsewhere.")
    private String from;

    @Option(names = "--dry-run", description = "Open and wrap every key, change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        var result = options.result();
        var counted = new CountedCredentials(dryRun ? "Checking" : "Moving", result.terminal());
        try {
            var facts =
                    new MoveKeys(options.context(), tenant, Optional.ofNullable(from), to).run(dryRun, counted::show);
            var problems = (List<?>) facts.get("problems");
            result.print(facts, lines(facts, problems));
            return problems.isEmpty() ? 0 : Refusal.FAILED;
        } catch (SQLException failure) {
            throw Refusal.failed("The database refused; what was moved stays so, and the same command goes on: "
                    + failure.getMessage());
        }
    }

    private List<String> lines(Map<String, Object> facts, List<?> problems) {
        var lines = new ArrayList<String>();
        lines.add("Tenant " + tenant + ": keys " + (dryRun ? "that can be moved" : "moved") + " into the vault " + to
                + ": " + facts.get("moved") + "; there before: " + facts.get("there") + "; by vault now: "
                + facts.get("keysNow") + ".");
        problems.forEach(problem -> lines.add(problem.toString()));
        return lines;
    }
}
