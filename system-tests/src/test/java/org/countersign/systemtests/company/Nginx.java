package org.countersign.systemtests.company;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ports;

/** Debian's nginx with the shipped configuration, on a free port and in a folder of its own. */
final class Nginx implements AutoCloseable {

    private static final String MAIN = """
            daemon off;
            worker_processes 2;
            pid @FOLDER@/nginx.pid;
            error_log @FOLDER@/error.log warn;
            events {}
            http {
                access_log @FOLDER@/access.log;
                client_body_temp_path @FOLDER@/body;
                proxy_temp_path @FOLDER@/proxy;
                fastcgi_temp_path @FOLDER@/fastcgi;
                uwsgi_temp_path @FOLDER@/uwsgi;
                scgi_temp_path @FOLDER@/scgi;
                include @FOLDER@/countersign.conf;
            }
            """;

    private final Path folder;
    private final int port;
    private final Process process;

    private Nginx(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** @param shipped the project's config/nginx. @param server where the application server listens */
    static Nginx start(Path shipped, URI server) throws IOException {
        // Its workers are another user's, who must see whether the file "quiet" is there.
        var folder = Files.createTempDirectory("countersign-nginx");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = Ports.free();
        Files.copy(shipped.resolve("companies.conf"), folder.resolve("companies.conf"));
        Files.writeString(
                folder.resolve("countersign.conf"),
                Files.readString(shipped.resolve("countersign.conf"))
                        .replace("/etc/nginx/countersign/", folder + "/")
                        .replace("server 127.0.0.1:8080;", "server " + server.getAuthority() + ";")
                        .replace("listen 80;", "listen 127.0.0.1:" + port + ";"));
        Files.writeString(folder.resolve("nginx.conf"), MAIN.replace("@FOLDER@", folder.toString()));
        var nginx = new Nginx(
                folder,
                port,
                Daemon.start(
                        List.of(program(), "-p", folder.toString(), "-c", "nginx.conf"),
                        folder,
                        Map.of(),
                        folder.resolve("console.log")));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!Files.exists(folder.resolve("nginx.pid")) || Files.size(folder.resolve("nginx.pid")) == 0) {
            if (!nginx.process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "nginx does not start: " + Files.readString(folder.resolve("console.log")));
            }
            Daemon.pause(20);
        }
        return nginx;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The options by which the command finds it. */
    List<String> options() {
        return List.of(
                "--nginx-include",
                folder.resolve("companies.conf").toString(),
                "--nginx",
                program() + " -p " + folder + " -c nginx.conf",
                "--nginx-pid",
                folder.resolve("nginx.pid").toString(),
                "--front-url",
                address().toString());
    }

    @Override
    public void close() throws IOException {
        Daemon.stop(process.toHandle(), Duration.ofSeconds(10));
        Daemon.reap(process);
        Folders.deleteTree(folder);
    }

    private static String program() {
        return Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
    }
}
