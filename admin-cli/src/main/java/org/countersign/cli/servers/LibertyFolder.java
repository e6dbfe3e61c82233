package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.cli.process.Folders;

/** Open Liberty's {@code WLP_USER_DIR} with one server in it, called {@code countersign}. */
final class LibertyFolder implements ServerFolder {

    private static final String SERVER = "countersign";
    private static final int FIRST_WITH_OTHER_OPTIONS = 24;
    private static final Pattern ENTRY = Pattern.compile("\\[\\d{4}-[^]]+] [0-9a-f]{8} .{60} ([A-Z]) .*");
    private static final String STARTING = "CWWKE0001I";

    private final Path path;
    private final LibertyDeployments deployments;

    LibertyFolder(Path path) {
        this.path = path;
        this.deployments = new LibertyDeployments(server().resolve("dropins"), log().path());
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public ServerLog log() {
        return new ServerLog(path.resolve("log/messages.log"), ENTRY, STARTING);
    }

    @Override
    public Deployments deployments() {
        return deployments;
    }

    @Override
    public void prepare(ServerSettings settings) throws IOException {
        Folders.createPrivate(path);
        Files.createDirectories(server().resolve("dropins"));
        Files.createDirectories(path.resolve("log"));
        Folders.deleteTree(temporary());
        Folders.createPrivate(temporary());
        try (var own = LibertyFolder.class.getResourceAsStream("server.xml")) {
            Files.write(server().resolve("server.xml"), own.readAllBytes());
        }
    }

    /** What {@code bin/server run countersign} would run. */
    @Override
    public List<String> command(ServerSettings settings) throws IOException {
        var home = settings.home();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"));
        command.addAll(modules(home));
        command.add("-Xms64m");
        command.add("-Xmx" + settings.heapMegabytes() + "m");
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("-Djava.awt.headless=true");
        // Native libraries are unpacked there and loaded: no place other users may write to.
        command.add("-Djava.io.tmpdir=" + temporary());
        command.addAll(settings.jvmOptions());
        command.add("-Dcountersign.http.address=" + settings.bindAddress());
        command.add("-Dcountersign.http.port=" + settings.httpPort());
        settings.systemProperties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-jar");
        command.add(home.resolve("bin/tools/ws-server.jar").toString());
        command.add(SERVER);
        return command;
    }

    @Override
    public Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("WLP_USER_DIR", path.toString());
        environment.put("WLP_OUTPUT_DIR", path.resolve("servers").toString());
        environment.put("LOG_DIR", path.resolve("log").toString());
        // Another server's, in the shell that started us, would be taken for ours.
        for (String other : List.of("LOG_FILE", "VARIABLE_SOURCE_DIRS", "WLP_LOGGING_MESSAGE_FORMAT")) {
            environment.put(other, null);
        }
        return environment;
    }

    private Path server() {
        return path.resolve("servers").resolve(SERVER);
    }

    /** The options of the file that Open Liberty's own script reads, each with its reason there. */
    private static List<String> modules(Path home) throws IOException {
        var file = Runtime.version().feature() < FIRST_WITH_OTHER_OPTIONS ? "java9.options" : "java24.options";
        return Files.readString(home.resolve("lib/platform/java").resolve(file), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
