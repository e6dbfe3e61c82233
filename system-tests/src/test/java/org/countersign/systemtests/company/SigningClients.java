package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Holder;

/**
 * Clients of a company that sign without pause, each with a holder of its own, and write down every answer that is no
 * success. One that is told to come again does so, with the very same request.
 */
final class SigningClients implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long AGAIN_MILLIS = 100;
    private static final int LEGIBLE = 300;
    /** Between two signatures, so that the server has room for what else it is to do. */
    private static final long PAUSE_MILLIS = 100;

    private final List<Holder> holders;
    private final ExecutorService executor;
    private final List<Future<?>> running = new ArrayList<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicLong firstUnavailable = new AtomicLong();
    private final AtomicLong lastUnavailable = new AtomicLong();
    private volatile boolean stopping;

    SigningClients(List<Holder> holders) {
        this.holders = List.copyOf(holders);
        executor = Executors.newFixedThreadPool(holders.size());
        for (int i = 0; i < holders.size(); i++) {
            int number = i;
            running.add(executor.submit(() -> sign(holders.get(number), number)));
        }
    }

    private void sign(Holder holder, int number) {
        for (int turn = 0; !stopping; turn++) {
            pause(PAUSE_MILLIS);
            var hash = holder.hash("client " + number + ", document " + turn);
            try {
                var authorized = again(() -> holder.authorize(List.of(hash)));
                if (!authorized.isOk()) {
                    failed("authorize: " + authorized.status() + " " + authorized.body());
                    continue;
                }
                var signed = again(() -> holder.sign(authorized.text("SAD"), List.of(hash)));
                if (signed.isOk()) {
                    received.add(Base64.getEncoder().encodeToString(hash));
                } else {
                    failed("sign: " + signed.status() + " " + signed.body());
                }
            } catch (AssertionError noAnswer) {
                failed("no answer: " + noAnswer + ", " + noAnswer.getCause());
            }
        }
    }

    private Answer again(Supplier<Answer> request) {
        while (true) {
            var answer = request.get();
            if (answer.status() != 503 || !isOurs(answer) && !isLibertys(answer)) {
                return answer;
            }
            unavailable.incrementAndGet();
            firstUnavailable.compareAndSet(0, System.nanoTime());
            lastUnavailable.set(System.nanoTime());
            pause(AGAIN_MILLIS);
        }
    }

    private static boolean isOurs(Answer answer) {
        return answer.header("Retry-After").isPresent() && answer.text("error").equals("temporarily_unavailable");
    }

    /** To a request that comes while it takes a context's servlet away; the servlet has not seen it. */
    private static boolean isLibertys(Answer answer) {
        return answer.body().contains("SRVE0095I");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** How many signatures they have so far. */
    int signatures() {
        return received.size();
    }

    /** The beginnings of answers that were neither a success nor such a 503, and of calls without one. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void failed(String what) {
        failures.add(what.substring(0, Math.min(what.length(), LEGIBLE)));
    }

    /** Answers 503: in the documented form, or of Open Liberty. */
    int unavailable() {
        return unavailable.get();
    }

    /** From the first 503 to the last, in milliseconds. */
    long unavailableMillis() {
        return TimeUnit.NANOSECONDS.toMillis(lastUnavailable.get() - firstUnavailable.get());
    }

    /** Ends the clients, each after its present signature. */
    void finish() throws Exception {
        stopping = true;
        for (var one : running) {
            one.get(1, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        stopping = true;
        executor.shutdown();
    }

    /** Every signature a client has is in the log once, and the log has no other of theirs. */
    void assertNothingLostOrDoubled(Connection database) throws Exception {
        var logged = new HashMap<String, Integer>();
        var credentials = holders.stream().map(Holder::credential).toArray(String[]::new);
        try (var statement =
                database.prepareStatement("SELECT details FROM audit_entry WHERE type = 'signature.created'"
                        + " AND outcome = 'success' AND credential = ANY (?)")) {
            statement.setArray(1, database.createArrayOf("text", credentials));
            var rows = statement.executeQuery();
            while (rows.next()) {
                for (String hash :
                        JSON.readTree(rows.getString(1)).path("hashes").asText().split(" ")) {
                    logged.merge(hash, 1, Integer::sum);
                }
            }
        }
        Map<String, Integer> answered = new HashMap<>();
        received.forEach(hash -> answered.merge(hash, 1, Integer::sum));
        assertThat(logged).as("signatures in the log, and those clients have").isEqualTo(answered);
    }
}
