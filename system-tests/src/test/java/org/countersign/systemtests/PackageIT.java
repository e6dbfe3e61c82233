package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ports;
import org.countersign.cli.servers.ServerKind;
import org.countersign.systemtests.harness.Packages;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The zip that administrators get: its sample configuration starts a company, by the image's own start script. */
@ExtendWith(RunningServer.class)
class PackageIT {

    private static final String NAME = "signer_company_a";
    private static final String PASSWORD = "password of company a";
    private static final String ADMIN_SECRET = "secret of the administrator of company a";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);
    private static final int OK = 200;

    private final TestServer server;

    @TempDir
    Path folder;

    private Path unpacked;

    PackageIT(Platform platform) {
        this.server = platform.server();
    }

    @BeforeEach
    void unpack() throws IOException {
        unpacked = Packages.unpack(server.installation(), "countersign-signer", folder);
    }

    @Test
    void the_sample_company_starts_by_the_start_script_of_the_image_and_stops_by_a_signal() throws Exception {
        server.database().ensureDatabase(NAME, NAME, PASSWORD);
        int port = Ports.free();
        var script = start(
                unpacked.resolve("sample"),
                "-b=127.0.0.1",
                "-bmanagement=127.0.0.1",
                "-Djboss.http.port=" + port,
                "-Djboss.https.port=0",
                "-Djboss.management.http.port=0");
        try {
            var context = URI.create("http://127.0.0.1:" + port + "/signer-company-a");
            awaitReady(context, script);
            assertThat(token(context)).contains("\"access_token\"");
        } finally {
            Daemon.signal(script.pid(), "TERM");
            assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(Files.readString(folder.resolve("log"))).contains("signer-company-a.war", "stopped in");
    }

    @Test
    void without_a_company_the_start_script_says_what_to_mount() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));
        var script = start(empty);
        assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(script.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("log"))).contains("No company", empty.toString());
    }

    @Test
    void nothing_in_the_package_was_left_to_be_filled_in_by_the_build() throws IOException {
        try (var files = Files.walk(unpacked)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith(".war"))
                    .toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("@project.", "@wildfly.");
            }
        }
    }

    @Test
    void systemd_accepts_the_units() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        for (String unit : List.of("signer-wildfly.service", "signer-liberty.service")) {
            // The programs it starts are not installed on this machine; everything else is checked.
            var text = Files.readString(unpacked.resolve("systemd/" + unit))
                    .replaceAll("ExecStart=\\S+", "ExecStart=/bin/true");
            var file = Files.writeString(folder.resolve(unit), text);
            var process = new ProcessBuilder("systemd-analyze", "verify", "--recursive-errors=no", file.toString())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).isEmpty();
        }
    }

    @Test
    void the_tool_has_the_administrators_commands_and_no_others() throws Exception {
        var tool = Packages.unpack(server.installation(), "countersign-tool", folder);
        var help = output(tool, "help");
        assertThat(help).contains("company", "tenant", "audit").doesNotContainPattern("(?m)^ +(up|down|status|sign) ");
        assertThat(output(tool, "--version")).contains(server.installation().version());
        assertThat(output(tool, "up")).contains("Unmatched argument");
        assertThat(Files.readString(tool.resolve("README.txt"))).doesNotContain("@project.");
    }

    private String output(Path tool, String argument) throws Exception {
        var process = new ProcessBuilder(
                        "/bin/sh", tool.resolve("bin/countersign").toString(), argument)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }

    private Process start(Path tenants, String... arguments) throws IOException {
        var home = server.installation().home(ServerKind.WILDFLY);
        var base = folder.resolve("standalone");
        Folders.copyTree(home.resolve("standalone"), base);
        var command = new java.util.ArrayList<>(
                List.of("/bin/sh", unpacked.resolve("docker/entrypoint.sh").toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        process.environment()
                .putAll(Map.of(
                        "JBOSS_HOME",
                        home.toString(),
                        "JBOSS_BASE_DIR",
                        base.toString(),
                        "SIGNER_TENANTS",
                        tenants.toString(),
                        "SIGNER_WAR",
                        unpacked.resolve("signer.war").toString(),
                        "COMPANY_A_DATABASE_URL",
                        server.database().url(NAME),
                        "COMPANY_A_DATABASE_USER",
                        NAME,
                        "COMPANY_A_DATABASE_PASSWORD",
                        PASSWORD,
                        "COMPANY_A_ADMIN_SECRET",
                        ADMIN_SECRET,
                        "SIGNER_SAD_KEY_SIGNER_COMPANY_A",
                        "the SAD key of company a, which is long enough",
                        "SIGNER_MASTER_SECRET_SIGNER_COMPANY_A",
                        "the master secret of company a, long enough"));
        return process.start();
    }

    private void awaitReady(URI context, Process script) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline && script.isAlive()) {
            try {
                if (get(HttpRequest.newBuilder(URI.create(context + "/health/ready"))
                                        .build())
                                .statusCode()
                        == OK) {
                    return;
                }
            } catch (java.net.ConnectException notYet) {
                // The server is starting.
            }
            Daemon.pause(200);
        }
        throw new IllegalStateException("The company did not start:\n" + Files.readString(folder.resolve("log")));
    }

    private static String token(URI context) throws Exception {
        var form = "grant_type=client_credentials&client_id=oAuthAdmin&client_secret="
                + java.net.URLEncoder.encode(ADMIN_SECRET, StandardCharsets.UTF_8);
        return get(HttpRequest.newBuilder(URI.create(context + "/oauth/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build())
                .body();
    }

    private static java.net.http.HttpResponse<String> get(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
