package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;

/**
 * Takes a company from one version's WAR to another's, in either direction. Every step looks whether what it is for is so
 * and does what is missing; a step that the world has gone beyond is passed over. Nothing is remembered that decides,
 * therefore any step may be cut off and begun again.
 */
final class Move {

    /** The steps in their order. */
    enum Step {
        BACKUP("backup", "Backing up"),
        DEPLOY_BESIDE("deploy-beside", "Deploying the version beside the present one"),
        VERIFY_BESIDE("verify-beside", "Having the canary sign there"),
        DIVERT("divert", "Leading requests past the company's place"),
        DRAIN("drain", "Letting the present version come to rest"),
        REPLACE("replace", "Putting the version in the company's place"),
        VERIFY("verify", "Having the canary sign there"),
        RETURN("return", "Leading requests back to the company's place"),
        CLEAR("clear", "Clearing away what stood beside");

        private final String wireName;
        private final String words;

        Step(String wireName, String words) {
            this.wireName = wireName;
            this.words = words;
        }

        static Optional<Step> named(String name) {
            return Arrays.stream(values())
                    .filter(step -> step.wireName.equals(name))
                    .findFirst();
        }

        @Override
        public String toString() {
            return wireName;
        }
    }

    private static final String RESTORE = "restore";
    private static final long POLL_MILLIS = 100;
    private static final int OK = 200;

    /** A server closes a context's connections a moment after the context. */
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final Site site;
    private final String company;
    private final VersionFolder from;
    private final VersionFolder to;
    private final War war;
    private final String beside;
    private final Optional<Canary> canary;
    private final Clock clock;
    private final Entropy entropy;
    private final Terminal terminal;
    private final Deployer deployer;
    private Journal journal;

    /**
     * @param journal of this move, begun now or before a crash
     * @param canary empty when the administrator does without
     */
    Move(Site site, Journal journal, Optional<Canary> canary, Clock clock, Entropy entropy, Terminal terminal)
            throws IOException {
        this.site = site;
        this.journal = journal;
        this.company = journal.company();
        this.from = site.version(journal.from());
        this.to = site.version(journal.to());
        this.war = to.war(company);
        this.beside = Site.beside(company, to);
        this.canary = canary;
        this.clock = clock;
        this.entropy = entropy;
        this.terminal = terminal;
        this.deployer = new Deployer(site, terminal);
    }

    /** Of the WAR that the company is taken to. */
    String version() {
        return war.version();
    }

    /** What is still to be done, as of now. */
    List<Step> steps() throws IOException {
        var steps = new ArrayList<Step>();
        if (!isInPlace()) {
            if (journal.kind().equals(Journal.MIGRATE)) {
                steps.add(Step.BACKUP);
            }
            steps.addAll(List.of(Step.DEPLOY_BESIDE, Step.VERIFY_BESIDE, Step.DIVERT, Step.DRAIN, Step.REPLACE));
        }
        steps.addAll(List.of(Step.VERIFY, Step.RETURN, Step.CLEAR));
        return steps;
    }

    /**
     * Does what is missing.
     *
     * @param until the last step to be done
     * @return the journal; finished when {@code until} was the last step
     */
    Journal run(Step until) throws IOException, SQLException {
        deployer.awaitServer(company);
        for (Step step : steps()) {
            if (step.compareTo(until) > 0) {
                return journal;
            }
            journal = journal.at(step.toString());
            journal.save(site.state());
            terminal.say(step.words + ".");
            take(step);
        }
        journal = journal.at("");
        journal.finish(site.state());
        return journal;
    }

    /**
     * Brings back the data of a backup, the company being away meanwhile, 503 and all. What the database had is backed up
     * before. Afterwards {@link #run} puts the old version in place; after a crash on the way there as well.
     */
    void restore(Backup backup) throws IOException, SQLException {
        deployer.awaitServer(company);
        try (var database = database()) {
            var others = database.others(true);
            if (!others.isEmpty()) {
                throw Refusal.failed("Other machines are connected to the database of " + company + ": "
                        + String.join("; ", others) + ". Nothing was done: stop the company's other nodes first.");
            }
        }
        if (journal.restored().isEmpty()) {
            // The backup to be made here is another one than a migration's that is taken back.
            journal = journal.withBackup("");
        }
        journal = journal.at(RESTORE);
        journal.save(site.state());
        var migrations = backup.migrations(company, site.versions());
        deployer.openWaitingRoom(company);
        if (site.front().isPresent() && site.health(company).context().equals(company)) {
            // What stands beside the company is about to go away, and the waiting room does not answer for it.
            site.front().get().point(company, company);
        }
        terminal.say("Letting the company come to rest.");
        drain(from, company);
        deployer.undeploy(company);
        clearBeside();
        try (var database = database()) {
            refuseWhileOthersAreConnected(database);
            terminal.say("Backing up what is about to be lost.");
            backup(database);
            terminal.say("Restoring " + backup.folder() + ", which loses: "
                    + AuditLoss.since(backup.manifest(), database.connection()).inWords() + ".");
            journal = journal.restoredFrom(backup.folder().toString());
            journal.save(site.state());
            backup.restore(migrations, database);
        }
    }

    private CompanyDatabase database() {
        return CompanyDatabase.open(from.configuration(company), site.environment());
    }

    /** What another node holds open would go on working on data that is about to go away. */
    private void refuseWhileOthersAreConnected(CompanyDatabase database) throws SQLException {
        long began = System.nanoTime();
        var others = database.others(false);
        while (!others.isEmpty()) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(CLOSING) > 0) {
                throw Refusal.failed("Others are connected to the database of " + company + ": "
                        + String.join("; ", others)
                        + ". Nothing was restored, and " + company + " is not deployed. End them and give the same"
                        + " command again, or migrate to " + from + " again.");
            }
            terminal.progress("Waiting for the connections of others to end", waited);
            Daemon.pause(POLL_MILLIS);
            others = database.others(false);
        }
    }

    private void take(Step step) throws IOException, SQLException {
        switch (step) {
            case BACKUP -> {
                try (var database = database()) {
                    backup(database);
                }
            }
            case DEPLOY_BESIDE -> deploy(beside);
            case VERIFY_BESIDE -> prove(beside);
            case DIVERT -> divert();
            case DRAIN -> drain(standing(), company);
            case REPLACE -> replace();
            case VERIFY -> {
                // Open still, when the command was cut off behind the deployment.
                deployer.closeWaitingRoom();
                prove(company);
            }
            case RETURN -> giveBack();
            case CLEAR -> clear();
            default -> throw new IllegalStateException(step.toString());
        }
    }

    /** The version that answers in the company's place: each looks for its drain flag in its own folder. */
    private VersionFolder standing() {
        return site.health(company).is(company, war.version()) ? to : from;
    }

    /** Whether the company's place already has the version, and it is ready. */
    private boolean isInPlace() throws IOException {
        return deployer.hasFile(company, war) && site.health(company).isReady(company, war.version());
    }

    private void backup(CompanyDatabase database) throws IOException, SQLException {
        if (!journal.backup().isEmpty()) {
            Backup.read(Path.of(journal.backup()));
            return;
        }
        var backup = Backup.take(
                Backup.folder(site, company, from, clock.instant()), from, company, database, clock.millis());
        long rows = backup.manifest().tables().stream()
                .mapToLong(Backup.Table::rows)
                .sum();
        terminal.say("  " + rows + " rows of " + backup.manifest().tables().size() + " tables in " + backup.folder());
        journal = journal.withBackup(backup.folder().toString());
        journal.save(site.state());
    }

    private void prove(String context) throws IOException, SQLException {
        if (canary.isEmpty()) {
            terminal.say("  There is no canary: nothing was signed.");
        } else if (isYoungerThanTheData(canary.get())) {
            terminal.say("  The canary is younger than the backup that was restored: nothing was signed. Enrol another"
                    + " one: countersign company canary " + company + " --anew");
        } else {
            canary.get().prove(site.context(context), entropy);
            terminal.say("  It signed at " + context + ", and the signature verifies.");
        }
    }

    private boolean isYoungerThanTheData(Canary enrolled) throws SQLException {
        if (journal.restored().isEmpty()) {
            return false;
        }
        try (var database = database()) {
            return !database.hasCredential(enrolled.credential());
        }
    }

    private void divert() throws IOException {
        if (site.front().isPresent()) {
            site.front().get().point(company, beside);
            terminal.say("  The front asks " + beside + ".");
        } else {
            deployer.openWaitingRoom(company);
        }
    }

    private void replace() throws IOException {
        if (site.front().isEmpty() && journal.restBegan() == 0) {
            journal = journal.restingSince(clock.millis());
            journal.save(site.state());
        }
        deploy(company);
        deployer.closeWaitingRoom();
        // The former version's; a context of the new one looks at its own folder.
        DurableFile.delete(from.drainFlag(company, company));
        if (journal.restBegan() != 0 && journal.rested() < 0) {
            journal = journal.restedFor(clock.millis() - journal.restBegan());
            terminal.say("  " + company + " answered 503 for " + journal.rested() / 1000.0 + " s.");
        }
    }

    private void giveBack() throws IOException {
        DurableFile.delete(from.drainFlag(company, company));
        if (site.front().isPresent()) {
            site.front().get().point(company, company);
            terminal.say("  The front asks " + company + ".");
        }
    }

    private void clear() throws IOException {
        clearBeside();
        for (var version : site.versions()) {
            if (version.has(company) && Files.isRegularFile(version.configuration(company))) {
                DurableFile.delete(version.drainFlag(company, Site.beside(company, version)));
            }
        }
        deployer.closeWaitingRoom();
    }

    /** Has the new WAR deployed under a name and waits until it is ready there. */
    private void deploy(String name) throws IOException {
        // A flag of an earlier move would let it begin at rest.
        DurableFile.delete(to.drainFlag(company, name));
        if (!deployer.comesUpByItself(name, war)) {
            leadBackBefore(name);
            deployer.deploy(name, war);
        }
        terminal.say("  " + name + " is ready in version " + war.version() + ".");
    }

    /** A deployment that the front asks is not put anew under its clients. */
    private void leadBackBefore(String name) throws IOException {
        if (site.front().isEmpty()
                || !name.equals(beside)
                || !site.front().get().target(company).equals(beside)) {
            return;
        }
        var place = site.health(company);
        if (place.status() != OK || !place.context().equals(company)) {
            throw Refusal.failed("The front asks " + beside + ", whose WAR in " + to + " is another one now, and "
                    + company + " itself is " + place.inWords() + ". Put the former WAR back, or roll back.");
        }
        site.front().get().point(company, company);
        terminal.say("  The front asks " + company + " meanwhile.");
    }

    private void drain(VersionFolder version, String name) throws IOException {
        if (site.front().isEmpty() && name.equals(company) && journal.restBegan() == 0) {
            journal = journal.restingSince(clock.millis());
            journal.save(site.state());
        }
        deployer.drain(version.drainFlag(company, name), name);
    }

    /** Lets what stands beside the company come to rest, and takes it away. */
    private void clearBeside() throws IOException {
        for (var version : site.versions()) {
            var name = Site.beside(company, version);
            if (version.has(company) && deployer.isThere(name)) {
                drain(version, name);
                deployer.undeploy(name);
            }
        }
    }
}
