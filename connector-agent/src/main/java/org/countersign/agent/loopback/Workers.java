package org.countersign.agent.loopback;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads that answer requests: a fixed number, and for each that waits for the user one more, so that a window that
 * nobody looks at keeps nobody else waiting.
 */
public final class Workers implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    public Workers(int number) {
        var count = new AtomicInteger();
        threads = new ThreadPoolExecutor(number, number, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "call-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    Executor executor() {
        return threads;
    }

    /** Who calls this sees to it that few do so at once. */
    public <T> T whileTheUserThinks(Supplier<T> wait) {
        resize(1);
        try {
            return wait.get();
        } finally {
            resize(-1);
        }
    }

    private synchronized void resize(int by) {
        int size = threads.getCorePoolSize() + by;
        if (by > 0) {
            threads.setMaximumPoolSize(size);
            threads.setCorePoolSize(size);
        } else {
            threads.setCorePoolSize(size);
            threads.setMaximumPoolSize(size);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
