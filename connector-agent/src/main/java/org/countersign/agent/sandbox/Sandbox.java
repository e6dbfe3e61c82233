package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * One library, or one kind of card, in its child process, which is started at the first call, and again after it ended. One
 * call at a time.
 */
public final class Sandbox implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sandbox.class.getName());
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "sandbox-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** More calls than these would keep the threads from requests that need no library. */
    private static final int MOST_WAITING = 8;

    /** How long a call waits for others before it is told to come again. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final String device;
    private final Path natives;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private Process process;
    private SocketChannel channel;
    private JsonObject memory = JsonObject.EMPTY_JSON_OBJECT;

    /**
     * @param device the full path of a PKCS#11 library, or the name of a kind of card
     * @param natives a folder of this user's, for the native parts of libraries
     * @param patience how long a call may take
     */
    public Sandbox(String device, Path natives, Duration patience) {
        this.device = device;
        this.natives = natives;
        this.patience = patience;
    }

    /**
     * Asks the library.
     *
     * @param deadline for waiting for others, starting the process, and the answer together
     * @throws ProtocolException as the library refused; {@code library_crashed}, {@code library_timeout}; {@code busy} when
     *     it is at work for others for longer than ten seconds, or than this call may take
     */
    public JsonObject call(JsonObject request, Deadline deadline) {
        var time = deadline.each().compareTo(patience) < 0 ? deadline.each() : patience;
        var wait = deadline.left(time.compareTo(LONGEST_WAIT) < 0 ? time : LONGEST_WAIT);
        try {
            if (lock.getQueueLength() >= MOST_WAITING || !lock.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProtocolException(AgentError.BUSY, "The card is in use; try again later");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ProtocolException(AgentError.BUSY, "The agent is being stopped");
        }
        try {
            var answer = exchange(request, time, deadline);
            if (answer.containsKey("error")) {
                var refusal = Refusals.of(answer.getString("error"));
                if (answer.containsKey("cause")) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "A card failed by {0}: {1}",
                            device,
                            answer.getString("cause"));
                }
                if (refusal.code() == AgentError.BUSY) {
                    // It may still be waiting for its turn in the background; the next call starts afresh.
                    end();
                }
                throw refusal;
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private JsonObject exchange(JsonObject request, Duration time, Deadline deadline) {
        if (deadline.left().isZero()) {
            throw late();
        }
        var late = new AtomicBoolean();
        try {
            if (process == null || !process.isAlive()) {
                end();
                launch(late, deadline);
            }
            var child = process;
            var watch =
                    WATCH.schedule(() -> kill(child, late), deadline.left(time).toMillis(), TimeUnit.MILLISECONDS);
            try {
                Frames.write(
                        channel, Jsons.object(request).add("memory", memory).build());
                JsonObject frame;
                do {
                    frame = Frames.read(channel);
                    memory = frame.getJsonObject("memory");
                } while (!frame.containsKey("answer"));
                if (frame.getBoolean("spent")) {
                    end();
                }
                return frame.getJsonObject("answer");
            } finally {
                watch.cancel(false);
            }
        } catch (IOException ended) {
            end();
            LOG.log(System.Logger.Level.WARNING, "The library {0} {1}", device, late.get() ? "hung" : "crashed");
            throw late.get()
                    ? late()
                    : new ProtocolException(AgentError.LIBRARY_CRASHED, "The card's library ended unexpectedly");
        }
    }

    private static ProtocolException late() {
        return new ProtocolException(AgentError.LIBRARY_TIMEOUT, "The card's library did not answer in time");
    }

    private static void kill(Process child, AtomicBoolean late) {
        late.set(true);
        child.destroyForcibly();
    }

    private void launch(AtomicBoolean late, Deadline deadline) throws IOException {
        // Only this user can enter it, so only a child of ours connects. Short: such addresses have 100 characters.
        var meeting = Files.createTempDirectory("countersign-agent");
        var address = meeting.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(address));
            process = new ProcessBuilder(command(address))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var child = process;
            child.onExit().thenRun(() -> close(server));
            var watch = WATCH.schedule(
                    () -> kill(child, late), deadline.left(patience).toMillis(), TimeUnit.MILLISECONDS);
            try {
                channel = server.accept();
            } finally {
                watch.cancel(false);
            }
        } finally {
            Files.deleteIfExists(address);
            Files.deleteIfExists(meeting);
        }
    }

    private List<String> command(Path address) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // What a crash would write may hold a PIN.
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + natives,
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                address.toString(),
                device);
    }

    private static void close(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException alreadyClosed) {
            // As wanted.
        }
    }

    private void end() {
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException alreadyClosed) {
                // As wanted.
            }
            channel = null;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            end();
        } finally {
            lock.unlock();
        }
    }
}
