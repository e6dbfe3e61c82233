package org.countersign.cli.company;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company rollback}. */
@Wiring
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Move a company back to the version before, while it goes on signing; all data stays. Where the old"
                        + " version can not run on today's schema it is refused, exit code 4, naming what restoring the backup"
                        + " would lose.")
final class RollbackCommand implements Callable<Integer> {

    /** The backup would lose something. */
    private static final int WOULD_LOSE = 4;

    @Mixin
    private SiteOptions options;

    @Mixin
    private MoveOptions move;

    @Parameters(index = "0", paramLabel = "COMPANY", description = "The company's context, signer-company-b.")
    private String company;

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            description = "The version's folder; default the one before the last move.")
    private String to;

    @Option(
            names = "--accept-loss",
            description =
                    "Where the old version can not run on today's schema: restore the backup that was made before the"
                            + " company left that version, and lose what the refusal named.")
    private boolean acceptLoss;

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
            var journal = journal(site, clock);
            var lost = lost(site, journal, terminal);
            var steps = new Move(site, journal, canary, clock, Entropy.system(), terminal);
            if (lost.isPresent() && !move.dryRun()) {
                steps.restore(lost.get());
            }
            return move.carryOut(steps, until, result);
        }
    }

    private Journal journal(Site site, Clock clock) throws IOException {
        var underWay = Journal.underWay(site.state(), company);
        if (to != null && underWay.isPresent()) {
            var back = underWay.get().kind().equals(Journal.ROLLBACK)
                    ? underWay.get().to()
                    : underWay.get().from();
            if (!to.equals(back)) {
                throw Refusal.failed("What is under way leads back to " + back + ": finish that first, without --to.");
            }
        }
        if (underWay.isPresent() && underWay.get().kind().equals(Journal.ROLLBACK)) {
            return underWay.get();
        }
        if (underWay.isPresent()) {
            var migrating = underWay.get();
            return Journal.begin(company, Journal.ROLLBACK, migrating.to(), migrating.from(), clock.millis());
        }
        var present = site.deployedVersion(company);
        var target = to != null
                ? to
                : Journal.history(site.state(), company).stream()
                        .filter(past -> past.kind().equals(Journal.MIGRATE))
                        .filter(past -> past.to().equals(present.name()))
                        .map(Journal::from)
                        .findFirst()
                        .orElseThrow(() -> Refusal.failed("No move of " + company + " to " + present.name()
                                + " is known that could be taken back; name the version with --to."));
        if (target.equals(present.name())) {
            throw Refusal.failed(company + " runs " + target + " already.");
        }
        return Journal.begin(company, Journal.ROLLBACK, present.name(), target, clock.millis());
    }

    /**
     * Empty when the old version runs on the present schema, which loses nothing.
     *
     * @return the backup to be restored
     * @throws Refusal saying what that would lose, unless it is accepted
     */
    private Optional<Backup> lost(Site site, Journal journal, Terminal terminal) throws IOException, SQLException {
        var old = site.version(journal.to());
        var war = old.war(company);
        try (var database = CompanyDatabase.open(old.configuration(company), site.environment())) {
            var forbidding = CompanyDatabase.forbidding(database.history(), war);
            if (forbidding.isEmpty()) {
                return Optional.empty();
            }
            var reason = company + " can not go back to " + war.version() + ": "
                    + forbidding.stream()
                            .map(row -> "migration " + row.number() + " of " + row.module() + " (\"" + row.description()
                                    + "\")")
                            .collect(Collectors.joining(", "))
                    + " took away what it needs.";
            var backup = Backup.newest(site, company, war);
            if (backup.isEmpty()) {
                throw new Refusal(WOULD_LOSE, reason + " There is no backup of that version either.");
            }
            var loss = AuditLoss.since(backup.get().manifest(), database.connection());
            if (!acceptLoss) {
                throw new Refusal(
                        WOULD_LOSE,
                        reason + " Restoring the backup " + backup.get().folder() + " would lose, as of now: "
                                + loss.inWords() + ". Nothing was done; --accept-loss does it.");
            }
            // What is lost is counted when the company is at rest.
            terminal.say(reason);
            return backup;
        }
    }
}
