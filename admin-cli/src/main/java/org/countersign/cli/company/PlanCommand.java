package org.countersign.cli.company;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company plan}. */
@Wiring
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "What moving a company to another version would do. Changes nothing. Exit code 1: it can not be.")
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private SiteOptions options;

    @Parameters(index = "0", paramLabel = "COMPANY", description = "The company's context, signer-company-b.")
    private String company;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "The version's folder, such as 015.")
    private String to;

    @Override
    public Integer call() throws IOException, SQLException {
        var result = options.result();
        var site = options.site(System.getenv(), result.terminal());
        site.requireSigner(company);
        var plan = Plan.make(site, company, site.deployedVersion(company), site.version(to));
        result.print(plan, plan.lines());
        return plan.obstacles().isEmpty() ? 0 : Refusal.FAILED;
    }
}
