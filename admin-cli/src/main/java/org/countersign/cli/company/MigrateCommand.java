package org.countersign.cli.company;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Result;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company migrate}. */
@Wiring
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Move a company to another version while it goes on signing. Interrupted at any point, the same"
                + " command goes on.")
final class MigrateCommand implements Callable<Integer> {

    @Mixin
    private SiteOptions options;

    @Mixin
    private MoveOptions move;

    @Parameters(index = "0", paramLabel = "COMPANY", description = "The company's context, signer-company-b.")
    private String company;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "The version's folder, such as 015.")
    private String to;

    @Override
    public Integer call() throws IOException, SQLException {
        var result = options.result();
        var terminal = result.terminal();
        var site = options.site(System.getenv(), terminal);
        site.requireSigner(company);
        var until = move.until();
        try (var lock = options.lock(site)) {
            assert lock.isOpen();
            var canary = move.canary(site, company);
            var clock = Clock.systemUTC();
            var journal = Journal.underWay(site.state(), company);
            if (journal.isEmpty()) {
                var from = site.deployedVersion(company);
                if (from.name().equals(to)) {
                    result.print(Map.of("already", to), List.of(company + " runs " + to + " already."));
                    return 0;
                }
                var plan = Plan.make(site, company, from, site.version(to));
                if (move.dryRun() || !plan.obstacles().isEmpty()) {
                    return planned(plan, result);
                }
                journal = Optional.of(Journal.begin(company, Journal.MIGRATE, from.name(), to, clock.millis()));
            } else if (journal.get().isRollbackFrom(to)) {
                terminal.say("The rollback that was under way is taken back.");
                journal = Optional.of(journal.get().takenBack(clock.millis()));
            } else if (!journal.get().kind().equals(Journal.MIGRATE)
                    || !journal.get().to().equals(to)) {
                throw Refusal.failed("A " + journal.get().kind() + " of " + company + " from "
                        + journal.get().from() + " to " + journal.get().to()
                        + " is under way: finish it, or roll it back.");
            }
            var steps = new Move(site, journal.get(), canary, clock, Entropy.system(), terminal);
            return move.carryOut(steps, until, result);
        }
    }

    private static int planned(Plan plan, Result result) {
        var lines = new ArrayList<>(plan.lines());
        lines.addAll(
                plan.obstacles().isEmpty()
                        ? MoveOptions.lines(List.of(Move.Step.values()))
                        : List.of("Nothing was done: see the obstacles."));
        result.print(plan, lines);
        return plan.obstacles().isEmpty() ? 0 : Refusal.FAILED;
    }
}
