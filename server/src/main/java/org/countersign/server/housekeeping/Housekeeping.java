package org.countersign.server.housekeeping;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.logging.ContextLogger;

/** Clears away what has expired, now and then, on every node; who comes second finds nothing left to do. */
public final class Housekeeping implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(Housekeeping.class);
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final ScheduledExecutorService executor;

    public Housekeeping(String context, List<Runnable> chores, Entropy entropy) {
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "countersign-housekeeping-" + context);
            thread.setDaemon(true);
            return thread;
        });
        // Nodes that start together do not clean together.
        long first =
                INTERVAL.toSeconds() / 2 + Math.floorMod(entropy.secureRandom().nextInt(), (int) INTERVAL.toSeconds());
        chores.forEach(chore ->
                executor.scheduleWithFixedDelay(() -> run(chore), first, INTERVAL.toSeconds(), TimeUnit.SECONDS));
    }

    private static void run(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "Clearing away what has expired failed; it is tried again", failure);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
