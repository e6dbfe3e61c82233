package org.countersign.server.tenancy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a context come to rest before its WAR is replaced: while the file {@code CONTEXT.draining} lies beside the
 * company's configuration file, no new request is taken, and those under way are counted down. The file is looked for
 * several times a second by a thread, never by a request. It is named like the deployment, so that {@code NAME} and
 * {@code NAME--015} rest apart from each other, and lies in the version's own folder.
 */
public final class Drain implements AutoCloseable {

    private static final String SUFFIX = ".draining";
    private static final long POLL_MILLIS = 150;

    private final Path flag;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ScheduledExecutorService watching;
    private volatile boolean draining;

    private Drain(Path flag) {
        this.flag = flag;
        this.draining = Files.exists(flag);
        this.watching = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "countersign-drain");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param configuration the company's file, beside which the flag is looked for */
    public static Drain watch(Path configuration, ContextName context) {
        var drain = new Drain(flag(configuration, context));
        drain.watching.scheduleWithFixedDelay(drain::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        return drain;
    }

    /** The file whose being there drains a context. */
    public static Path flag(Path configuration, ContextName context) {
        return configuration.resolveSibling(context.deployed() + SUFFIX);
    }

    /**
     * Begins a request.
     *
     * @return whether it is taken; a request that is not taken has not begun and must not be {@linkplain #leave left}
     */
    public boolean enter() {
        // Counted first, asked then: whoever sees the context drained and nobody in it may rely on both.
        inFlight.incrementAndGet();
        if (draining) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Ends a request that was taken. */
    public void leave() {
        inFlight.decrementAndGet();
    }

    public boolean takesRequests() {
        return !draining;
    }

    /** Requests taken and not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public void close() {
        watching.shutdownNow();
    }

    private void look() {
        draining = Files.exists(flag);
    }
}
