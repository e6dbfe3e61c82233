package org.countersign.systemtests.simulation;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.countersign.systemtests.benchmark.Measurement;
import org.countersign.systemtests.benchmark.ProcessorTime;

/** All devices want something at the same moment; as many calls as there are connections are under way. */
final class Phase {

    private final URI context;
    private final int connections;
    private final Tally tally;
    private final LongSupplier server;
    private final LongSupplier database;

    /** @param server processor time so far. @param database likewise */
    Phase(URI context, int connections, Tally tally, LongSupplier server, LongSupplier database) {
        this.context = context;
        this.connections = connections;
        this.tally = tally;
        this.server = server;
        this.database = database;
    }

    /** What one device does. */
    @FunctionalInterface
    interface Work {
        void of(SimulatedDevice device, Courier courier) throws Exception;
    }

    @FunctionalInterface
    interface Interruption {
        void happen() throws Exception;
    }

    Measurement run(List<SimulatedDevice> devices, Work work) throws Exception {
        return run(devices, work, () -> {});
    }

    /** @param atHalf what the thread does whose device is the one in the middle, before it goes on */
    Measurement run(List<SimulatedDevice> devices, Work work, Interruption atHalf) throws Exception {
        var next = new AtomicInteger();
        var failed = new AtomicBoolean();
        var task = (Callable<long[]>) () -> turns(devices, work, atHalf, next, failed);
        int threads = Math.min(connections, devices.size());
        var executor = Executors.newFixedThreadPool(threads);
        try {
            long serverBefore = server.getAsLong();
            long databaseBefore = database.getAsLong();
            long loadBefore = load();
            long began = System.nanoTime();
            var latencies = results(executor, task, threads);
            long wall = System.nanoTime() - began;
            long loadNanos = load() - loadBefore;
            long databaseNanos = database.getAsLong() - databaseBefore;
            long serverNanos = server.getAsLong() - serverBefore;
            return new Measurement(
                    latencies.length, latencies.length, wall, serverNanos, databaseNanos, loadNanos, latencies);
        } finally {
            executor.shutdownNow();
        }
    }

    private static long[] results(ExecutorService executor, Callable<long[]> task, int threads) throws Exception {
        var results = new ArrayList<Future<long[]>>();
        for (int i = 0; i < threads; i++) {
            results.add(executor.submit(task));
        }
        var latencies = new ArrayList<long[]>();
        ExecutionException first = null;
        for (var result : results) {
            try {
                latencies.add(result.get());
            } catch (ExecutionException failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return latencies.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private long[] turns(
            List<SimulatedDevice> devices, Work work, Interruption atHalf, AtomicInteger next, AtomicBoolean failed)
            throws Exception {
        try (var courier = new Courier(context, tally)) {
            for (int turn = next.getAndIncrement(); turn < devices.size(); turn = next.getAndIncrement()) {
                if (failed.get()) {
                    break;
                }
                if (turn == devices.size() / 2) {
                    atHalf.happen();
                }
                work.of(devices.get(turn), courier);
            }
            return courier.latencies();
        } catch (Exception | Error failure) {
            failed.set(true);
            throw failure;
        }
    }

    private static long load() {
        return ProcessorTime.of(ProcessHandle.current().pid());
    }
}
