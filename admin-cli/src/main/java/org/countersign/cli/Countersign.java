package org.countersign.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.countersign.cli.audit.AuditCommand;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.sign.SignCommand;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.up.DownCommand;
import org.countersign.cli.up.StatusCommand;
import org.countersign.cli.up.UpCommand;
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
            "countersign test builds and tests everything, countersign benchmark measures signatures; countersign help"
                    + " COMMAND says more."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            SignCommand.class,
            AuditCommand.class,
            HelpCommand.class
        })
public final class Countersign {

    /** Libraries' remarks on their inner life are not for the user. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    private Countersign() {}

    public static void main(String[] arguments) {
        LIBRARIES.setLevel(Level.WARNING);
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        var commands = new CommandLine(new Countersign());
        commands.setUsageHelpAutoWidth(true);
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
