package org.countersign.cli.company;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Result;
import picocli.CommandLine.Option;

/** What a move can be told, in either direction, and how it ends. */
final class MoveOptions {

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--until",
            paramLabel = "STEP",
            description = "Stop after this step: backup, deploy-beside, verify-beside, divert, drain, replace, verify,"
                    + " return, clear (default). To look at the new version at its place beside, for instance.")
    private String until;

    @Option(
            names = "--without-canary",
            description = "Do not sign to see whether the version works. For companies that can have no canary.")
    private boolean withoutCanary;

    boolean dryRun() {
        return dryRun;
    }

    Move.Step until() {
        return until == null
                ? Move.Step.CLEAR
                : Move.Step.named(until)
                        .orElseThrow(() -> new Refusal(
                                Refusal.USAGE,
                                "--until is one of "
                                        + Arrays.stream(Move.Step.values())
                                                .map(Move.Step::toString)
                                                .collect(Collectors.joining(", "))
                                        + "."));
    }

    Optional<Canary> canary(Site site, String company) throws IOException {
        if (withoutCanary) {
            return Optional.empty();
        }
        var canary = Canary.load(site, company).filter(Canary::isEnrolled);
        if (canary.isEmpty() && !dryRun) {
            throw Refusal.failed(company + " has no canary that could show whether a version signs. Enrol one with:"
                    + " countersign company canary " + company + " …, or give --without-canary.");
        }
        return canary;
    }

    /** Does the steps that are left, as far as was asked for, or only names them. @return the exit code */
    int carryOut(Move steps, Move.Step until, Result result) throws IOException, SQLException {
        if (dryRun) {
            result.print(Map.of("steps", steps.steps()), lines(steps.steps()));
            return 0;
        }
        var done = steps.run(until);
        result.print(
                done,
                List.of(
                        done.step().isEmpty()
                                ? done.company() + " runs " + steps.version() + "."
                                : "Stopped after the step " + done.step() + ", as asked; the same command goes on."));
        return 0;
    }

    static List<String> lines(List<Move.Step> steps) {
        var lines = new ArrayList<String>();
        lines.add("The steps:");
        steps.forEach(step -> lines.add("  " + step));
        return lines;
    }
}
