package org.countersign.systemtests.simulation;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.benchmark.LeanConnection;
import org.countersign.systemtests.simulation.Tally.Event;

/**
 * Carries the calls of many devices, one after the other, and each until it is answered: what has no answer is sent again
 * over a new connection, signed anew. For one thread.
 */
final class Courier implements AutoCloseable {

    static final int CLOCK = 204_002;

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    /** What a server says that is starting, or whose database is busy. */
    private static final Set<Integer> AWAY = Set.of(404, 502, 503, 504);

    private static final long PATIENCE_NANOS = 900_000_000_000L;
    private static final long PAUSE_MILLIS = 200;
    private static final Pattern CODE = Pattern.compile("\"code\":(\\d+)");
    private static final Pattern TIME = Pattern.compile("\"serverTime\":\"([^\"]+)\"");

    private final URI context;
    private final Tally tally;
    private LeanConnection connection;
    private LeanConnection second;
    private long[] latencies = new long[64];
    private int answered;

    Courier(URI context, Tally tally) {
        this.context = context;
        this.tally = tally;
    }

    /**
     * The good answer to a call.
     *
     * @param uncertain whether an attempt before it had no answer, and may have had its effect
     */
    record Delivered(String body, boolean uncertain) {

        /** The number that follows a member's name. */
        int number(String member) {
            var matcher = Pattern.compile("\"" + member + "\":(\\d+)").matcher(body);
            if (!matcher.find()) {
                throw new IllegalStateException("The answer has no " + member + ": " + body);
            }
            return Integer.parseInt(matcher.group(1));
        }
    }

    @FunctionalInterface
    private interface Sending<T> {
        /** @return null when it is to be tried again */
        T attempt() throws IOException;
    }

    /** @param path after the device's own address */
    Delivered deliver(SimulatedDevice device, String method, String path, byte[] body) {
        var uncertain = new boolean[1];
        return untilAnswered(uncertain, () -> {
            var request =
                    connection().request(method, device.address() + path, header(device, method, path, body), body);
            long began = System.nanoTime();
            var answer = connection.send(request);
            if (answer.status() == OK) {
                note(System.nanoTime() - began);
            }
            return understand(device, answer, uncertain);
        });
    }

    /** A POST with a signature that was made before. Its clock is right. */
    void deliverSigned(SimulatedDevice device, String path, byte[] body, String proof) {
        var answer = untilAnswered(new boolean[1], () -> {
            var sent = connection().send(connection.request("POST", device.address() + path, header(proof), body));
            return AWAY.contains(sent.status()) ? null : sent;
        });
        if (answer.status() != OK) {
            throw new IllegalStateException("A good call was answered " + answer.status() + ": " + answer.body());
        }
    }

    /** Two POSTs at the same time over two connections. @return both answers */
    Delivered[] deliverAtOnce(SimulatedDevice device, String onePath, byte[] one, String otherPath, byte[] other) {
        var uncertain = new boolean[1];
        var answers = untilAnswered(uncertain, () -> {
            if (second == null) {
                second = new LeanConnection(context);
            }
            var first =
                    connection().request("POST", device.address() + onePath, header(device, "POST", onePath, one), one);
            var then = second.request(
                    "POST", device.address() + otherPath, header(device, "POST", otherPath, other), other);
            connection.begin(first);
            second.begin(then);
            return new LeanConnection.Answer[] {connection.end(), second.end()};
        });
        var delivered = new Delivered[2];
        for (int i = 0; i < 2; i++) {
            var understood = understand(device, answers[i], uncertain);
            delivered[i] = understood != null
                    ? understood
                    : deliver(device, "POST", i == 0 ? onePath : otherPath, i == 0 ? one : other);
        }
        return Arrays.stream(delivered)
                .map(each -> new Delivered(each.body(), each.uncertain() || uncertain[0]))
                .toArray(Delivered[]::new);
    }

    /** A call that has to be refused. @throws IllegalStateException when it is not, or for another reason */
    void expectRefusal(SimulatedDevice device, String path, byte[] body, String proof, int code) {
        var answer = untilAnswered(new boolean[1], () -> {
            var sent = connection().send(connection.request("POST", device.address() + path, header(proof), body));
            return AWAY.contains(sent.status()) ? null : sent;
        });
        if (answer.status() != UNAUTHORIZED || code(answer) != code) {
            throw new IllegalStateException("A forged call was answered " + answer.status() + ": " + answer.body());
        }
        tally.count(Event.FORGED);
    }

    /** Drops the connection; the next call makes another one. */
    void disconnect() {
        close(connection);
        close(second);
        connection = null;
        second = null;
    }

    /** Nanoseconds of each good answer. */
    long[] latencies() {
        return Arrays.copyOf(latencies, answered);
    }

    private <T> T untilAnswered(boolean[] uncertain, Sending<T> sending) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                var answer = sending.attempt();
                if (answer != null) {
                    return answer;
                }
            } catch (IOException lost) {
                tally.count(Event.UNANSWERED);
                uncertain[0] = true;
                disconnect();
                Daemon.pause(PAUSE_MILLIS);
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("A call had no answer for a quarter of an hour");
            }
        }
    }

    /** @return null when the call is to be made again */
    private Delivered understand(SimulatedDevice device, LeanConnection.Answer answer, boolean[] uncertain) {
        if (answer.status() == OK) {
            return new Delivered(answer.body(), uncertain[0]);
        }
        if (answer.status() == UNAUTHORIZED && code(answer) == CLOCK) {
            var time = TIME.matcher(answer.body());
            if (time.find()) {
                device.learnTime(Instant.parse(time.group(1)));
                tally.count(Event.CLOCK_PUT_RIGHT);
                return null;
            }
        }
        if (AWAY.contains(answer.status())) {
            tally.count(Event.AWAY);
            uncertain[0] = true;
            Daemon.pause(PAUSE_MILLIS);
            return null;
        }
        throw new IllegalStateException("A call of a device was answered " + answer.status() + ": " + answer.body());
    }

    private static int code(LeanConnection.Answer answer) {
        var matcher = CODE.matcher(answer.body());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String header(SimulatedDevice device, String method, String path, byte[] body) {
        return header(device.proof(method, path, body));
    }

    private static String header(String proof) {
        return "Device-Signature: " + proof;
    }

    private LeanConnection connection() throws IOException {
        if (connection == null) {
            connection = new LeanConnection(context);
        }
        return connection;
    }

    private void note(long nanos) {
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * answered);
        }
        latencies[answered++] = nanos;
    }

    private static void close(LeanConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException closedAnyway) {
                // nothing is left to be done with it
            }
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
