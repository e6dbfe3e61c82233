package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.countersign.agent.AgentProcess;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand clients at once: each asks for the readers, for consent, and for a signature; a thousand more come again as long as the
 * agent tells them to try later.
 */
class ManyClientsTest {

    private static final int CLIENTS = 1_000;
    private static final int SECONDS = 240;
    private static final int BUSY = 105_503;
    /** Consent: the page asked too often; there is no desktop here. */
    private static final List<Integer> NOT_NOW = List.of(BUSY, 101_429, 101_501);

    private static final String DROPPED = "dropped after 20 s";
    private static final int LONGEST_WAIT = 18;
    /** In ms. */
    private static final int SHORTEST_PAUSE = 500;

    private static final int PAUSES = 2_500;
    private static final int MORE_HEAP = 1 << 20;

    @TempDir
    static Path folder;

    private final Queue<String> findings = new ConcurrentLinkedQueue<>();
    private final LongAdder signedInTheEnd = new LongAdder();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

    @Test
    void a_thousand_clients_get_right_answers_and_leave_nothing_behind() throws Exception {
        Tools.require("jcmd");
        SoftHsm.prepare(folder);
        boolean consent;
        try (var lists = RunningAgent.start(folder.resolve("list"))) {
            consent = lists.routes().stream().anyMatch(route -> route.segments().equals(List.of("v3", "consent")));
        }
        X509Certificate certificate;
        try (var file = Files.newInputStream(folder.resolve("rsa.pem"))) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        try (var agent = AgentProcess.start(
                folder.resolve("agent"), "--pkcs11.libraries=" + SoftHsm.LIBRARY, "--pin.clear=true")) {
            wave(agent, consent, certificate, this::sign);
            long heap = agent.liveHeap();
            int threads = agent.threads();
            int files = agent.fileDescriptors();
            long dropped = dropped();
            wave(agent, consent, certificate, this::signInTheEnd);
            long heapAfter = agent.liveHeap();
            System.out.println(
                    "ManyClientsTest: " + new TreeMap<>(answers) + "; live heap " + heap + ", then " + heapAfter
                            + " bytes; threads " + threads + ", " + agent.threads() + "; files " + files + ", "
                            + agent.fileDescriptors());
            assertThat(findings).isEmpty();
            assertThat(heapAfter).isLessThan(heap + MORE_HEAP);
            // The compiler's threads come and go.
            assertThat(agent.threads()).isLessThanOrEqualTo(threads + 2);
            assertThat(agent.fileDescriptors()).isLessThanOrEqualTo(files + 2);
            assertThat(agent.stacks()).doesNotContain("deadlock").doesNotContain(".loopback.Gate.");
            assertThat(answers).containsKeys("readers 200", "sign 200");
            assertThat(signedInTheEnd.sum()).isEqualTo(CLIENTS - (dropped() - dropped));
            sign(agent, certificate, 0);
        }
    }

    @FunctionalInterface
    private interface Signing {
        void sign(AgentProcess agent, X509Certificate certificate, int number) throws Exception;
    }

    private void wave(AgentProcess agent, boolean consent, X509Certificate certificate, Signing signing)
            throws InterruptedException {
        var start = new CountDownLatch(1);
        var done = new CountDownLatch(CLIENTS);
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            var client = new Thread(
                    null,
                    () -> {
                        long begun = 0;
                        try {
                            start.await();
                            begun = System.nanoTime();
                            readers(agent);
                            if (consent) {
                                consent(agent, number);
                            }
                            signing.sign(agent, certificate, number);
                        } catch (SocketException reset) {
                            dropped(number, System.nanoTime() - begun);
                        } catch (Exception | AssertionError failed) {
                            findings.add("client " + number + ": " + failed);
                        } finally {
                            done.countDown();
                        }
                    },
                    "client-" + i,
                    256 << 10);
            client.setDaemon(true);
            clients.add(client);
            client.start();
        }
        start.countDown();
        if (!done.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(done.getCount() + " of " + CLIENTS + " clients wait\n" + agent.stacks());
        }
        for (var client : clients) {
            client.join();
        }
    }

    /** What gets no thread of the agent's for 20 s is dropped, as on machines that are too busy for it. */
    private void dropped(int number, long nanoseconds) {
        answers.computeIfAbsent(DROPPED, key -> new LongAdder()).increment();
        if (TimeUnit.NANOSECONDS.toSeconds(nanoseconds) < LONGEST_WAIT) {
            findings.add("client " + number + " was dropped at once");
        }
    }

    private long dropped() {
        var count = answers.get(DROPPED);
        return count == null ? 0 : count.sum();
    }

    private void count(String call, AgentProcess.Reply reply) {
        answers.computeIfAbsent(call + " " + reply.status(), key -> new LongAdder())
                .increment();
    }

    private void readers(AgentProcess agent) throws Exception {
        var reply = agent.get("/v3/readers");
        count("readers", reply);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        try (var json = Json.createReader(new StringReader(reply.body()))) {
            assertThat(json.readObject().getBoolean("success")).isTrue();
        }
    }

    private void consent(AgentProcess agent, int number) throws Exception {
        // By the clipboard, or by a window: nobody agrees here.
        var reply = agent.post(
                "/v3/consent",
                number % 2 == 0
                        ? "{\"codeWord\":\""
                                + new BigInteger(128, new Random(number))
                                        .setBit(127)
                                        .toString(16) + "\"}"
                        : "{\"title\":\"Try\",\"codeWord\":\"Try\",\"timeout\":1}");
        count("consent", reply);
        assertThat(reply.text()).doesNotContain("APPROVED");
        assertThat(reply.status() == 200 || NOT_NOW.contains(reply.code()))
                .as(reply.text())
                .isTrue();
    }

    /** Comes again when it is told to try later, after 0.5 to 3 seconds, until it has its signature. */
    private void signInTheEnd(AgentProcess agent, X509Certificate certificate, int number) throws Exception {
        var random = new Random(number);
        while (!sign(agent, certificate, number)) {
            Thread.sleep(SHORTEST_PAUSE + random.nextInt(PAUSES));
        }
        signedInTheEnd.increment();
    }

    /** @return false when it is to try again later */
    private boolean sign(AgentProcess agent, X509Certificate certificate, int number) throws Exception {
        var document = ("document " + number).getBytes(StandardCharsets.UTF_8);
        var hash = MessageDigest.getInstance("SHA-256").digest(document);
        var reply = agent.post(
                "/v3/modules/pkcs11/apps/token/sign",
                "{\"algorithm\":\"sha256\",\"data\":\"" + Base64.getEncoder().encodeToString(hash) + "\",\"pin\":\""
                        + SoftHsm.PIN + "\"}");
        count("sign", reply);
        if (reply.code() == BUSY) {
            return false;
        }
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        try (var json = Json.createReader(new StringReader(reply.body()))) {
            var verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(certificate);
            verifier.update(document);
            assertThat(verifier.verify(Base64.getDecoder()
                            .decode(json.readObject().getJsonObject("data").getString("data"))))
                    .isTrue();
        }
        return true;
    }
}
