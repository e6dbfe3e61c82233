package org.countersign.cli.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign down}. */
@Command(name = "down", description = "Stop everything that up started; the data stays.")
public final class DownCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder given to up.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.standard();
        var data = new DataFolder(folder == null ? Installation.locate().defaultData() : folder);
        if (!Files.isDirectory(data.run())) {
            terminal.say("Nothing runs on " + data.path() + ".");
            return 0;
        }
        boolean stopped = stopSupervisor(data, terminal);
        try (var lock = RunLock.take(data).orElse(null)) {
            if (lock == null) {
                throw Refusal.failed("A start is under way on " + data.path() + "; try again in a moment.");
            }
            stopped |= Leftovers.stop(data, terminal);
        }
        terminal.say(
                stopped ? "Stopped; the data stays in " + data.path() + "." : "Nothing runs on " + data.path() + ".");
        return 0;
    }

    private static boolean stopSupervisor(DataFolder data, Terminal terminal) {
        var supervisor =
                RunState.current(data).flatMap(state -> state.supervisor().running());
        if (supervisor.isEmpty()) {
            return false;
        }
        terminal.say("Stopping.");
        // A supervisor that does not stop in time is killed; its servers are then stopped as leftovers.
        Daemon.stop(supervisor.get(), PATIENCE);
        return true;
    }
}
