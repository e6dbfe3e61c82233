package org.countersign.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.countersign.cli.audit.AuditCommand;
import org.countersign.cli.company.CompanyCommand;
import org.countersign.cli.console.PasswordCommand;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.sign.ServerAnswer;
import org.countersign.cli.sign.SignCommand;
import org.countersign.cli.sign.ValidateCommand;
import org.countersign.cli.tenant.TenantCommand;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.up.DownCommand;
import org.countersign.cli.up.StatusCommand;
import org.countersign.cli.up.UpCommand;
import org.countersign.core.configuration.ConfigurationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The command line's entry: names the commands, and turns failures into a message and an exit code. */
@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        versionProvider = Countersign.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs and tries out the Countersign signing platform.",
        footer = {
            "",
            "countersign test builds and tests everything (--all: the long tests on Open Liberty too), countersign"
                    + " benchmark measures signatures, countersign simulate-devices a distribution service, countersign benchmark-wallet"
                    + " a wallet provider, countersign benchmark-documents signed PDFs; countersign help"
                    + " COMMAND says more."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            SignCommand.class,
            ValidateCommand.class,
            AuditCommand.class,
            TenantCommand.class,
            CompanyCommand.class,
            PasswordCommand.class,
            HelpCommand.class
        })
public final class Countersign {

    /** Libraries' remarks on their inner life are not for the user. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    /** They run the servers and the database that the build unpacks. */
    private static final List<String> ONLY_FROM_SOURCE = List.of("up", "down", "status", "sign", "validate");

    private Countersign() {}

    public static void main(String[] arguments) {
        LIBRARIES.setLevel(Level.WARNING);
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        var commands = new CommandLine(new Countersign());
        commands.setUsageHelpAutoWidth(true);
        if (Installation.locate().isPackaged()) {
            var command = commands.getCommandSpec();
            ONLY_FROM_SOURCE.forEach(command::removeSubcommand);
            command.usageMessage().footer("", "countersign help COMMAND says more.");
        }
        commands.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        commands.getSubcommands().values().stream()
                .filter(command -> !(command.getCommand() instanceof HelpCommand))
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return arguments.length == 0 ? commands.execute("--help") : commands.execute(arguments);
    }

    private static int report(Exception failure) throws Exception {
        if (failure instanceof Refusal refusal) {
            System.err.println(refusal.getMessage());
            return refusal.exitCode();
        }
        if (failure instanceof ConfigurationException || failure instanceof ServerAnswer) {
            System.err.println(failure.getMessage());
            return Refusal.FAILED;
        }
        if (failure instanceof SQLException) {
            System.err.println("The database: " + failure.getMessage());
            return Refusal.FAILED;
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            // Disk full, no permission, a file that vanished: the system's words and the file's name say it all.
            System.err.println("It failed: " + failure);
            return Refusal.FAILED;
        }
        throw failure;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"countersign " + Installation.locate().version()};
        }
    }
}
