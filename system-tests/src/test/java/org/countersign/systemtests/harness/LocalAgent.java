package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.countersign.cli.process.Daemon;

/** A real agent from its jar, on free ports. */
public final class LocalAgent implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("https://localhost:([0-9]+), http://localhost:([0-9]+);");

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path data;
    private final String https;
    private final String http;

    private LocalAgent(Process process, Path data, String https, String http) {
        this.process = process;
        this.data = data;
        this.https = https;
        this.http = http;
    }

    /**
     * @param data its folder
     * @param java options of the virtual machine
     * @param environment of the process, beside this one's
     * @param settings as {@code --key=value}
     */
    public static LocalAgent start(Path data, List<String> java, Map<String, String> environment, String... settings)
            throws IOException {
        Files.createDirectories(data);
        var jar = Path.of(System.getProperty("countersign.root"), "connector-agent", "target", "connector-agent.jar");
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(java);
        command.addAll(List.of("-jar", jar.toString(), "--data=" + data, "--port.https=0", "--port.http=0"));
        command.addAll(List.of(settings));
        var log = data.resolve("output.log");
        var process = Daemon.start(command, data, environment, log);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var output = Files.exists(log) ? Files.readString(log) : "";
            var started = STARTED.matcher(output);
            if (started.find()) {
                return new LocalAgent(process, data, started.group(1), started.group(2));
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                Daemon.stop(process.toHandle(), Duration.ofSeconds(10));
                throw new IllegalStateException("The agent does not start: " + output);
            }
            Daemon.pause(50);
        }
    }

    public String https() {
        return "https://localhost:" + https;
    }

    public String http() {
        return "http://localhost:" + http;
    }

    public String httpsPort() {
        return https;
    }

    public String httpPort() {
        return http;
    }

    /** The certificate that browsers have to trust, in PEM. */
    public Path authority() {
        return data.resolve("loopback-authority.pem");
    }

    public String log() throws IOException {
        return Files.readString(data.resolve("output.log"));
    }

    /** What a page gets over HTTP. */
    public Answer get(String path, String origin, String token, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(http() + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .header("Origin", origin)
                .header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Http.send(request.GET());
    }

    /** Waits until it is so. */
    public void await(String what, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The agent never " + what + ": " + log());
            }
            Daemon.pause(100);
        }
    }

    /** What {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        Daemon.reap(process);
    }

    @Override
    public void close() {
        Daemon.stop(process.toHandle(), Duration.ofSeconds(10));
        Daemon.reap(process);
    }
}
