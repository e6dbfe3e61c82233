package org.countersign.cli.up;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign up}. */
@Wiring
@Command(
        name = "up",
        description =
                "Start everything: database, server, and ACME's signer, distribution service and wallet provider.")
public final class UpCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--server",
            defaultValue = "wildfly",
            paramLabel = "SERVER",
            description = "The application server: wildfly (default) or liberty.")
    private String serverName;

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "HTTP port on 127.0.0.1, default 8080.")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept, default .countersign/data in the project.")
    private Path folder;

    @Option(names = "--detach", description = "Return when everything is ready; it goes on running.")
    private boolean detach;

    /** Set on the process that {@code --detach} starts. */
    @Option(names = "--supervised", hidden = true)
    private boolean supervised;

    @Override
    public Integer call() throws IOException {
        var kind = kind();
        refuseWrongOptions();
        var terminal = Terminal.standard();
        var entropy = Entropy.system();
        var installation = Installation.locate();
        var data = new DataFolder(folder == null ? installation.defaultData() : folder).prepare();
        if (detach) {
            new Detached(data, kind, port, terminal).run(folder == null, entropy);
            return 0;
        }
        OwnClasses.loadAll();
        var supervisor = new Supervisor(installation, data, kind, port, new Secrets(data.secrets(), entropy), terminal);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(supervisor, terminal), "stop"));
        try {
            run(supervisor, data, entropy, terminal);
        } finally {
            supervisor.close();
        }
        return 0;
    }

    private void run(Supervisor supervisor, DataFolder data, Entropy entropy, Terminal terminal) throws IOException {
        if (supervised) {
            // Shown by the process that started this one: it has the terminal.
            supervisor.start(Optional.ofNullable(System.getenv(Detached.ADMINISTRATOR_SECRET)));
        } else {
            var administrator = new AdministratorSecret(data);
            var secret = administrator.toShow(entropy);
            var state = supervisor.start(secret);
            if (secret.isPresent()) {
                administrator.show(secret.get(), terminal);
            }
            Guide.print(state, data, folder == null, false, terminal);
        }
        supervisor.watch();
    }

    private ServerKind kind() {
        return ServerKind.named(serverName)
                .orElseThrow(
                        () -> new Refusal(Refusal.USAGE, "--server is wildfly or liberty, not " + serverName + "."));
    }

    private void refuseWrongOptions() {
        if (port < 1 || port > LAST_PORT) {
            throw new Refusal(Refusal.USAGE, "--port is a number from 1 to " + LAST_PORT + ".");
        }
    }

    private static void close(Supervisor supervisor, Terminal terminal) {
        try {
            supervisor.close();
        } catch (IOException failure) {
            terminal.say("Not everything could be stopped: " + DataFolder.reason(failure));
        }
    }
}
