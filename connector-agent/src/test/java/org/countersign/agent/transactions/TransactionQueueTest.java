package org.countersign.agent.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.link.LinkRoutes;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Deadline;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionQueueTest {

    @TempDir
    Path folder;

    private TransactionQueue open() {
        return TransactionQueue.open(PrivateFolder.open(folder), new Entropy(new SecureRandom()), Clock.systemUTC());
    }

    private static Call call(String label, String tag) {
        return call(Optional.empty(), Optional.of(label), tag);
    }

    private static Call call(Optional<String> origin, Optional<String> label, String tag) {
        return new Call(
                origin,
                Optional.empty(),
                label,
                Optional.of(tag),
                "",
                51_984,
                Deadline.in(Duration.ofSeconds(1)),
                Map.of(),
                Map.of(),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    @Test
    void what_waits_outlives_the_agent_and_goes_when_it_has_arrived() throws IOException {
        var queue = open();
        for (int i = 0; i < 1_200; i++) {
            queue.add(call("shop", "tag " + i), "piv", "sign");
        }
        var first = queue.next().orElseThrow();
        assertThat(first.transactions()).hasSize(500);
        // Killed before the answer came; and a line was cut off.
        var again = open();
        again.add(call("shop", "later"), "piv", "sign");
        try (var files = Files.list(folder)) {
            var last = files.sorted().reduce((one, other) -> other).orElseThrow();
            Files.writeString(last, "{\"label\":\"sho", StandardOpenOption.APPEND);
        }
        assertThat(again.next().orElseThrow()).isEqualTo(first);
        var ids = new HashSet<String>();
        for (var batch = again.next(); batch.isPresent(); batch = again.next()) {
            batch.get().transactions().forEach(transaction -> ids.add(transaction.getString("id")));
            again.done(batch.get());
        }
        assertThat(ids).hasSize(1_201);
        assertThat(open().next()).isEmpty();
        again.add(call("shop", "last"), "piv", "sign");
        assertThat(again.next().orElseThrow().transactions()).hasSize(1);
    }

    @Test
    void an_application_sees_its_own_and_what_the_service_would_refuse_is_cut() throws IOException {
        var queue = open();
        queue.add(call("shop", "a\u0000\n" + "x".repeat(300)), "piv", "sign");
        queue.add(call("bank", "\ud800"), "piv", "sign");
        assertThat(queue.list(Optional.of("shop")))
                .singleElement()
                .satisfies(
                        transaction -> assertThat(transaction.getString("tag")).isEqualTo("a" + "x".repeat(199)));
        assertThat(queue.list(Optional.of("bank")))
                .singleElement()
                .satisfies(transaction -> assertThat(transaction).doesNotContainKey("tag"));
        assertThat(queue.list(Optional.empty())).hasSize(2);
    }

    @Test
    void what_is_refused_stays_aside_line_by_line_through_restarts() throws IOException {
        var queue = open();
        queue.add(call("shop", "good"), "piv", "sign");
        queue.add(call("shop", "bad"), "piv", "sign");
        var batch = queue.next().orElseThrow();
        queue.done(batch, batch.transactions().subList(1, 2));
        assertThat(queue.next()).isEmpty();
        // The number is not used again, so that the next one does not take its place.
        var again = open();
        again.add(call("shop", "worse"), "piv", "sign");
        var other = again.next().orElseThrow();
        again.done(other, other.transactions());
        assertThat(open().next()).isEmpty();
        assertThat(Files.readString(folder.resolve("refused-000000000001.jsonl")))
                .contains("\"bad\"")
                .doesNotContain("\"good\"", "\"worse\"");
        assertThat(Files.readString(folder.resolve("refused-000000000002.jsonl")))
                .contains("\"worse\"");
    }

    @Test
    void a_file_that_can_not_be_read_is_put_aside() throws IOException {
        Files.createDirectories(folder.resolve("000000000001.jsonl"));
        var queue = open();
        queue.add(call("shop", "later"), "piv", "sign");
        assertThat(queue.next().orElseThrow().transactions()).hasSize(1);
        assertThat(folder.resolve("refused-000000000001.jsonl")).exists();
    }

    @Test
    void the_log_has_no_paths() throws IOException {
        var queue = open();
        var lines = new ConcurrentLinkedQueue<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().format(line));
            }

            @Override
            public void flush() {
                // nothing waits
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        var log = Logger.getLogger(TransactionQueue.class.getName());
        log.addHandler(handler);
        try {
            Files.delete(folder);
            queue.add(call("shop", "lost"), "piv", "sign");
        } finally {
            log.removeHandler(handler);
        }
        assertThat(lines)
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains("NoSuchFileException").doesNotContain(folder.toString()));
    }

    @Test
    void a_page_without_a_label_is_shown_none() {
        var queue = open();
        queue.add(call("shop", "tag"), "piv", "sign");
        var route = new LinkRoutes(Optional.empty(), queue, folder)
                .routes().stream()
                        .filter(one -> one.segments().equals(List.of("ds", "transactions")))
                        .findFirst()
                        .orElseThrow();
        var page = Optional.of("https://app.example.com");
        assertThat(route.handler().answer(call(page, Optional.empty(), "")).asJsonArray())
                .isEmpty();
        assertThat(route.handler().answer(call(page, Optional.of("shop"), "")).asJsonArray())
                .hasSize(1);
        assertThat(route.handler()
                        .answer(call(Optional.empty(), Optional.empty(), ""))
                        .asJsonArray())
                .hasSize(1);
    }
}
