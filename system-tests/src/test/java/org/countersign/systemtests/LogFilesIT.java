package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two companies on one server, each with log files of its own, by the same names. */
@ExtendWith(RunningServer.class)
class LogFilesIT {

    private static final int REQUESTS = 40;

    private final Platform platform;

    LogFilesIT(Platform platform) {
        this.platform = platform;
    }

    private Path log(String context, String name) {
        return platform.server().folder().resolve("config/log").resolve(context).resolve(name);
    }

    private Guest deploy(String context, String loggers) throws Exception {
        var server = platform.server();
        return Guest.deploy(server, context, Guest.file(server, context, "\"loggersConfig\": " + loggers));
    }

    @Test
    void eachHasItsOwnLinesAtItsOwnLevelsAndGivesTheFilesBack() throws Exception {
        try (var hooli = deploy(Guest.HOOLI, """
                [{"name": "org.countersign", "fileName": "all.log", "level": "DEBUG"},
                 {"name": "org.countersign.signer", "fileName": "application.log", "level": "INFO"}]
                """)) {
            try (var umbrella = deploy(Guest.UMBRELLA, """
                    [{"name": "org.countersign", "fileName": "all.log", "level": "DEBUG"},
                     {"name": "org.countersign", "fileName": "serious.log", "level": "ERROR"},
                     {"name": "org.countersign.server.web", "fileName": "web.log", "level": "INFO"}]
                    """)) {
                refusedAtTheSameTime(hooli.api(), umbrella.api());
                assertThat(platform.server().log())
                        .as("the server's own level")
                        .doesNotContain("is refused:")
                        .contains("Context " + Guest.HOOLI + " of signer");
                assertHasOnly(Guest.HOOLI, Guest.UMBRELLA);
                assertHasOnly(Guest.UMBRELLA, Guest.HOOLI);
                assertThat(log(Guest.HOOLI, "application.log"))
                        .content()
                        .contains("Context " + Guest.HOOLI + " of signer")
                        .doesNotContain("DEBUG");
                assertThat(log(Guest.UMBRELLA, "serious.log")).isEmptyFile();
                assertThat(log(Guest.UMBRELLA, "web.log")).isEmptyFile();
                assertThat(openFiles(Guest.UMBRELLA)).hasSize(3);
            }
            assertThat(openFiles(Guest.UMBRELLA)).isEmpty();
            assertThat(openFiles(Guest.HOOLI)).hasSize(2);
        }
        assertThat(openFiles(Guest.HOOLI)).isEmpty();
    }

    private void assertHasOnly(String own, String other) {
        assertThat(log(own, "all.log"))
                .content()
                .contains("Context " + own + " of signer")
                .doesNotContain(other);
        assertThat(log(own, "all.log"))
                .content()
                .satisfies(text -> assertThat(text.lines()
                                .filter(line -> line.contains(" DEBUG ")
                                        && line.contains("GET /" + own + "/api/v1/oauth-clients is refused: 401")))
                        .hasSize(REQUESTS));
    }

    private static void refusedAtTheSameTime(SignerApi... companies) throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var calls = new java.util.ArrayList<Future<?>>();
            for (int i = 0; i < REQUESTS; i++) {
                for (SignerApi company : companies) {
                    calls.add(threads.submit(() -> company.with("x").clients().refusal()));
                }
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The log files of a company that the server's process has open, as Linux knows. */
    private List<Path> openFiles(String context) throws IOException {
        var folder = log(context, "x").getParent().toRealPath();
        var process = Path.of(
                "/proc",
                Long.toString(platform.server().applicationServer().process().pid()),
                "fd");
        try (var descriptors = Files.list(process)) {
            return descriptors
                    .map(LogFilesIT::target)
                    .filter(target -> target.startsWith(folder))
                    .toList();
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException closedMeanwhile) {
            return Path.of("/");
        }
    }
}
