package org.countersign.systemtests.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Eight clients authorize and sign without a pause until the server is killed. After its next start on the same data, what
 * the clients remember, what the log says and what was authorized have to agree.
 */
@Tag("long")
final class AServerKilledWhileSigningIT {

    private static final int CLIENTS = 8;
    private static final int KILLS = 2;
    private static final long SIGNING_MILLIS = 4_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final int ENOUGH = 50;
    private static final int MOST_HASHES = 5;
    private static final JsonMapper JSON = new JsonMapper();

    /** What a SAD is for. @param hashes a hash may be there twice: then it may be signed twice */
    private record Authorized(Holder holder, String sad, List<byte[]> hashes) {}

    private final AtomicInteger documents = new AtomicInteger();
    /** Every SAD a client received. */
    private final ConcurrentLinkedQueue<Authorized> authorized = new ConcurrentLinkedQueue<>();
    /** SADs of one client that another one uses as well. */
    private final ConcurrentLinkedQueue<Authorized> shared = new ConcurrentLinkedQueue<>();
    /** SADs nobody has used yet. */
    private final ConcurrentLinkedQueue<Authorized> unused = new ConcurrentLinkedQueue<>();
    /** Every hash of which a client holds a signature, as often as it was answered. */
    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    /** Every refusal while the server lived. */
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();

    @Test
    void everySignatureHasItsEntryAndNoneIsMadeTooOften() throws Exception {
        var authority = new TestAuthority("Killed");
        try (var server = TestServer.start(List.of(Company.acme()))) {
            var holders = holders(server, authority);
            for (int kill = 0; kill < KILLS; kill++) {
                signUntilKilled(server, holders);
                server.startServer();
                assertEntriesAndLimits(server);
            }
            System.out.println("Signatures received " + received.size() + ", SADs " + authorized.size() + ", refused "
                    + refusals.stream().collect(Collectors.groupingBy(reason -> reason, Collectors.counting())));
            assertThat(received).as("enough was signed to say anything").hasSizeGreaterThan(ENOUGH);
            remainingSadsWorkOnce();
            assertEntriesAndLimits(server);
            var verification = AuditVerification.of(server, "acme", AuditVerification.anchors(server));
            assertThat(verification.exitCode()).as(verification.output()).isEqualTo(AuditVerification.WHOLE);
        }
    }

    private static List<Holder> holders(TestServer server, TestAuthority authority) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> new Enrolment(server.api(Company.ACME), "acme", "acme_password", authority)
                        .multiSignature(MOST_HASHES + 1)
                        .kind(i % 2 == 0 ? KeyKind.P_256 : KeyKind.RSA_2048)
                        .enrol("killed-" + i))
                .toList();
    }

    private void signUntilKilled(TestServer server, List<Holder> holders) throws Exception {
        var executor = Executors.newFixedThreadPool(CLIENTS + 1);
        int before = received.size();
        try {
            var clients = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(() -> {
                    signWhileAnswered(holders.get(number), number);
                    return null;
                });
            }
            clients.add(() -> {
                awaitSignatures(before + ENOUGH);
                server.killServer();
                return null;
            });
            for (var end : executor.invokeAll(clients)) {
                end.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** The clients are busy for a while, and on a busy machine for longer. */
    private void awaitSignatures(int most) throws InterruptedException {
        long began = System.nanoTime();
        do {
            Thread.sleep(SIGNING_MILLIS);
        } while (received.size() <= most && System.nanoTime() - began < PATIENCE_NANOS);
    }

    private void signWhileAnswered(Holder holder, int client) {
        try {
            for (int turn = 0; ; turn++) {
                var mine = authorize(holder, turn);
                if (turn % 5 == 4) {
                    // Kept for after the crash.
                    unused.add(mine);
                } else if (turn % 3 == 2) {
                    // Both clients use it, at about the same time; the same person, of course, on two devices.
                    shared.add(mine);
                    sign(mine, mine.hashes());
                } else if (mine.hashes().size() > 2 && turn % 2 == 0) {
                    // In several calls.
                    sign(mine, mine.hashes().subList(0, 1));
                    sign(mine, mine.hashes().subList(1, mine.hashes().size()));
                } else {
                    sign(mine, mine.hashes());
                }
                var others = client % 2 == 1 ? shared.poll() : null;
                if (others != null) {
                    sign(others, others.hashes());
                }
            }
        } catch (AssertionError killed) {
            // No answer: whether it was signed, this client can not know. A refusal is no error here.
            assertThat(killed.getCause()).isInstanceOf(java.io.IOException.class);
        }
    }

    private Authorized authorize(Holder holder, int turn) {
        var hashes = new ArrayList<byte[]>();
        for (int i = 0; i <= turn % MOST_HASHES; i++) {
            hashes.add(holder.hash("document " + documents.incrementAndGet()));
        }
        if (turn % 4 == 3) {
            hashes.add(hashes.get(0));
        }
        var mine = new Authorized(holder, holder.sad(hashes), hashes);
        authorized.add(mine);
        return mine;
    }

    private Answer sign(Authorized sad, List<byte[]> hashes) {
        var answer = sad.holder().sign(sad.sad(), hashes);
        if (answer.isOk()) {
            assertThat(answer.texts("signatures")).hasSameSizeAs(hashes);
            hashes.forEach(hash -> received.add(text(hash)));
        } else {
            answer.refusal();
            refusals.add(answer.text("error_description"));
        }
        return answer;
    }

    private void assertEntriesAndLimits(TestServer server) throws Exception {
        var permitted =
                count(authorized.stream().flatMap(sad -> sad.hashes().stream()).map(AServerKilledWhileSigningIT::text));
        var answered = count(received.stream());
        var logged = count(logged(server).stream());
        answered.forEach((hash, times) -> {
            assertThat(logged.getOrDefault(hash, 0L))
                    .as("entries of a signature a client holds")
                    .isGreaterThanOrEqualTo(times);
            assertThat(times).as("signatures received").isLessThanOrEqualTo(permitted.getOrDefault(hash, 0L));
        });
        logged.forEach((hash, times) ->
                assertThat(times).as("signatures made").isLessThanOrEqualTo(permitted.getOrDefault(hash, 0L)));
    }

    /** Every hash of every signature the log tells of. */
    private static List<String> logged(TestServer server) throws Exception {
        var hashes = new ArrayList<String>();
        try (var connection = server.database().superuser("acme");
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT details FROM audit_entry WHERE type = 'signature.created'"
                                + " AND outcome = 'success'")) {
            while (rows.next()) {
                hashes.addAll(List.of(
                        JSON.readTree(rows.getString(1)).path("hashes").asText().split(" ")));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return hashes;
    }

    private void remainingSadsWorkOnce() {
        assertThat(unused).isNotEmpty();
        var fresh = unused.stream().toList();
        for (var sad : fresh.subList(Math.max(0, fresh.size() - 24), fresh.size())) {
            assertThat(sign(sad, sad.hashes()).status())
                    .as("a SAD from before the crash")
                    .isEqualTo(200);
            assertThat(sign(sad, sad.hashes()).isOk()).as("the same SAD again").isFalse();
        }
        // Of the last ones nobody knows which were used; whatever is left of them is no more than was authorized.
        var all = authorized.stream().toList();
        for (var sad : all.subList(Math.max(0, all.size() - 3 * CLIENTS), all.size())) {
            for (int times = 0; times < 2; times++) {
                for (byte[] hash : sad.hashes()) {
                    sign(sad, List.of(hash));
                }
            }
            assertThat(sign(sad, sad.hashes().subList(0, 1)).isOk()).isFalse();
        }
    }

    private static Map<String, Long> count(java.util.stream.Stream<String> hashes) {
        var counts = new HashMap<String, Long>();
        hashes.forEach(hash -> counts.merge(hash, 1L, Long::sum));
        return counts;
    }

    private static String text(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }
}
