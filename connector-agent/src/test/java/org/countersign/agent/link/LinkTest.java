package org.countersign.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.countersign.agent.keys.LoopbackCertificate;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.AllowedOrigins;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.agent.readers.AtrMap;
import org.countersign.agent.transactions.TransactionQueue;
import org.countersign.agent.trust.CorrectedClock;
import org.countersign.agent.trust.TrustedIssuers;
import org.countersign.core.configuration.Problems;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server that answers as the distribution service's documentation has it. */
class LinkTest {

    private static final String GOOD = "{\"success\":true,\"data\":{}}";

    @TempDir
    Path folder;

    HttpServer server;
    TransactionQueue queue;
    volatile boolean transactionsFail;
    final LinkedBlockingQueue<String> syncs = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> taken = new LinkedBlockingQueue<>();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/ds/v3/devices/", this::answer);
        server.start();
        queue = TransactionQueue.open(data().folder("transactions"), entropy(), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestURI().getPath();
        boolean ofTransactions = path.endsWith("/transactions");
        boolean bad = ofTransactions && body.contains("\"bad\"");
        if (path.endsWith("/sync")) {
            syncs.add(body);
        } else if (ofTransactions && !bad && !transactionsFail) {
            taken.add(body);
        }
        int status = ofTransactions && transactionsFail ? 503 : bad ? 400 : 200;
        var answer = (status == 200 ? GOOD : "{\"success\":false,\"code\":200400}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private PrivateFolder data() {
        return PrivateFolder.open(folder);
    }

    private static Entropy entropy() {
        return new Entropy(new SecureRandom());
    }

    private Link link() {
        var machine = Clock.systemUTC();
        var clock = new CorrectedClock(machine);
        var outgoing = new Outgoing(List.of(), clock);
        var problems = new Problems();
        var parts = new Link.Parts(
                data(),
                outgoing,
                clock,
                machine,
                TrustedIssuers.of(List.of(), data().folder("keys"), outgoing, clock, problems),
                AllowedOrigins.of(List.of(), problems),
                LoopbackCertificate.open(data(), List.of("localhost"), entropy(), machine),
                AtrMap.load(Set.of()),
                queue,
                entropy());
        var service = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ds");
        return new Link(
                new LinkSettings(service, Optional.of("key")),
                parts,
                new Link.Report("1.0.0", Set.of("piv"), () -> true, () -> 0));
    }

    private void add(String tag) {
        queue.add(
                new Call(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("shop"),
                        Optional.of(tag),
                        "",
                        51_984,
                        Deadline.in(Duration.ofSeconds(1)),
                        Map.of(),
                        Map.of(),
                        JsonObject.EMPTY_JSON_OBJECT),
                "piv",
                "sign");
    }

    @Test
    void a_bad_transaction_leaves_the_good_ones_alone() throws InterruptedException {
        add("one");
        add("bad");
        add("two");
        add("three");
        try (var link = link()) {
            link.start();
            var arrived = new StringBuilder();
            while (!arrived.toString().contains("\"three\"")) {
                var batch = taken.poll(60, TimeUnit.SECONDS);
                assertThat(batch).isNotNull();
                arrived.append(batch);
            }
            assertThat(arrived).contains("\"one\"", "\"two\"").doesNotContain("\"bad\"");
        }
    }

    @Test
    void transactions_that_do_not_go_through_do_not_keep_it_from_asking_whom_to_trust() throws InterruptedException {
        transactionsFail = true;
        add("one");
        try (var link = link()) {
            link.start();
            var sync = syncs.poll(60, TimeUnit.SECONDS);
            // With the certificate in force, which is the agent's own.
            assertThat(sync).isNotNull().contains("tlsCertificateSha256");
        }
    }
}
