package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company verify}. */
@Wiring
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Whether a company is whole: deployed, ready, on a schema its version runs on, reached by the front,"
                        + " signing, or publishing its keys if it is a distribution service, and nothing of a move left"
                        + " over. Exit code 1: it is not.")
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private SiteOptions options;

    @Parameters(index = "0", paramLabel = "COMPANY", description = "The company's context, signer-company-b.")
    private String company;

    @Option(names = "--without-canary", description = "Do not sign.")
    private boolean withoutCanary;

    @Override
    public Integer call() throws IOException, SQLException {
        var result = options.result();
        var site = options.site(System.getenv(), result.terminal());
        var version = site.deployedVersion(company);
        var war = War.read(site.deployed(company));
        var findings = new ArrayList<String>();
        var health = site.health(company);
        if (!health.isReady(company, war.version())) {
            findings.add(company + " should be ready in version " + war.version() + " and is: " + health.inWords());
        }
        try (var database = CompanyDatabase.open(version.configuration(company), site.environment())) {
            var history = database.history();
            for (String module : War.MODULES) {
                if (CompanyDatabase.newest(history, module) < war.newest(module)) {
                    findings.add("the schema of " + module + " is older than the version");
                }
            }
            CompanyDatabase.forbidding(history, war)
                    .forEach(row -> findings.add(
                            "the version can not run after migration " + row.number() + " of " + row.module()));
        }
        if (site.front().isPresent() && !site.front().get().health(company).isReady(company, war.version())) {
            findings.add("the front does not lead to " + company + ": it is answered by "
                    + site.front().get().health(company).context());
        }
        leftovers(site, findings);
        if (war.otherProduct().isPresent()) {
            if (!ContextHealth.hasKeys(site.context(company))) {
                findings.add("no keys are published that would verify what it signs");
            }
        } else {
            sign(site, findings);
        }
        var lines = new ArrayList<String>();
        findings.forEach(finding -> lines.add("  " + finding));
        lines.add(0, company + " " + war.version() + ": " + (findings.isEmpty() ? "whole." : "not whole:"));
        result.print(Map.of("company", company, "version", war.version(), "findings", findings), lines);
        return findings.isEmpty() ? 0 : Refusal.FAILED;
    }

    private void leftovers(Site site, List<String> findings) throws IOException {
        Journal.underWay(site.state(), company)
                .ifPresent(journal -> findings.add("a " + journal.kind() + " is under way, at " + journal.step()));
        for (var version : site.versions()) {
            var beside = Site.beside(company, version);
            if (Files.exists(site.deployed(beside))) {
                findings.add(beside + " is still deployed");
            }
        }
        if (Files.exists(site.deployed(WaitingRoom.CONTEXT))) {
            findings.add("the waiting room is still deployed");
        }
        findings.addAll(leftFiles(site, company));
    }

    /** Files that a move makes for a while, and that an interrupted one leaves. */
    static List<String> leftFiles(Site site, String company) throws IOException {
        var findings = new ArrayList<String>();
        for (var version : site.versions()) {
            if (!version.has(company)) {
                continue;
            }
            for (var name : List.of(company, Site.beside(company, version))) {
                if (Files.exists(version.drainFlag(company, name))) {
                    findings.add(
                            version.drainFlag(company, name) + " keeps " + name + " of " + version.name() + " at rest");
                }
            }
        }
        if (site.front().isPresent() && Files.exists(site.front().get().quiet())) {
            findings.add(site.front().get().quiet() + " has the front end its clients' connections");
        }
        for (Path partial : Backup.partial(site, company)) {
            findings.add(partial + " is of a backup that was cut off");
        }
        return findings;
    }

    private void sign(Site site, List<String> findings) throws IOException {
        var canary = Canary.load(site, company).filter(Canary::isEnrolled);
        if (withoutCanary) {
            return;
        }
        if (canary.isEmpty()) {
            findings.add("there is no canary that could sign");
            return;
        }
        try {
            canary.get().prove(site.context(company), Entropy.system());
        } catch (Refusal refused) {
            findings.add(refused.getMessage());
        }
    }
}
