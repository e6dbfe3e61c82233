package org.countersign.systemtests.tenant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.Countersign;
import org.countersign.systemtests.harness.TestServer;

/** The command as an administrator runs it: a process of its own, with a server's environment. */
public final class TenantTool {

    /** @param output both streams, as they came */
    public record Run(int exitCode, String output) {}

    private final TestServer server;
    private final Map<String, String> environment;
    private final Path folder;

    public TenantTool(TestServer server, Map<String, String> environment, Path folder) {
        this.server = server;
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    public Run run(String... arguments) throws Exception {
        var output = Files.createTempFile(folder, "output", ".txt");
        var process = start(output, arguments);
        if (!process.waitFor(4, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("Still running: " + List.of(arguments) + "\n" + Files.readString(output));
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    Process start(Path output, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dcountersign.root=" + server.installation().root(),
                "-cp",
                System.getProperty("java.class.path"),
                Countersign.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment()
                .put(
                        "SIGNER_"
                                + server.installation().version().replaceAll("[^A-Za-z0-9]", "_")
                                + "_CONFIG_LOCATION",
                        "file:" + server.folder().resolve("config/application.properties"));
        return builder.start();
    }

    /** A file for its owner alone. */
    Path secret(String name, String content) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
