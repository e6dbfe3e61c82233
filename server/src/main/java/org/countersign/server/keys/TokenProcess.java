package org.countersign.server.keys;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.countersign.server.keys.token.Frame;
import org.countersign.server.keys.token.Frame.Reply;
import org.countersign.server.keys.token.Frame.Request;
import org.countersign.server.keys.token.TokenChild;

/**
 * One run of the child process that uses a PKCS#11 library. Calls of many threads are under way at the same time. It ends
 * when it is closed, when the server does, and when a call takes too long.
 */
final class TokenProcess implements AutoCloseable {

    /** Secrets of the server's, which a vendor's library has no business with, and what is meant for the server's JVM. */
    private static final Pattern THE_SERVERS = Pattern.compile(
            "(SIGNER|DS|WALLET)_.*|.*(PIN|SECRET|PASSWORD|PASSPHRASE|PASSWD|CREDENTIAL|TOKEN|KEY).*|.*JAVA_OPTIONS|JAVA_TOOL_OPTIONS",
            Pattern.CASE_INSENSITIVE);

    /** The longest address of a socket, with its end: 108 bytes on Linux. */
    private static final int LONGEST_ADDRESS = 100;

    /** A busy machine takes its time for a JVM, whatever an operation may take. */
    private static final Duration LEAST_FOR_A_START = Duration.ofSeconds(30);

    private final Process process;
    private final SocketChannel channel;
    private final Duration patience;
    private final Map<Integer, CompletableFuture<Frame>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean ended;

    private TokenProcess(Process process, SocketChannel channel, Duration patience) {
        this.process = process;
        this.channel = channel;
        this.patience = patience;
    }

    /** An answer of the child's. */
    record Answer(Reply reply, byte[] content) {

        /** The name of what went wrong; of PKCS#11, or a text of ours. */
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /**
     * Starts it.
     *
     * @param classPath of the child
     * @param natives a folder of this context's, where a native library may be unpacked and loaded
     */
    static TokenProcess start(Path library, Duration patience, String classPath, Path natives) throws IOException {
        // Only this user can enter it, so only a child of ours connects.
        var meeting = meetingPoint();
        var address = meeting.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            server.bind(UnixDomainSocketAddress.of(address));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            var builder = new ProcessBuilder(command(library, classPath, natives, address))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().removeIf(THE_SERVERS.asMatchPredicate());
            var child = builder.start();
            child.onExit().thenRun(selector::wakeup);
            selector.select(Math.max(patience.toMillis(), LEAST_FOR_A_START.toMillis()));
            var channel = server.accept();
            if (channel == null) {
                child.destroyForcibly();
                throw new IOException("its process does not start");
            }
            channel.configureBlocking(true);
            var started = new TokenProcess(child, channel, patience);
            var reader = new Thread(started::read, "countersign-token");
            reader.setDaemon(true);
            reader.start();
            return started;
        } finally {
            Files.deleteIfExists(address);
            Files.deleteIfExists(meeting);
        }
    }

    private static Path meetingPoint() throws IOException {
        var meeting = Files.createTempDirectory("cs");
        if (meeting.resolve("s").toString().length() <= LONGEST_ADDRESS) {
            return meeting;
        }
        Files.delete(meeting);
        return Files.createTempDirectory(Path.of("/tmp"), "cs");
    }

    private static List<String> command(Path library, String classPath, Path natives, Path address) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // What a crash would write may hold the PIN.
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + natives,
                "-cp",
                classPath,
                TokenChild.class.getName(),
                address.toString(),
                library.toString());
    }

    /** @throws IOException when the process has ended or does not answer in time; it is gone then */
    Answer call(Request request, byte[] content) throws IOException {
        int number = numbers.getAndIncrement();
        var answer = new CompletableFuture<Frame>();
        waiting.put(number, answer);
        try {
            if (ended) {
                throw new IOException("its process has ended");
            }
            var frame = new Frame(number, request.ordinal(), content);
            synchronized (channel) {
                frame.write(channel);
            }
            var received = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(Reply.values()[received.kind()], received.content());
        } catch (TimeoutException late) {
            close();
            throw new IOException("it does not answer in time", late);
        } catch (ExecutionException gone) {
            throw new IOException("its process has ended", gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            waiting.remove(number);
        }
    }

    private void read() {
        try {
            while (true) {
                var frame = Frame.read(channel);
                var answer = waiting.get(frame.number());
                if (answer != null) {
                    answer.complete(frame);
                }
            }
        } catch (IOException | RuntimeException over) {
            ended = true;
            waiting.values().forEach(answer -> answer.completeExceptionally(over));
            close();
        }
    }

    boolean isAlive() {
        return !ended && process.isAlive();
    }

    /** What was under way fails. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            channel.close();
        } catch (IOException alreadyClosed) {
            // As wanted.
        }
    }
}
