package org.countersign.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes that outlive a Ctrl-C: the terminal sends it to every process of its group, and servers have to go
 * one after the other. Each gets a session of its own by {@code setsid}, which is part of every Debian.
 */
public final class Daemon {

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    private static final long POLL_MILLIS = 50;

    private Daemon() {}

    /**
     * Starts a command with its output in a file (begun anew) and nothing to read.
     *
     * @param environment added to this process's own; a variable without value ({@code null}) is taken away
     */
    public static Process start(List<String> command, Path directory, Map<String, String> environment, Path output)
            throws IOException {
        var inOwnSession = new ArrayList<String>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(path -> inOwnSession.add(path.toString()));
        inOwnSession.addAll(command);
        var builder = new ProcessBuilder(inOwnSession)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        environment.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder.start();
    }

    /** Asks with SIGTERM, waits, and insists with SIGKILL. */
    public static void stop(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!awaitEnd(process.pid(), patience)) {
            kill(process);
        }
    }

    /** SIGKILL, and waits until it took effect. */
    public static void kill(ProcessHandle process) {
        process.destroyForcibly();
        awaitEnd(process.pid(), Duration.ofSeconds(10));
    }

    /** Waits until Java, too, knows that a process of ours has ended, which it learns a moment later than the system. */
    public static void reap(Process process) {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal Java has no method for. */
    public static void signal(long pid, String signal) throws IOException {
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the process ended in time; a zombie has ended, although its parent may never ask */
    public static boolean awaitEnd(long pid, Duration patience) {
        var identity = ProcessIdentity.of(pid);
        long deadline = System.nanoTime() + patience.toNanos();
        while (identity.isPresent() && identity.get().running().isPresent()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(POLL_MILLIS);
        }
        return true;
    }

    /** Sleeps; an interrupt ends the sleep and stays noted. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
