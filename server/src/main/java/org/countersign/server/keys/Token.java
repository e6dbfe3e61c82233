package org.countersign.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.TokenProcess.Answer;
import org.countersign.server.keys.token.ClassPath;
import org.countersign.server.keys.token.Fields;
import org.countersign.server.keys.token.Frame.Reply;
import org.countersign.server.keys.token.Frame.Request;
import org.countersign.server.logging.ContextLogger;

/**
 * A PKCS#11 token, logged in as long as it is there. Whatever ends its sessions, the library is loaded anew in a new
 * process, at most once a second, and less often while that fails. A user PIN that the token refuses is not sent a second time: every time counts towards
 * the token's lock.
 */
public final class Token implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(Token.class);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final long LONGEST_WAIT_SECONDS = 10;
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final String NATIVES = "natives";

    private final TokenSettings settings;
    private final Path folder;
    private final String classPath;
    private final ReentrantLock starting = new ReentrantLock();
    private final AtomicReference<TokenProcess> process = new AtomicReference<>();
    private long nextStart = System.nanoTime();
    private long pause = SHORTEST_PAUSE_NANOS;
    private String trouble = "";
    private volatile boolean refused;
    private volatile boolean closed;

    private Token(TokenSettings settings, Path folder, String classPath) {
        this.settings = settings;
        this.folder = folder;
        this.classPath = classPath;
    }

    /**
     * Logs in. A token that is not there now is tried again when it is needed.
     *
     * @param temporaryFolder must exist and allow execution
     */
    public static Token open(TokenSettings settings, Path temporaryFolder) {
        try {
            var folder = Files.createTempDirectory(temporaryFolder, "countersign-token-");
            var token = new Token(settings, folder, ClassPath.copyTo(folder));
            token.isUsable();
            return token;
        } catch (IOException notWritable) {
            throw new UncheckedIOException("The token's process can not be prepared", notWritable);
        }
    }

    /** Whether it answers. */
    boolean isUsable() {
        try {
            return call(Request.PING, new byte[0]).reply() == Reply.DONE;
        } catch (ProtocolException away) {
            return false;
        }
    }

    /**
     * For what may be done twice: when the token was lost, it is done again after a new login.
     *
     * @return never {@link Reply#LOST}
     * @throws ProtocolException temporarily_unavailable
     */
    Answer call(Request request, byte[] content) {
        var first = current();
        var answer = call(first, request, content);
        if (answer.reply() != Reply.LOST) {
            return answer;
        }
        return callOnce(request, content);
    }

    /** As {@link #call}, but not again. */
    Answer callOnce(Request request, byte[] content) {
        var answer = call(current(), request, content);
        if (answer.reply() == Reply.LOST) {
            throw away();
        }
        return answer;
    }

    private Answer call(TokenProcess child, Request request, byte[] content) {
        try {
            var answer = child.call(request, content);
            if (answer.reply() == Reply.LOST) {
                discard(child, answer.text());
            }
            return answer;
        } catch (IOException ended) {
            discard(child, ended.getMessage());
            return new Answer(Reply.LOST, new byte[0]);
        }
    }

    private TokenProcess current() {
        var child = process.get();
        if (child != null) {
            return child;
        }
        try {
            if (refused || closed || !starting.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw away();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw away();
        }
        try {
            var started = process.get();
            if (started == null) {
                started = start();
                process.set(started);
            }
            return started;
        } finally {
            starting.unlock();
        }
    }

    private TokenProcess start() {
        if (refused || closed || System.nanoTime() - nextStart < 0) {
            throw away();
        }
        nextStart = System.nanoTime() + pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        TokenProcess child = null;
        try {
            // What a killed process had unpacked stays there.
            delete(folder.resolve(NATIVES));
            child = TokenProcess.start(
                    settings.library(), settings.patience(), classPath, Files.createDirectory(folder.resolve(NATIVES)));
            var login = child.call(
                    Request.LOGIN,
                    Fields.empty()
                            .number(settings.sessions())
                            .bytes(settings.label().getBytes(StandardCharsets.UTF_8))
                            .bytes(settings.pin().getBytes(StandardCharsets.UTF_8))
                            .content());
            if (login.reply() == Reply.DONE) {
                LOG.log(System.Logger.Level.INFO, "Logged in to the token {0}, {1}", settings.label(), login.text());
                trouble = "";
                pause = SHORTEST_PAUSE_NANOS;
                return child;
            }
            refused = login.reply() == Reply.PIN_REFUSED;
            tell(refused ? "it refuses the user PIN, which is not tried again: " + login.text() : login.text());
        } catch (IOException | RuntimeException failed) {
            tell(String.valueOf(failed.getMessage()));
        }
        if (child != null) {
            child.close();
        }
        throw away();
    }

    /** Not again and again while nothing changes. */
    private void tell(String what) {
        if (!what.equals(trouble)) {
            trouble = what;
            LOG.log(System.Logger.Level.WARNING, "The token {0} can not be used: {1}", settings.label(), what);
        }
    }

    /** Of those whose calls fail at the same time the first one does it. */
    private void discard(TokenProcess child, String why) {
        if (process.compareAndSet(child, null) && !closed) {
            LOG.log(System.Logger.Level.WARNING, "The token {0} was lost: {1}", settings.label(), why);
        }
        child.close();
    }

    private static ProtocolException away() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "The key vault is not available; try again later", RETRY);
    }

    @Override
    public void close() {
        closed = true;
        starting.lock();
        try {
            var last = process.getAndSet(null);
            if (last != null) {
                last.close();
            }
        } finally {
            starting.unlock();
        }
        try {
            delete(folder);
        } catch (IOException left) {
            LOG.log(System.Logger.Level.DEBUG, "Files of the token''s process stay in {0}", folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
