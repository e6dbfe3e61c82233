package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL goes and comes back while clients sign. For an outage of 30 s instead of a few: {@code
 * -Dcountersign.outageSeconds=30}.
 */
@Tag("long")
class DatabaseAwayIT {

    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("countersign.outageSeconds", 6));
    private static final int CLIENTS = 4;
    private static final long SIGNING_MILLIS = 2_000;
    /** The longest a refusal may take when the database goes; the limit of this machine's noise, not the server's. */
    private static final Duration BOUND = Duration.ofSeconds(3);
    /** And of a probe at that moment, when calls that wait for the database have the server's threads. */
    private static final Duration PROBE = Duration.ofSeconds(2);

    /** And once it is known. */
    private static final Duration SOON = Duration.ofSeconds(3);

    /** A call that was inside a database that hangs, a check of readiness among them, may wait 30 s for it. */
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private static TestServer server;
    private static SignerApi acme;
    private static TestAuthority authority;

    /** Every hash of which a client holds a signature, as often as it was answered. */
    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    /** Every token a client holds. */
    private final ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<Refused> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger documents = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    private record Refused(Answer answer, Duration time) {}

    @BeforeAll
    static void start() {
        authority = new TestAuthority("Away");
        server = TestServer.start(List.of(Company.acme()));
        acme = server.api(Company.ACME);
    }

    @AfterAll
    static void stop() throws java.io.IOException {
        server.close();
    }

    @Test
    void stoppedInOrderItLosesNothingAndIsWaitedForWithoutARestart() throws Exception {
        goesAndComesBack("stopped", () -> server.database().close());
    }

    @Test
    void killedItLosesNothingAndIsWaitedForWithoutARestart() throws Exception {
        goesAndComesBack("killed", () -> server.database().kill());
    }

    @Test
    void oneThatHangsIsNoticedAsWell() throws Exception {
        var server = DatabaseAwayIT.server.database().process();
        var processes = Stream.concat(Stream.of(server), server.descendants()).toList();
        signal(processes, "STOP");
        try {
            await(ready -> state(ready, "database").equals("DOWN"));
            var refusal = timed(() -> acme.token("acme", "acme_password", ""));
            unavailable(refusal.answer());
            assertThat(refusal.time()).isLessThan(SOON);
        } finally {
            signal(processes, "CONT");
        }
        await(Answer::isOk);
        acme.token("acme", "acme_password", "").ok();
    }

    private static void signal(List<ProcessHandle> processes, String signal) throws java.io.IOException {
        for (var process : processes) {
            Daemon.signal(process.pid(), signal);
        }
    }

    @Test
    void aSchemaThatIsNotThisVersionsIsNotReady() throws Exception {
        try (var connection = server.database().superuser("acme");
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE schema_history_signer RENAME TO schema_history_elsewhere");
            try {
                var unready = await(ready -> ready.status() == 503);
                assertThat(state(unready, "migration")).isEqualTo("DOWN");
                assertThat(state(unready, "database")).isEqualTo("UP");
            } finally {
                statement.execute("ALTER TABLE schema_history_elsewhere RENAME TO schema_history_signer");
            }
        }
        await(Answer::isOk);
    }

    private interface Going {
        void away() throws Exception;
    }

    private void goesAndComesBack(String name, Going going) throws Exception {
        var holders = IntStream.range(0, CLIENTS)
                .mapToObj(i -> new Enrolment(acme, "acme", "acme_password", authority)
                        .multiSignature(2)
                        .enrol(name + "-" + i))
                .toList();
        var kept = holders.get(0);
        var keptHashes = kept.hashes("from before the outage");
        var keptSad = kept.sad(keptHashes);
        var executor = Executors.newFixedThreadPool(CLIENTS);
        var clients = new ArrayList<Future<Void>>();
        try {
            for (var holder : holders) {
                Callable<Void> client = () -> signUntilDone(holder);
                clients.add(executor.submit(client));
            }
            Thread.sleep(SIGNING_MILLIS);
            going.away();
            long gone = System.nanoTime();
            var down = await(ready -> state(ready, "database").equals("DOWN"));
            assertThat(down.status()).isEqualTo(503);
            acme.get("/health/live").ok();
            whileAwayEverythingIsRefusedSoon(kept);
            while (System.nanoTime() - gone < OUTAGE.toNanos()) {
                Thread.sleep(50);
            }
            server.database().start();
            await(Answer::isOk);
            int before = received.size();
            Thread.sleep(SIGNING_MILLIS);
            assertThat(received).as("signatures after the outage").hasSizeGreaterThan(before);
        } finally {
            done.set(true);
            if (!server.database().isAlive()) {
                server.database().start();
            }
            for (var client : clients) {
                client.get();
            }
            executor.shutdownNow();
        }
        System.out.println(name + ": signatures " + received.size() + ", tokens " + tokens.size() + ", refusals "
                + refused.size() + ", the slowest "
                + refused.stream().map(Refused::time).max(Duration::compareTo).orElse(Duration.ZERO));
        assertThat(refused).isNotEmpty().allSatisfy(refusal -> {
            unavailable(refusal.answer());
            assertThat(refusal.time()).isLessThan(BOUND);
        });
        kept.sign(keptSad, keptHashes).ok();
        kept.sign(keptSad, keptHashes).refusal();
        assertThat(tokens).allSatisfy(token -> acme.checkToken(token).ok());
        everySignatureHasItsEntry();
    }

    /** The clients' calls are not the only ones: one of each kind. */
    private void whileAwayEverythingIsRefusedSoon(Holder holder) {
        var calls = Map.<String, Callable<Answer>>of(
                "token", () -> acme.token("acme", "acme_password", ""),
                "check", () -> acme.checkToken("any"),
                "info", () -> holder.caller().info(holder.credential()),
                "authorize", () -> holder.authorize(holder.hashes("a")),
                "clients", () -> holder.caller().clients());
        calls.forEach((kind, call) -> {
            var refusal = timed(call);
            unavailable(refusal.answer());
            assertThat(refusal.time()).as(kind).isLessThan(SOON);
        });
        var probe = timed(() -> acme.get("/health/ready"));
        assertThat(probe.time()).isLessThan(SOON);
        assertThat(Http.send(acme.request("/metrics").setHeader("Accept", "text/plain"))
                        .ok()
                        .body())
                .contains("countersign_database_available 0.0");
    }

    private Void signUntilDone(Holder holder) {
        while (!done.get()) {
            var hashes = List.of(holder.hash(holder.credential() + documents.incrementAndGet()));
            var token = timed(() -> acme.token("acme", "acme_password", ""));
            if (token.answer().isOk()) {
                tokens.add(token.answer().text("access_token"));
            } else {
                refused.add(token);
            }
            var authorized = timed(() -> holder.authorize(hashes));
            if (!authorized.answer().isOk()) {
                refused.add(authorized);
                continue;
            }
            var sad = authorized.answer().text("SAD");
            var signed = timed(() -> holder.sign(sad, hashes));
            if (signed.answer().isOk()) {
                received.add(Base64.getEncoder().encodeToString(hashes.get(0)));
            } else {
                refused.add(signed);
            }
        }
        return null;
    }

    private static Refused timed(Callable<Answer> call) {
        long began = System.nanoTime();
        try {
            var answer = call.call();
            return new Refused(answer, Duration.ofNanos(System.nanoTime() - began));
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static void unavailable(Answer answer) {
        answer.refused(503, "temporarily_unavailable", "The service is temporarily unavailable");
        assertThat(answer.header("Retry-After")).contains("2");
    }

    private static String state(Answer ready, String check) {
        return ready.json().path("checks").path(check).asText();
    }

    private static Answer await(java.util.function.Predicate<Answer> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            var probe = timed(() -> acme.get("/health/ready"));
            assertThat(probe.time()).as("a probe's time").isLessThan(PROBE);
            if (wanted.test(probe.answer())) {
                return probe.answer();
            }
            assertThat(System.nanoTime())
                    .as("readiness in time: %s", probe.answer().body())
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private void everySignatureHasItsEntry() throws SQLException {
        var logged = new HashMap<String, Integer>();
        try (var connection = server.database().superuser("acme");
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT details->>'hashes' FROM audit_entry WHERE type = 'signature.created'"
                                + " AND outcome = 'success'")) {
            while (rows.next()) {
                for (var hash : rows.getString(1).split(" ")) {
                    logged.merge(hash, 1, Integer::sum);
                }
            }
        }
        assertThat(received)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(hash -> assertThat(logged).containsEntry(hash, 1));
    }
}
