package org.countersign.agent;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** An agent in a process of its own, without a desktop, so that its threads, files and memory can be counted. Linux only. */
public final class AgentProcess implements AutoCloseable {

    private static final Pattern PORTS = Pattern.compile("https://localhost:(\\d+), http://localhost:(\\d+)");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern CODE = Pattern.compile("\"success\":false,\"code\":(\\d+)");

    private final Process process;
    private final Path data;
    private final Path errors;
    private final int https;
    private final int http;

    private AgentProcess(Process process, Path data, Path errors, int https, int http) {
        this.process = process;
        this.data = data;
        this.errors = errors;
        this.https = https;
        this.http = http;
    }

    /** Of the classes that are tested, without tokens and consent, unless the arguments say otherwise. */
    public static AgentProcess start(Path folder, String... arguments) {
        return start(folder, List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()), arguments);
    }

    /** @param program what stands behind {@code java} */
    public static AgentProcess start(Path folder, List<String> program, String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return launch(folder, java, program, arguments);
    }

    /** @param java the runtime */
    public static AgentProcess launch(Path folder, String java, List<String> program, String... arguments) {
        var command = new ArrayList<String>(List.of(java));
        command.addAll(program);
        command.addAll(List.of(
                "--data=" + folder.resolve("data"),
                "--port.https=0",
                "--port.http=0",
                "--origins=" + RunningAgent.ORIGIN,
                "--token.required=false",
                "--consent.required=false"));
        for (var argument : arguments) {
            var key = argument.substring(0, argument.indexOf('=') + 1);
            command.removeIf(earlier -> earlier.startsWith(key));
            command.add(argument);
        }
        try {
            Files.createDirectories(folder);
            var errors = folder.resolve("errors.txt");
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
            builder.environment().keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY"));
            var process = builder.start();
            // It prints nothing but this line.
            var line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            var ports = PORTS.matcher(line == null ? "" : line);
            if (!ports.find()) {
                process.destroyForcibly();
                throw new AssertionError("The agent did not start:\n" + Files.readString(errors));
            }
            return new AgentProcess(
                    process,
                    folder.resolve("data"),
                    errors,
                    Integer.parseInt(ports.group(1)),
                    Integer.parseInt(ports.group(2)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int httpsPort() {
        return https;
    }

    public int httpPort() {
        return http;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its data folder. */
    public Path data() {
        return data;
    }

    /** What it wrote to standard error. */
    public Path errors() {
        return errors;
    }

    /**
     * What came back.
     *
     * @param status 0 when the connection ended without an answer
     * @param code of the error; 0 when it is none of the agent's own
     * @param text head and body
     */
    public record Reply(int status, int code, String text) {

        static Reply of(String all) {
            // Before the answer to "Expect: 100-continue" there is one that says to go on.
            var text = all.startsWith("HTTP/1.1 100 ") ? all.substring(all.indexOf("\r\n\r\n") + 4) : all;
            var status = STATUS.matcher(text);
            var code = CODE.matcher(text);
            return new Reply(
                    status.lookingAt() ? Integer.parseInt(status.group(1)) : 0,
                    code.find() ? Integer.parseInt(code.group(1)) : 0,
                    text);
        }

        public String body() {
            int head = text.indexOf("\r\n\r\n");
            return head < 0 ? "" : text.substring(head + 4);
        }
    }

    /**
     * Bytes as they stand, over a connection of their own; waits for its end.
     *
     * @param nothingMore whether to tell the agent at once that nothing follows
     */
    public Reply send(byte[] request, boolean nothingMore, int milliseconds) throws IOException {
        try (var socket = new Socket("127.0.0.1", http)) {
            socket.setSoTimeout(milliseconds);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            if (nothingMore) {
                socket.shutdownOutput();
            }
            return Reply.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** As the page at {@link RunningAgent#ORIGIN}. */
    public Reply get(String path) throws IOException {
        return send(request("GET", path, ""), false, 120_000);
    }

    /** As the page at {@link RunningAgent#ORIGIN}. */
    public Reply post(String path, String json) throws IOException {
        return send(request("POST", path, json), false, 120_000);
    }

    private byte[] request(String method, String path, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = method + " " + path + " HTTP/1.1\r\nHost: localhost:" + http + "\r\nOrigin: " + RunningAgent.ORIGIN
                + "\r\nX-CSRF-Token: test\r\nConnection: close\r\n"
                + ("GET".equals(method)
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n")
                + "\r\n";
        return (head + body).getBytes(StandardCharsets.UTF_8);
    }

    public int threads() {
        return entries("task");
    }

    public int fileDescriptors() {
        return entries("fd");
    }

    private int entries(String folder) {
        var names = new File("/proc/" + process.pid() + "/" + folder).list();
        return names == null ? 0 : names.length;
    }

    /** In bytes, after a full collection. */
    public long liveHeap() {
        var lines = jcmd("GC.class_histogram").lines().toList();
        var total = lines.stream().filter(line -> line.startsWith("Total")).findFirst();
        return Long.parseLong(
                total.orElseThrow(() -> new AssertionError(lines)).strip().split("\\s+")[2]);
    }

    /** What all threads do. */
    public String stacks() {
        return jcmd("Thread.print");
    }

    /** In bytes, of the process alone. */
    public long resident() throws IOException {
        return resident(process.pid());
    }

    public static long resident(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Its children: the libraries' processes. */
    public List<ProcessHandle> children() {
        return process.children().toList();
    }

    private String jcmd(String command) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return Tools.run(Path.of("/"), jcmd, Long.toString(process.pid()), command);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
