package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.agent.Tools;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.junit.jupiter.api.Assumptions;

/**
 * Web sites on port 443 of an address that is neither loopback nor private, so that browsers treat their pages as the
 * Internet's: an nginx in a network namespace of the test's own, at an address for documentation (RFC 5737). Each name of
 * {@code example.com} shows the same folder, but {@code ds.example.com}, which leads to a server of the test's.
 */
public final class PublicSites implements AutoCloseable {

    private static final java.util.concurrent.atomic.AtomicInteger RIGS =
            new java.util.concurrent.atomic.AtomicInteger();
    private static final Pattern PEM = Pattern.compile("-----[A-Z ]+-----|\\s");

    private static final String NAMES = "DNS:*.example.com";

    private static final String COMMON = """
            daemon off;
            user root;
            worker_processes 1;
            pid @FOLDER@/@NAME@.pid;
            error_log @FOLDER@/@NAME@.log warn;
            events {}
            http {
                access_log off;
                client_body_temp_path @FOLDER@/@NAME@-body;
                proxy_temp_path @FOLDER@/@NAME@-proxy;
                fastcgi_temp_path @FOLDER@/@NAME@-fastcgi;
                uwsgi_temp_path @FOLDER@/@NAME@-uwsgi;
                scgi_temp_path @FOLDER@/@NAME@-scgi;
                types { text/html html; text/javascript js mjs; text/plain txt; }
            """;

    private static final String SITES = COMMON + """
                ssl_certificate @FOLDER@/site.pem;
                ssl_certificate_key @FOLDER@/site.key;
                server {
                    listen 443 ssl default_server;
                    root @FOLDER@/pages;
                    add_header Cache-Control no-store;
                }
                server {
                    listen 443 ssl;
                    server_name ds.example.com;
                    location / {
                        proxy_pass http://unix:@FOLDER@/server.socket;
                        proxy_set_header Host $host;
                    }
                }
            }
            """;

    /** In the machine's own namespace: a path in the file system is all that both have in common. */
    private static final String LINK = COMMON + """
                server {
                    listen unix:@FOLDER@/server.socket;
                    location / {
                        # It asks for the server by its own name, as only a test may: the console's users are for demonstration.
                        proxy_pass @SERVER@;
                    }
                }
            }
            """;

    private final Path folder;
    private final String namespace;
    private final String address;
    private final List<Process> processes = new ArrayList<>();
    private boolean networked;

    private PublicSites(Path folder, String namespace, String address) {
        this.folder = folder;
        this.namespace = namespace;
        this.address = address;
    }

    /** Skips the test, with a printed reason, where programs or rights are missing. */
    public static void require() {
        Tools.require("ip", "nginx", "openssl", "chromium", "chromedriver");
        if (!"root".equals(System.getProperty("user.name"))) {
            System.err.println("Skipped: network namespaces are made by root only");
            Assumptions.abort("Network namespaces are made by root only");
        }
        try {
            var probe = "countersign-probe-" + ProcessHandle.current().pid();
            ip("netns", "add", probe);
            ip("netns", "del", probe);
        } catch (AssertionError refused) {
            System.err.println("Skipped: this machine makes no network namespaces: " + refused.getMessage());
            Assumptions.abort("This machine makes no network namespaces");
        }
    }

    /** @param server behind {@code ds.example.com}; null for none */
    public static PublicSites start(URI server) throws IOException {
        var folder = Files.createTempDirectory("countersign-sites");
        Files.createDirectories(folder.resolve("pages"));
        // The kernel takes a namespace's interfaces away some time after it.
        long number = (ProcessHandle.current().pid() + RIGS.getAndIncrement()) % 60;
        var sites = new PublicSites(folder, "countersign-" + number, "203.0.113." + (4 * number + 2));
        try {
            sites.network(number);
            sites.certificates();
            if (server != null) {
                sites.nginx("link", LINK.replace("@SERVER@", "http://" + server.getAuthority()));
            }
            sites.nginx("sites", SITES, "ip", "netns", "exec", sites.namespace);
            return sites;
        } catch (IOException | RuntimeException | AssertionError failure) {
            sites.close();
            throw failure;
        }
    }

    private void network(long number) {
        var outside = "cs" + number + "o";
        var inside = "cs" + number + "i";
        ip("netns", "add", namespace);
        networked = true;
        ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace);
        ip("addr", "add", "203.0.113." + (4 * number + 1) + "/30", "dev", outside);
        ip("link", "set", outside, "up");
        ip("-n", namespace, "addr", "add", address + "/30", "dev", inside);
        ip("-n", namespace, "link", "set", inside, "up");
    }

    private static void ip(String... arguments) {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Tools.run(Path.of("/"), command.toArray(String[]::new));
    }

    private void certificates() {
        var key = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2");
        openssl(
                key,
                "req",
                "-x509",
                "-subj",
                "/CN=Sites of a test",
                "-keyout",
                "authority.key",
                "-out",
                "authority.pem");
        openssl(
                key,
                "req",
                "-x509",
                "-subj",
                "/CN=example.com",
                "-addext",
                "subjectAltName=" + NAMES,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "extendedKeyUsage=serverAuth",
                "-CA",
                "authority.pem",
                "-CAkey",
                "authority.key",
                "-keyout",
                "site.key",
                "-out",
                "site.pem");
    }

    private void openssl(List<String> key, String... arguments) {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        command.addAll(key);
        Tools.run(folder, command.toArray(String[]::new));
    }

    private void nginx(String name, String configuration, String... before) throws IOException {
        Files.writeString(
                folder.resolve(name + ".conf"),
                configuration.replace("@FOLDER@", folder.toString()).replace("@NAME@", name));
        var command = new ArrayList<>(List.of(before));
        var program = Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
        command.addAll(List.of(program, "-p", folder.toString(), "-c", name + ".conf"));
        var process = Daemon.start(command, folder, Map.of(), folder.resolve(name + "-console.log"));
        processes.add(process);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var pid = folder.resolve(name + ".pid");
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "nginx does not start: " + Files.readString(folder.resolve(name + "-console.log")));
            }
            Daemon.pause(20);
        }
    }

    /** Where files of the sites go. */
    public Path pages() {
        return folder.resolve("pages");
    }

    /** In PEM. */
    public Path authority() {
        return folder.resolve("authority.pem");
    }

    /** In the form of a hosts file. */
    public Path hosts() throws IOException {
        return Files.writeString(folder.resolve("hosts"), address + " ds.example.com\n");
    }

    /** What lets a Chromium find the sites. */
    public String resolution() {
        return "--host-resolver-rules=MAP *.example.com " + address;
    }

    /** A certificate as the browser's policies have it. */
    public static String certificate(Path pem) throws IOException {
        var base64 = PEM.matcher(Files.readString(pem)).replaceAll("");
        return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(base64));
    }

    @Override
    public void close() throws IOException {
        for (var process : processes) {
            Daemon.stop(process.toHandle(), Duration.ofSeconds(10));
            Daemon.reap(process);
        }
        try {
            if (networked) {
                ip("netns", "del", namespace);
            }
        } finally {
            Folders.deleteTree(folder);
        }
    }
}
