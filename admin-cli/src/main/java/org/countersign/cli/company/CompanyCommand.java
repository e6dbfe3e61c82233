package org.countersign.cli.company;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code countersign company}. */
@Command(
        name = "company",
        synopsisSubcommandLabel = "COMMAND",
        description = "Move one company at a time from one version to another, and back.",
        footer = {
            "",
            "The options that all of these need may stand in a file, given as @FILE. docs/operations.md tells the whole story."
        },
        subcommands = {
            ListCommand.class,
            PlanCommand.class,
            CanaryCommand.class,
            MigrateCommand.class,
            RollbackCommand.class,
            VerifyCommand.class,
            ImportPropertiesCommand.class
        })
public final class CompanyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which one? list, plan, migrate …");
    }
}
