package org.countersign.server.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * What a context needs to serve requests. Checks run in threads of their own, each in one at a time whoever asks; what is
 * not known in time is not ready, so that a probe is answered although a disk or a database hangs.
 */
public final class Readiness implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    private final List<Check> checks;
    private final ExecutorService executor;

    /** @param checks by name; a later one is not asked when an earlier one fails, since it may need what that one tells of */
    public Readiness(Map<String, BooleanSupplier> checks) {
        this.checks = checks.entrySet().stream()
                .map(check -> new Check(check.getKey(), check.getValue()))
                .toList();
        this.executor = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "countersign-readiness");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether each one is well, within a second. */
    Map<String, Boolean> states() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        var states = new LinkedHashMap<String, Boolean>();
        boolean well = true;
        for (var check : checks) {
            well = well && check.isWell(deadline);
            states.put(check.name, well);
        }
        return states;
    }

    private final class Check {

        private final String name;
        private final BooleanSupplier question;
        private CompletableFuture<Boolean> asked = CompletableFuture.completedFuture(false);

        private Check(String name, BooleanSupplier question) {
            this.name = name;
            this.question = question;
        }

        private boolean isWell(long deadline) {
            try {
                return ask().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            } catch (TimeoutException | ExecutionException unknown) {
                return false;
            }
        }

        private synchronized CompletableFuture<Boolean> ask() {
            if (asked.isDone()) {
                asked = CompletableFuture.supplyAsync(question::getAsBoolean, executor);
            }
            return asked;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
