package org.countersign.cli.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Refusal;

/** PostgreSQL's programs, unpacked. */
public final class PostgresInstallation {

    private static final int EXECUTABLE = 0111;

    private final Path home;
    private final List<String> prefix;

    private PostgresInstallation(Path home, List<String> prefix) {
        this.home = home;
        this.prefix = prefix;
    }

    /**
     * Unpacks the programs unless they are there already. Two processes may do so at once: the first one wins.
     *
     * @param folder the folder of this version, made when missing
     */
    public static PostgresInstallation unpackedIn(Path folder) throws IOException {
        var home = folder.toAbsolutePath().normalize();
        if (!Files.isExecutable(home.resolve("bin/postgres"))) {
            Files.createDirectories(home.getParent());
            var temporary = Files.createTempDirectory(home.getParent(), ".postgresql");
            unpack(temporary);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            try {
                Files.move(temporary, home);
            } catch (FileAlreadyExistsException anotherWasFaster) {
                Folders.deleteTree(temporary);
            }
        }
        return new PostgresInstallation(home, runningAsRoot() ? List.of(unshare(), "-U") : List.of());
    }

    /** The command line of one of the programs. As root in a user namespace of its own: PostgreSQL refuses to be root. */
    List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>(prefix);
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void unpack(Path target) throws IOException {
        var architecture = ArchUtils.normalize(System.getProperty("os.arch"));
        try (var archive = open(architecture);
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, target);
            }
        }
    }

    private static InputStream open(String architecture) throws IOException {
        try {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("linux", architecture);
        } catch (IllegalStateException | IOException noneForThisMachine) {
            throw Refusal.failed("No PostgreSQL comes along for Linux on " + architecture
                    + "; the server itself runs there with a PostgreSQL of yours.");
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("an entry of the archive lies outside it");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, path);
        boolean executable = (entry.getMode() & EXECUTABLE) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static boolean runningAsRoot() throws IOException {
        return Files.isDirectory(Path.of("/proc/self"))
                && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static String unshare() throws IOException {
        try {
            var probe = new ProcessBuilder("unshare", "-U", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0) {
                return "unshare";
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException notInstalled) {
            // Told below, as when it is not allowed.
        }
        throw Refusal.failed("PostgreSQL does not run as root, and this machine does not allow user namespaces"
                + " (\"unshare -U\"), which would help. Run the command as an ordinary user.");
    }
}
