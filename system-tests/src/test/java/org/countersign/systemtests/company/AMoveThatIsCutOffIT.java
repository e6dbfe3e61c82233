package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.countersign.cli.servers.ServerKind;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code kill -9} of the command, and of the server, in the middle of a move; then the same command again. With the system
 * property {@code countersign.exhaustive=true} the server is killed in every step, the command in every step of a
 * rollback too, and all of it on both servers; otherwise in the steps that matter most, and on WildFly.
 */
@Tag("longest")
@TestMethodOrder(OrderAnnotation.class)
class AMoveThatIsCutOffIT {

    private static final List<String> STEPS = List.of(
            "backup", "deploy-beside", "verify-beside", "divert", "drain", "replace", "verify", "return", "clear");
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("countersign.exhaustive");
    private static final List<String> SERVER_STEPS = EXHAUSTIVE ? STEPS : List.of("replace");
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int CLIENTS = 4;

    private static TwoVersions two;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                EXHAUSTIVE || TestServer.KIND == ServerKind.WILDFLY,
                "on Open Liberty only with -Dcountersign.exhaustive=true");
        two = TwoVersions.start(TestServer.KIND);
    }

    @AfterAll
    static void stop() throws Exception {
        if (two != null) {
            two.close();
        }
    }

    @Test
    @Order(1)
    void theCommandKilledInEveryStepGoesOnAndNoRequestFails() throws Exception {
        try (var nginx = Nginx.start(two.shippedNginx(), two.server().address())) {
            var tool = two.tool(nginx.options());
            var holders = holders(new SignerApi(URI.create(nginx.address() + "/" + TwoVersions.B)));
            try (var clients = new SigningClients(holders)) {
                killToolInEachStep(tool, STEPS, "migrate", TwoVersions.B, "--to", TwoVersions.NEW);
                tool.run("verify", TwoVersions.B).ok();
                assertVersion(TwoVersions.NEW_VERSION);
                if (EXHAUSTIVE) {
                    killToolInEachStep(
                            tool, STEPS.subList(1, STEPS.size()), "rollback", TwoVersions.B, "--to", TwoVersions.OLD);
                    assertVersion("0.1.4");
                    tool.run("migrate", TwoVersions.B, "--to", TwoVersions.NEW).ok();
                }
                clients.finish();
                assertThat(clients.failures()).isEmpty();
                assertThat(clients.unavailable()).isZero();
                clients.assertNothingLostOrDoubled(two.database(TwoVersions.B));
            }
        }
    }

    @Test
    @Order(2)
    void theServerKilledInAStepIsFoundAgainAndTheMoveGoesOn() throws Exception {
        try (var nginx = Nginx.start(two.shippedNginx(), two.server().address())) {
            var tool = two.tool(nginx.options());
            var holder = holders(two.api(TwoVersions.B)).get(0);
            var hash = holder.hash("authorized before, signed after");
            assertThat(tool.run("plan", TwoVersions.B, "--to", TwoVersions.NEWEST)
                            .ok()
                            .output())
                    .contains("contract: contract from");
            var sad = holder.sad(List.of(hash));
            for (String step : SERVER_STEPS) {
                killServerIn(step, tool);
            }
            tool.run("migrate", TwoVersions.B, "--to", TwoVersions.NEWEST).ok();
            tool.run("verify", TwoVersions.B).ok();
            assertVersion(TwoVersions.NEWEST_VERSION);
            var later = holder.sign(sad, List.of(hash));
            assertThat(later.isOk() || later.text("error_description").contains("expired"))
                    .as(later.body())
                    .isTrue();
            assertThat(holder.sign(sad, List.of(hash)).isOk())
                    .as("the same again")
                    .isFalse();
        }
    }

    @Test
    @Order(3)
    void whatABackupWouldLoseIsNamedAndLostOnlyWhenAccepted() throws Exception {
        var tool = two.tool();
        var later = two.enrolment(two.api(TwoVersions.B)).enrol("after-the-contraction");
        var hash = later.hash("lost with the backup");
        later.sign(later.sad(List.of(hash)), List.of(hash)).ok();

        var refusal = tool.run("rollback", TwoVersions.B, "--to", TwoVersions.OLD);
        assertThat(refusal.exitCode()).isEqualTo(4);
        assertThat(refusal.output())
                .contains("took away what it needs", "signature.created", "credential.created", "Nothing was done");
        assertVersion(TwoVersions.NEWEST_VERSION);
        later.authorize(List.of(hash)).ok();

        tool.run("rollback", TwoVersions.B, "--to", TwoVersions.OLD, "--accept-loss")
                .ok();
        tool.run("verify", TwoVersions.B).ok();
        assertVersion("0.1.4");
        assertThat(later.authorize(List.of(hash)).isOk())
                .as("what was made after the backup")
                .isFalse();
    }

    /** Each time as far as the next step, and at last to the end. */
    private static void killToolInEachStep(Tool tool, List<String> steps, String... command) throws Exception {
        for (String step : steps) {
            killToolIn(step, tool, command);
        }
        if (!two.step(TwoVersions.B).isEmpty()) {
            tool.run(command).ok();
        }
    }

    private static void killToolIn(String step, Tool tool, String... command) throws Exception {
        var output = two.folder().resolve("killed.log");
        var process = tool.start(output, command);
        awaitStep(step, process);
        boolean lived = process.isAlive();
        process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        System.out.println("killed" + (lived ? "" : " (too late)") + " in " + step + ":\n" + Files.readString(output));
    }

    private static void killServerIn(String step, Tool tool) throws Exception {
        var output = two.folder().resolve("killed.log");
        var process = tool.start(output, "migrate", TwoVersions.B, "--to", TwoVersions.NEWEST);
        awaitStep(step, process);
        two.killServer();
        two.startServer();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the command ends")
                .isTrue();
        two.awaitReady(TwoVersions.A);
        if (two.step(TwoVersions.B).isEmpty()) {
            two.awaitReady(TwoVersions.B);
        }
        System.out.println("server killed in " + step + ", the command said:\n" + Files.readString(output));
    }

    /** Returns when the journal says that the step, or one after it, was begun, or the command ended. */
    private static void awaitStep(String step, Process process) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int wanted = STEPS.indexOf(step);
        while (process.isAlive() && STEPS.indexOf(two.step(TwoVersions.B)) < wanted) {
            assertThat(System.nanoTime()).as("the step " + step + " comes").isLessThan(deadline);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static List<Holder> holders(SignerApi api) throws IOException {
        var holders = new ArrayList<Holder>();
        IntStream.range(0, CLIENTS).forEach(i -> holders.add(two.enrolment(api).enrol("cut-off-" + i)));
        return holders;
    }

    private static String version() {
        return two.api(TwoVersions.B).get("/health/ready").text("version");
    }

    private static void assertVersion(String expected) {
        assertThat(version()).isEqualTo(expected);
    }
}
