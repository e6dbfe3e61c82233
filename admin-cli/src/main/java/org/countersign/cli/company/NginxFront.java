package org.countersign.cli.company;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;

/**
 * An nginx with the shipped configuration in front of the server. Which deployment answers for a company stands in one
 * file that nginx includes; it is replaced whole and nginx reloaded. Before that, the file {@code quiet} beside it makes
 * nginx announce the end of its clients' connections: a reload closes idle ones at once, and a request that is on its way
 * then would be lost. After it, the workers of before are waited for: only when they are gone does nobody send requests
 * to the former deployment.
 */
final class NginxFront {

    private static final String HEAD =
            "# Written by \"countersign company\". A line per company whose requests go to a deployment of another name.\n"
                    + "map $request_uri $countersign_uri {\n    default $request_uri;\n";
    private static final Pattern LINE = Pattern.compile("\\s*~\\^/([^(\\s]+)\\(\\?<rest>\\S+ /(\\S+)\\$rest;");
    private static final Duration RELOAD = Duration.ofSeconds(90);
    private static final long QUIET_MILLIS = 2_000;
    private static final long POLL_MILLIS = 50;

    private final Path include;
    private final List<String> command;
    private final Path pidFile;
    private final URI address;
    private final Terminal terminal;

    /**
     * @param include the file that nginx includes
     * @param command nginx's program with what it needs to find its configuration
     * @param address of the front, to be asked who answers
     */
    NginxFront(Path include, List<String> command, Path pidFile, URI address, Terminal terminal) {
        this.include = include;
        this.command = List.copyOf(command);
        this.pidFile = pidFile;
        this.address = address;
        this.terminal = terminal;
    }

    /** The deployment that is to answer for a company. */
    String target(String company) throws IOException {
        return targets().getOrDefault(company, company);
    }

    /** Whether that deployment does answer. */
    ContextHealth health(String company) {
        return ContextHealth.of(URI.create(address + "/" + company));
    }

    /** Returns when all requests for the company go to the deployment, and none any more to another. */
    void point(String company, String deployed) throws IOException {
        if (!target(company).equals(deployed)
                || !health(company).context().equals(deployed)
                || workersOfBefore().findAny().isPresent()) {
            var targets = targets();
            var former = Files.readAllBytes(include);
            if (deployed.equals(company)) {
                targets.remove(company);
            } else {
                targets.put(company, deployed);
            }
            DurableFile.write(include, text(targets), DurableFile.ALL_MAY_READ);
            var complaint = run("-t");
            if (!complaint.isEmpty()) {
                DurableFile.write(include, former, DurableFile.ALL_MAY_READ);
                throw Refusal.failed("nginx does not accept its configuration; nothing was switched:\n" + complaint);
            }
            reload();
        }
        // A reload that was cut off leaves it.
        Files.deleteIfExists(quiet());
        var health = health(company);
        if (!health.context().equals(deployed)) {
            throw Refusal.failed("The front was told to ask " + deployed + ", but at " + address + "/" + company + " "
                    + (health.context().isEmpty() ? "answers HTTP " + health.status() : health.context() + " answers")
                    + ". Does nginx include " + include + "?");
        }
    }

    private Map<String, String> targets() throws IOException {
        if (!Files.isRegularFile(include)) {
            throw Refusal.failed(include + " does not exist; begin with the shipped config/nginx/companies.conf.");
        }
        var targets = new TreeMap<String, String>();
        for (String line : Files.readAllLines(include)) {
            var matcher = LINE.matcher(line);
            if (matcher.matches()) {
                targets.put(matcher.group(1).replace("\\.", "."), matcher.group(2));
            }
        }
        return targets;
    }

    private static byte[] text(Map<String, String> targets) {
        return (HEAD
                        + targets.entrySet().stream()
                                .map(line -> "    ~^/" + line.getKey().replace(".", "\\.") + "(?<rest>[/?].*)?$ /"
                                        + line.getValue() + "$rest;\n")
                                .collect(Collectors.joining())
                        + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void reload() throws IOException {
        try {
            if (!Files.exists(quiet())) {
                Files.createFile(quiet());
            }
            Daemon.pause(QUIET_MILLIS);
            var before = workers();
            var complaint = run("-s", "reload");
            if (!complaint.isEmpty()) {
                throw Refusal.failed("nginx could not be told to reload its configuration:\n" + complaint);
            }
            long began = System.nanoTime();
            while (before.stream().anyMatch(ProcessHandle::isAlive)) {
                var waited = Duration.ofNanos(System.nanoTime() - began);
                if (waited.compareTo(RELOAD) > 0) {
                    throw Refusal.failed("nginx still has workers with the former configuration: a long request, or the"
                            + " reload failed. See its error log, then give the same command again.");
                }
                terminal.progress("Waiting for nginx to end its former workers", waited);
                Daemon.pause(POLL_MILLIS);
            }
        } finally {
            Files.deleteIfExists(quiet());
        }
    }

    /** While it is there, nginx ends each connection of a client after the next answer. */
    Path quiet() {
        return include.resolveSibling("quiet");
    }

    /** Those of an interrupted reload that still end their requests. */
    private Stream<ProcessHandle> workersOfBefore() throws IOException {
        return workers().stream().filter(worker -> title(worker).contains("shutting down"));
    }

    /** nginx writes there what a worker is about. */
    private static String title(ProcessHandle worker) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(worker.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private List<ProcessHandle> workers() throws IOException {
        if (!Files.isRegularFile(pidFile)) {
            throw Refusal.notRunning("nginx does not run: " + pidFile + " does not exist.");
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow(() -> Refusal.notRunning("nginx does not run: no process has the number in " + pidFile))
                .children()
                .toList();
    }

    /** @return what the program complains of; empty when it succeeded */
    private String run(String... arguments) throws IOException {
        var line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(RELOAD.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "it did not end";
            }
            return process.exitValue() == 0 ? "" : output.strip() + " (exit code " + process.exitValue() + ")";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nginx ran", interrupted);
        }
    }
}
