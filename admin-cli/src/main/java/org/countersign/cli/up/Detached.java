package org.countersign.cli.up;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;

/**
 * {@code up --detach}: starts the supervisor in a session of its own, repeats here what it writes to its log until
 * everything is ready, and leaves it alone. The administrator's secret goes to it by its environment and is shown here, so
 * that it never stands in the log.
 */
final class Detached {

    static final String ADMINISTRATOR_SECRET = "COUNTERSIGN_ADMINISTRATOR_SECRET";

    private static final long POLL_MILLIS = 200;

    private final DataFolder data;
    private final ServerKind kind;
    private final int port;
    private final Terminal terminal;

    Detached(DataFolder data, ServerKind kind, int port, Terminal terminal) {
        this.data = data;
        this.kind = kind;
        this.port = port;
        this.terminal = terminal;
    }

    void run(boolean defaultData, Entropy entropy) throws IOException {
        try (var lock = RunLock.take(data).orElse(null)) {
            if (lock == null) {
                throw Supervisor.runsAlready(data);
            }
        }
        var administrator = new AdministratorSecret(data);
        var secret = administrator.toShow(entropy);
        var environment = new HashMap<String, String>();
        environment.put(ADMINISTRATOR_SECRET, secret.orElse(null));
        var log = data.log().resolve("up.log");
        var process = Daemon.start(command(), Path.of("").toAbsolutePath(), environment, log);
        var giveUp = new Thread(process::destroy, "give-up");
        Runtime.getRuntime().addShutdownHook(giveUp);
        var state = follow(process, log);
        if (secret.isPresent()) {
            administrator.show(secret.get(), terminal);
        }
        Runtime.getRuntime().removeShutdownHook(giveUp);
        Guide.print(state, data, defaultData, true, terminal);
    }

    private RunState follow(Process process, Path log) throws IOException {
        long began = System.nanoTime();
        try (var output = new RandomAccessFile(log.toFile(), "r")) {
            while (true) {
                var alive = process.isAlive();
                repeat(output);
                if (!alive) {
                    throw new Refusal(Math.max(1, process.exitValue()), "It did not start; the log: " + log);
                }
                var state = RunState.current(data);
                if (state.isPresent()
                        && state.get().ready()
                        && state.get().supervisor().pid() == process.pid()) {
                    return state.get();
                }
                if (terminal.isInteractive()) {
                    terminal.progress("Starting", Duration.ofNanos(System.nanoTime() - began));
                }
                Daemon.pause(POLL_MILLIS);
            }
        }
    }

    /** Whole lines only; the rest is read again when it has its end. */
    private void repeat(RandomAccessFile output) throws IOException {
        long from = output.getFilePointer();
        var bytes = new byte[(int) (output.length() - from)];
        output.readFully(bytes);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        output.seek(from + end);
        new String(bytes, 0, end, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !(terminal.isInteractive() && Terminal.isProgress(line)))
                .forEach(terminal::say);
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-X"))
                .toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Dcountersign.root=" + System.getProperty("countersign.root", ""));
        command.add("org.countersign.cli.Countersign");
        command.addAll(List.of("up", "--supervised", "--server", kind.toString()));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of("--data", data.path().toString()));
        return command;
    }
}
