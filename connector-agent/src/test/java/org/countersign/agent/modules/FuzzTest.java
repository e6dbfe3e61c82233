package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.countersign.agent.AgentProcess;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.countersign.agent.loopback.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random and mutated requests to every call of an agent in a process of its own. Longer by
 * {@code -Dcountersign.fuzz.seconds=600}; again by {@code -Dcountersign.fuzz.seed=…} with the seed that was printed: each
 * client then sends what it sent, as far as it comes, though not at the same moments.
 */
class FuzzTest {

    /** A build finds the same each time; {@code -Dcountersign.fuzz.seed=$RANDOM} looks further. */
    private static final long USUAL_SEED = 20_261_122;

    private static final int CLIENTS = 4;
    private static final int SLOW_CLIENTS = 8;
    /** The agent gives a client 20 s for a request, and looks at times. */
    private static final Duration SLOWEST = Duration.ofSeconds(40);

    private static final String CANARY = "canary-5823071946";
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| (\\d{6}) \\| (\\d{3}) \\|");
    /** Says of itself that the agent failed, or that its library's process did. */
    private static final List<Integer> FAILURES = List.of(101_500, 106_503);
    /** The JDK's server answers by itself where it can make no request of what it reads; 501 to unknown transfer codings. */
    private static final List<Integer> UNREADABLE = List.of(0, 400, 404, 408, 413, 414, 431, 501);

    private static final List<String> MEMBERS = List.of(
            "algorithm",
            "data",
            "pin",
            "id",
            "osDialog",
            "txId",
            "timeout",
            "base64Encoded",
            "codeWord",
            "title",
            "durationInDays",
            "alertLevel",
            "alertPosition",
            "type",
            "consents",
            "certificate",
            "certificates",
            "certificateList",
            "signature",
            "signedHash",
            "filters",
            "nonRepudiation",
            "puk",
            "newPin",
            "pinType",
            "bulk",
            "keyId",
            "path",
            "password",
            "alias",
            "entityId",
            "hash",
            "text");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1e400",
            "-0.0",
            "99999999999999999999999",
            "[]",
            "{}",
            "[[[[]]]]",
            "\"\"",
            "\"sha256\"",
            "\"sha512_pss\"",
            "\"01\"",
            "\"02\"",
            "\"reader\"",
            "\"warning\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + CANARY + "\"",
            "[\"" + CANARY + "\"]",
            "\"../../../../etc/passwd\"",
            "\"%s%n\"",
            "\"\\u202e\\n\"",
            "\"" + Base64.getEncoder().encodeToString(new byte[32]) + "\"",
            "\"" + Base64.getEncoder().encodeToString(new byte[256]) + "\"");

    private static final List<String> HEADERS = List.of(
            "Accept-Language: xx-\u00ff,*;q=9",
            "X-Authentication-Token: c",
            "X-Authentication-Token: " + "9".repeat(300),
            "Authorization: Bearer a.b.c",
            "Authorization: Bearer " + "A".repeat(9_000),
            "X-T1C-BILLING-TAG: \u0001",
            "Origin: " + RunningAgent.ORIGIN,
            "Origin: null",
            "Referer: " + RunningAgent.ORIGIN + "/x",
            "Referer: ::",
            "Cookie: a=b",
            "Expect: 100-continue",
            "Expect: 200",
            "Content-Encoding: gzip",
            "Upgrade: h2c",
            "Connection: Upgrade, HTTP2-Settings",
            "Range: bytes=0-",
            "Transfer-Encoding: gzip",
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            ": empty",
            "No-Colon",
            " folded: line",
            "X-CSRF-Token: ");

    @TempDir
    static Path folder;

    private final Queue<String> findings = new ConcurrentLinkedQueue<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final Map<Integer, Integer> documented = new HashMap<>();
    private AgentProcess agent;

    @Test
    void whatever_comes_the_agent_answers_and_tells_no_pin() throws Exception {
        Tools.require("jcmd");
        SoftHsm.prepare(folder);
        document();
        long seed = Long.getLong("countersign.fuzz.seed", USUAL_SEED);
        var time = Duration.ofSeconds(Long.getLong("countersign.fuzz.seconds", 15));
        System.out.println("FuzzTest: -Dcountersign.fuzz.seed=" + seed);
        try (var lists = RunningAgent.start(folder.resolve("list"), "--pkcs11.libraries=" + SoftHsm.LIBRARY)) {
            routes.addAll(lists.routes());
        }
        try (var running = AgentProcess.start(
                folder.resolve("agent"),
                "--pkcs11.libraries=" + SoftHsm.LIBRARY,
                "--pin.clear=true",
                "--library.seconds=10")) {
            agent = running;
            // All of the agent's threads are there before they are counted.
            inParallel(64, () -> agent.get("/v3/modules/pkcs11/apps/token/info"));
            int threads = agent.threads();
            var slow = new ArrayList<Socket>();
            try {
                for (int i = 0; i < SLOW_CLIENTS; i++) {
                    slow.add(slow(i));
                }
                fuzz(seed, time);
                for (var socket : slow) {
                    assertClosed(socket);
                }
            } finally {
                for (var socket : slow) {
                    socket.close();
                }
            }
            System.out.println("FuzzTest: answers by status " + statuses + ", 0: ended without one");
            assertThat(findings).isEmpty();
            assertThat(statuses).containsKeys(200, 400, 404, 405);
            assertAllThreadsAreBack(threads);
            assertThat(agent.get("/info").status()).isEqualTo(200);
            assertThat(agent.get("/v3/modules/pkcs11/apps/token/cert-list").status())
                    .isEqualTo(200);
        }
        for (var file : filesOfTheAgent()) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .as("%s", file)
                    .doesNotContain(CANARY)
                    .doesNotContain(SoftHsm.PIN);
        }
    }

    private void document() throws IOException {
        var page = Path.of("docs", "agent.md");
        var rows = DOCUMENTED.matcher(
                Files.readString(Files.exists(page) ? page : Path.of("..").resolve(page)));
        while (rows.find()) {
            documented.put(Integer.valueOf(rows.group(1)), Integer.valueOf(rows.group(2)));
        }
        assertThat(documented).containsEntry(101_400, 400);
    }

    private static List<Path> filesOfTheAgent() throws IOException {
        try (var files = Files.walk(folder.resolve("agent"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private <T> void inParallel(int number, Callable<T> call) throws Exception {
        var pool = Executors.newFixedThreadPool(number);
        try {
            var calls = new ArrayList<Future<T>>();
            for (int i = 0; i < number; i++) {
                calls.add(pool.submit(call));
            }
            for (var each : calls) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void fuzz(long seed, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        var pool = Executors.newFixedThreadPool(CLIENTS);
        try {
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                var random = new Random(seed + i);
                clients.add(pool.submit(() -> {
                    // Every call once by each client, then any.
                    for (int n = 0; n < routes.size() || System.nanoTime() < end && findings.isEmpty(); n++) {
                        one(random, n < routes.size() ? routes.get(n) : pick(random, routes));
                    }
                    return null;
                }));
            }
            for (var client : clients) {
                client.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void one(Random random, Route route) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> cutOff(random, wellFormed(random, route));
            case 1 -> check(framing(random, route), false);
            case 2 -> check(mutated(random, wellFormed(random, route)), false);
            default -> check(wellFormed(random, route), true);
        }
    }

    private void check(byte[] request, boolean readable) throws IOException {
        AgentProcess.Reply reply;
        try {
            reply = agent.send(request, !readable, 60_000);
        } catch (SocketTimeoutException silent) {
            finding("no answer", request, "");
            return;
        } catch (IOException cut) {
            // Reset: what it had read was enough.
            reply = new AgentProcess.Reply(0, 0, "");
        }
        statuses.computeIfAbsent(reply.status(), status -> new LongAdder()).increment();
        if (reply.text().contains(CANARY)) {
            finding("the canary", request, reply.text());
        }
        // An answer to HEAD has no body that would tell the code.
        boolean bare = request[0] == 'H' && reply.status() >= 400 && reply.status() < 500;
        boolean good = bare
                || (reply.code() == 0
                        ? reply.status() >= 200 && reply.status() < 300
                                || UNREADABLE.contains(reply.status()) && !(readable && reply.status() == 0)
                        : Integer.valueOf(reply.status()).equals(documented.get(reply.code()))
                                && !FAILURES.contains(reply.code()));
        if (!good) {
            finding("not documented", request, reply.text());
        }
    }

    private void finding(String what, byte[] request, String answer) {
        findings.add(what + "\n>>> " + shortened(new String(request, StandardCharsets.ISO_8859_1)) + "\n<<< "
                + shortened(answer));
    }

    private static String shortened(String text) {
        return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
    }

    /** Half a request, and nobody who waits for the answer. */
    private void cutOff(Random random, byte[] request) throws IOException {
        try (var socket = new Socket("127.0.0.1", agent.httpPort())) {
            socket.getOutputStream().write(request, 0, random.nextInt(request.length));
        }
    }

    /** One that never comes to an end: within the line, the head, or the body. */
    private Socket slow(int kind) throws IOException {
        var socket = new Socket("127.0.0.1", agent.httpPort());
        var host = "\r\nHost: localhost:" + agent.httpPort() + "\r\nX-CSRF-Token: x\r\n";
        var path = "/v3/modules/pkcs11/apps/token/verify-pin HTTP/1.1";
        var text = switch (kind % 4) {
            case 0 -> "GET /inf";
            case 1 -> "GET /info HTTP/1.1" + host + "X-Slow: ";
            case 2 -> "POST " + path + host + "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"pin\":";
            default ->
                "POST " + path + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"p";
        };
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private void assertClosed(Socket socket) throws IOException {
        socket.setSoTimeout((int) SLOWEST.toMillis());
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException open) {
            throw new AssertionError("A client that sends nothing more is still connected\n" + agent.stacks(), open);
        } catch (IOException reset) {
            // As wanted.
        }
    }

    private void assertAllThreadsAreBack(int before) throws InterruptedException {
        long end = System.nanoTime() + SLOWEST.toNanos();
        var stacks = agent.stacks();
        // The compiler's threads come and go.
        while (stacks.contains(".loopback.Gate.") || agent.threads() > before + 2) {
            assertThat(System.nanoTime())
                    .as("%s threads before\n%s", before, stacks)
                    .isLessThan(end);
            Thread.sleep(500);
            stacks = agent.stacks();
        }
        assertThat(stacks.lines().filter(line -> line.startsWith("\"call-")).count())
                .as(stacks)
                .isEqualTo(16);
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] wellFormed(Random random, Route route) {
        boolean get = "GET".equals(route.method());
        var body = get ? new byte[0] : body(random);
        var head = new StringBuilder();
        head.append(
                random.nextInt(20) == 0
                        ? pick(random, List.of("PUT", "DELETE", "PATCH", "TRACE", "HEAD", "OPTIONS"))
                        : route.method());
        head.append(' ')
                .append(path(random, route))
                .append(query(random))
                .append(" HTTP/1.1\r\nHost: localhost:")
                .append(agent.httpPort())
                .append("\r\nConnection: close\r\n");
        if (random.nextInt(10) > 0) {
            head.append("Origin: ").append(RunningAgent.ORIGIN).append("\r\n");
        }
        if (random.nextInt(10) > 0) {
            head.append("X-CSRF-Token: x\r\n");
        }
        if (!get) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        return joined(head.append("\r\n").toString(), body);
    }

    private static byte[] joined(String head, byte[] body) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    private static String path(Random random, Route route) {
        var path = new StringBuilder();
        for (var segment : route.segments()) {
            path.append('/');
            if (segment.equals("{module}") && random.nextInt(5) > 0) {
                path.append("pkcs11");
            } else if (segment.startsWith("{") || random.nextInt(60) == 0) {
                path.append(pick(
                        random,
                        List.of(
                                "0000000000000000",
                                "..",
                                "%2e%2e",
                                "%00",
                                "%2f",
                                "",
                                "%ff%fe",
                                "a".repeat(3_000),
                                CANARY)));
            } else {
                path.append(segment);
            }
        }
        return path.toString();
    }

    private static String query(Random random) {
        return random.nextInt(3) > 0
                ? ""
                : "?"
                        + pick(
                                random,
                                List.of(
                                        "cardInserted=true",
                                        "cardInserted=maybe",
                                        "excluded=%ff",
                                        "filter=,,,",
                                        "bulk=true",
                                        "&&==&",
                                        "a=" + "b".repeat(3_000),
                                        "pin=" + CANARY,
                                        "filter=" + CANARY,
                                        "cardInserted=true&cardInserted=false"));
    }

    private static byte[] body(Random random) {
        if (random.nextInt(12) == 0) {
            return pick(
                    random,
                    List.of(
                            "[".repeat(50_000).getBytes(StandardCharsets.UTF_8),
                            "{\"a\":".repeat(20_000).getBytes(StandardCharsets.UTF_8),
                            ("{\"pin\":" + "9".repeat(100_000) + "}").getBytes(StandardCharsets.UTF_8),
                            ("{\"pin\":\"" + "9".repeat((1 << 20) + 1) + "\"}").getBytes(StandardCharsets.UTF_8),
                            ("\ufeff{\"pin\":\"" + CANARY + "\"}").getBytes(StandardCharsets.UTF_16),
                            new byte[0]));
        }
        var json = new StringBuilder("{");
        int members = random.nextInt(7);
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(pick(random, MEMBERS))
                    .append("\":")
                    .append(pick(random, VALUES));
        }
        if (random.nextInt(2) == 0) {
            json.append(members == 0 ? "" : ",")
                    .append("\"algorithm\":\"sha256\",\"data\":\"")
                    .append(Base64.getEncoder().encodeToString(new byte[32]))
                    .append("\",\"pin\":\"")
                    .append(random.nextInt(4) == 0 ? SoftHsm.PIN : CANARY)
                    .append('"');
        }
        var bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(4) == 0 ? mutated(random, bytes) : bytes;
    }

    private static byte[] mutated(Random random, byte[] bytes) {
        var all = bytes.clone();
        for (int i = random.nextInt(6); i >= 0 && all.length > 0; i--) {
            all[random.nextInt(all.length)] = (byte) random.nextInt(256);
        }
        // Followed by the end of a head, so that the agent has not to wait for it.
        return joined(new String(all, StandardCharsets.ISO_8859_1), "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private byte[] framing(Random random, Route route) {
        var start = route.method() + " " + path(random, route) + " HTTP/1.1\r\nHost: localhost:" + agent.httpPort()
                + "\r\nConnection: close\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\n";
        var pin = "{\"pin\":\"" + CANARY + "\"}";
        return switch (random.nextInt(10)) {
            case 0 -> text(start + "Content-Length: -1\r\n\r\n" + pin);
            case 1 -> text(start + "Content-Length: 99999999999999999999\r\n\r\n" + pin);
            case 2 -> text(start + "Content-Length: 2\r\nContent-Length: 27\r\n\r\n" + pin);
            case 3 -> text(start + "Content-Length: 5\r\n\r\n" + pin);
            case 4 -> text(start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + pin + "\r\n0\r\n\r\n");
            case 5 -> text(start + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + pin + "\r\n0\r\n\r\n");
            case 6 ->
                text(start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1b\r\n" + pin + "\r\n0\r\n\r\n");
            case 7 -> text(start + (pick(random, HEADERS) + "\r\n").repeat(1 + random.nextInt(80)) + "\r\n");
            case 8 -> {
                var noise = new byte[1 + random.nextInt(500)];
                random.nextBytes(noise);
                yield joined(new String(noise, StandardCharsets.ISO_8859_1), text("\r\n\r\n\r\n"));
            }
            default ->
                text(start.replace("HTTP/1.1", pick(random, List.of("HTTP/0.9", "HTTP/2.0", "", "HTTP/1.1 x")))
                        + pick(random, HEADERS) + "\r\nContent-Length: 0\r\n\r\n");
        };
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
