package org.countersign.cli.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Refusal;

/** PostgreSQL's data directory: made whole or not at all, and freed from what an earlier run left. */
final class DataDirectory {

    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int INITDB_MINUTES = 5;

    private final Path path;

    DataDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    /** Makes the directory when there is none. A crash in between leaves a folder under another name, begun anew. */
    void initialise(PostgresInstallation installation, String superuserPassword) throws IOException {
        if (Files.isRegularFile(path.resolve("PG_VERSION"))) {
            return;
        }
        var parent = path.getParent();
        Files.createDirectories(parent);
        var unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
        var passwordFile = path.resolveSibling("." + path.getFileName() + ".password");
        var log = path.resolveSibling(path.getFileName() + ".initdb.log");
        Folders.deleteTree(unfinished);
        Folders.writePrivate(passwordFile, superuserPassword.getBytes(StandardCharsets.US_ASCII));
        try {
            run(
                    new ProcessBuilder(installation.command(
                                    "initdb",
                                    "--pgdata=" + unfinished,
                                    "--username=" + EmbeddedDatabase.SUPERUSER,
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C"))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile()),
                    log);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Folders.deleteTree(path);
        Files.move(unfinished, path);
        Files.deleteIfExists(log);
    }

    /**
     * Stops a server that still runs on this directory because whoever started it was killed, and removes the lock file
     * of one that ended without a goodbye: its number may by now be another process's, which PostgreSQL would believe.
     *
     * @return whether a server ran
     */
    boolean stopLeftover() throws IOException {
        var lock = path.resolve("postmaster.pid");
        var server = postmaster(lock);
        if (server.isPresent()) {
            stop(server.get());
        }
        Files.deleteIfExists(lock);
        return server.isPresent();
    }

    /** Ends open transactions and sessions, writes everything and stops ("fast shutdown"). */
    static void stop(ProcessHandle postmaster) throws IOException {
        Daemon.signal(postmaster.pid(), "INT");
        if (!Daemon.awaitEnd(postmaster.pid(), STOP)) {
            Daemon.kill(postmaster);
        }
    }

    private Optional<ProcessHandle> postmaster(Path lock) throws IOException {
        if (!Files.isRegularFile(lock)) {
            return Optional.empty();
        }
        var first = Files.readString(lock, StandardCharsets.ISO_8859_1).lines().findFirst();
        return first.filter(line -> line.matches("\\d{1,9}"))
                .map(Long::valueOf)
                .filter(this::runsHere)
                .flatMap(ProcessHandle::of);
    }

    private boolean runsHere(long pid) {
        try {
            var commandLine = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
            return commandLine.contains("postgres") && commandLine.contains(path.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    private static void run(ProcessBuilder builder, Path log) throws IOException {
        var process = builder.start();
        try {
            if (!process.waitFor(INITDB_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw Refusal.failed("The database could not be set up:\n"
                        + Files.readString(log).strip());
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while setting up the database", interrupted);
        }
    }
}
