package org.countersign.cli.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Consumer;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.ProcessIdentity;
import org.countersign.cli.terminal.Refusal;

/**
 * An application server that is started, watched, killed and started again.
 *
 * <pre>{@code
 * var server = new ApplicationServer(new ServerSettings(ServerKind.WILDFLY, home, base)
 *         .environment("ACME_DATABASE_URL", url)
 *         .systemProperty("signer-0.1.4.config.location", "file:…")
 *         .deployment("signer-acme.war", war));
 * server.start();
 * server.awaitReady(server.address().resolve("/signer-acme/health/ready"), Duration.ofMinutes(3), elapsed -> {});
 * }</pre>
 */
public final class ApplicationServer implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(45);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 250;
    private static final int OK = 200;

    private final ServerSettings settings;
    private final ServerFolder folder;
    private final Deployments deployments;
    /** Not HTTP/2: a connection that is upgraded keeps the context it first asked in Open Liberty's memory until it is closed. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE)
            .build();

    private Process process;

    public ApplicationServer(ServerSettings settings) {
        this.settings = settings;
        this.folder = settings.kind().folder(settings.base());
        this.deployments = folder.deployments();
    }

    /** Stops a server that still runs in a base directory although its owner is gone. @return whether one did */
    public static boolean stopLeftover(ServerKind kind, Path baseDirectory) {
        var running =
                ProcessIdentity.load(kind.folder(baseDirectory).processRecord()).flatMap(ProcessIdentity::running);
        running.ifPresent(leftover -> Daemon.stop(leftover, STOP));
        return running.isPresent();
    }

    /** Starts the process and returns at once. */
    public synchronized void start() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException("the server runs already");
        }
        folder.prepare(settings);
        for (var deployment : settings.deployments().entrySet()) {
            deployments.deploy(deployment.getKey(), deployment.getValue());
        }
        var environment = new HashMap<>(settings.environment());
        environment.putAll(folder.environment());
        process = Daemon.start(folder.command(settings), folder.path(), environment, folder.console());
        var identity = ProcessIdentity.of(process.pid());
        if (identity.isPresent()) {
            identity.get().save(folder.processRecord());
        }
    }

    /**
     * Returns when the address answers 200.
     *
     * @param progress told the time since the call, several times a second
     * @throws Refusal when the process ends, a deployment fails or the time is over; the message says why
     */
    public void awaitReady(URI probe, Duration patience, Consumer<Duration> progress) throws IOException {
        long began = System.nanoTime();
        var answer = "nothing";
        while (true) {
            var elapsed = Duration.ofNanos(System.nanoTime() - began);
            progress.accept(elapsed);
            refuseWhatFailed();
            var status = status(probe);
            if (status.isPresent() && status.get() == OK) {
                return;
            }
            answer = status.map(code -> "HTTP " + code).orElse(answer);
            if (elapsed.compareTo(patience) > 0) {
                throw Refusal.failed("The server was not ready after " + patience.toSeconds() + " s: " + probe
                        + " answered " + answer + "." + troubles(""));
            }
            Daemon.pause(POLL_MILLIS);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while the server started");
            }
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + settings.httpPort());
    }

    /** The log that the server itself writes. */
    public Path log() {
        return folder.log().path();
    }

    /** Where more can be deployed, and what became of what is. */
    public Deployments deployments() {
        return deployments;
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The process as it was started last, for measurements. */
    public synchronized ProcessHandle process() {
        return process.toHandle();
    }

    /** How the process ended. @throws IllegalThreadStateException while it runs */
    public synchronized int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL: what a crash does. */
    public synchronized void kill() {
        Daemon.kill(process.toHandle());
        Daemon.reap(process);
    }

    /** Stops in order, by SIGTERM; a server that does not is killed after a while. */
    @Override
    public void close() {
        // Not synchronized: waiting must not keep others from asking whether the server lives.
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running != null && running.isAlive()) {
            Daemon.stop(running.toHandle(), STOP);
            Daemon.reap(running);
        }
    }

    private void refuseWhatFailed() throws IOException {
        if (!isAlive()) {
            throw Refusal.failed("The server ended while it started (exit code " + exitCode() + ")." + troubles(""));
        }
        for (String name : settings.deployments().keySet()) {
            var state = deployments.state(name);
            if (state.phase() == Deployments.Phase.FAILED) {
                throw Refusal.failed("The server could not start " + name + "." + troubles(state.message()));
            }
        }
    }

    private String troubles(String otherwise) {
        return new Troubles(folder.log(), folder.console()).describe(otherwise);
    }

    private Optional<Integer> status(URI probe) {
        try {
            var request = HttpRequest.newBuilder(probe).timeout(PROBE).build();
            return Optional.of(
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (IOException notYet) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
