package org.countersign.cli.wildfly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.countersign.cli.process.Folders;

/** WildFly's {@code jboss.server.base.dir}: configuration, deployments, logs and temporary files of one server. */
final class BaseDirectory {

    private static final List<String> MARKERS =
            List.of(".dodeploy", ".deployed", ".failed", ".isdeploying", ".isundeploying", ".undeployed", ".pending");

    private final Path path;

    BaseDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path configuration() {
        return path.resolve("configuration");
    }

    Path temporary() {
        return path.resolve("jvm-tmp");
    }

    Path serverLog() {
        return path.resolve("log/server.log");
    }

    /** What the process writes before its logging is set up, and everything a JVM says that can not start. */
    Path console() {
        return path.resolve("log/console.log");
    }

    Path processRecord() {
        return path.resolve("process.json");
    }

    /** Makes what is missing. The configuration is WildFly's own, copied anew when another version comes. */
    void prepare(Path home) throws IOException {
        Folders.createPrivate(path);
        Files.createDirectories(path.resolve("deployments"));
        Files.createDirectories(path.resolve("log"));
        Folders.deleteTree(temporary());
        Folders.createPrivate(temporary());
        var version = path.resolve("copied-from");
        var name = home.getFileName().toString();
        if (!Files.isDirectory(configuration())
                || !Files.isRegularFile(version)
                || !Files.readString(version).equals(name)) {
            Folders.copyTree(home.resolve("standalone/configuration"), configuration());
            Files.writeString(version, name);
        }
    }

    /** Puts a file in place and asks for its deployment, also when it failed with the same content before. */
    void deploy(String name, Path war) throws IOException {
        for (String marker : MARKERS) {
            Files.deleteIfExists(marker(name, marker));
        }
        Folders.copyIfDifferent(war, path.resolve("deployments").resolve(name));
        Files.createFile(marker(name, ".dodeploy"));
    }

    /** Why WildFly could not deploy, in its words; empty while it did not fail. */
    Optional<String> deploymentFailure(String name) throws IOException {
        var failed = marker(name, ".failed");
        return Files.isRegularFile(failed)
                ? Optional.of(Files.readString(failed).strip())
                : Optional.empty();
    }

    private Path marker(String name, String suffix) {
        return path.resolve("deployments").resolve(name + suffix);
    }
}
