package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ports;

/** A real nginx that ends TLS before a server and tells it which certificate a client showed, as the documentation has it. */
public final class TlsFront implements AutoCloseable {

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid @FOLDER@/nginx.pid;
            error_log @FOLDER@/error.log warn;
            events {}
            http {
                access_log off;
                client_body_temp_path @FOLDER@/body;
                proxy_temp_path @FOLDER@/proxy;
                fastcgi_temp_path @FOLDER@/fastcgi;
                uwsgi_temp_path @FOLDER@/uwsgi;
                scgi_temp_path @FOLDER@/scgi;
                server {
                    listen 127.0.0.1:@PORT@ ssl;
                    ssl_certificate @FOLDER@/front.pem;
                    ssl_certificate_key @FOLDER@/front.key;
                    ssl_verify_client optional_no_ca;
                    location / {
                        proxy_pass @SERVER@;
                        proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    }
                }
            }
            """;

    private final Path folder;
    private final int port;
    private final Process process;

    private TlsFront(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** @param server where it listens, in clear text */
    public static TlsFront start(URI server) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("countersign-front");
        int port = Ports.free();
        var front = new TlsFront(folder, port, null);
        front.issueOwn();
        Files.writeString(
                folder.resolve("nginx.conf"),
                CONFIGURATION
                        .replace("@FOLDER@", folder.toString())
                        .replace("@PORT@", Integer.toString(port))
                        .replace("@SERVER@", "http://" + server.getAuthority()));
        var program = Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
        var process = Daemon.start(
                List.of(program, "-p", folder.toString(), "-c", "nginx.conf"),
                folder,
                Map.of(),
                folder.resolve("console.log"));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!Files.exists(folder.resolve("nginx.pid")) || Files.size(folder.resolve("nginx.pid")) == 0) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "nginx does not start: " + Files.readString(folder.resolve("console.log")));
            }
            Daemon.pause(20);
        }
        return new TlsFront(folder, port, process);
    }

    /** Its own, by an authority of its own, {@code ca.pem}. */
    private void issueOwn() throws IOException, InterruptedException {
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=Authority of the front",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem"));
        run(List.of(
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-keyout",
                "front.key",
                "-out",
                "front.csr"));
        Files.writeString(folder.resolve("front.ext"), "subjectAltName=DNS:localhost\n");
        run(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                "front.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-days",
                "2",
                "-extfile",
                "front.ext",
                "-out",
                "front.pem"));
    }

    /** Whom a client has to trust. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** The address, without a slash at its end. */
    public String address() {
        return "https://localhost:" + port;
    }

    /** Takes connections from now on, and answers nothing. */
    public void stall() throws IOException {
        signal("STOP");
    }

    /** Answers again, also what came in between. */
    public void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException {
        var workers = process.children().map(ProcessHandle::pid).toList();
        for (var worker : workers) {
            Daemon.signal(worker, signal);
        }
    }

    /** Makes a key and a certificate that nobody issued. @return its SHA-256 as openssl tells it */
    public String newCertificate(String name) throws IOException, InterruptedException {
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem"));
        var fingerprint = run(List.of("openssl", "x509", "-in", name + ".pem", "-noout", "-fingerprint", "-sha256"));
        return fingerprint.strip().replaceAll(".*=", "");
    }

    /** As nginx writes it into the header. */
    public String escaped(String certificate) throws IOException {
        return java.net.URLEncoder.encode(
                        Files.readString(folder.resolve(certificate + ".pem")),
                        java.nio.charset.StandardCharsets.US_ASCII)
                .replace("+", "%20");
    }

    /**
     * What curl gets, with a certificate made before.
     *
     * @param certificate its name, or null for none
     * @return the answer's body, a blank and its status
     */
    public String get(String path, String certificate, List<String> headers) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of(
                "curl", "-s", "--max-time", "60", "--noproxy", "*", "--cacert", "ca.pem", "-w", " %{http_code}"));
        if (certificate != null) {
            command.addAll(List.of("--cert", certificate + ".pem", "--key", certificate + ".key"));
        }
        headers.forEach(header -> command.addAll(List.of("-H", header)));
        command.add("https://localhost:" + port + path);
        return run(command);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command.get(0) + " ends with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        Daemon.stop(process.toHandle(), Duration.ofSeconds(10));
        Daemon.reap(process);
        Folders.deleteTree(folder);
    }
}
