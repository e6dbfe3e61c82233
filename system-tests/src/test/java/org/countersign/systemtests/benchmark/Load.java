package org.countersign.systemtests.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * Clients that call one after the other, each as fast as it is answered. What is prepared for a client is prepared before
 * the clock starts; a client stops when the time is over or nothing prepared is left, and the clock with the first one.
 */
final class Load implements AutoCloseable {

    /** At which many signing requests preparing ends, however fast they go. */
    static final int MOST_PREPARED = 40_000;

    /** How often a SAD of one hash is used: preparing one costs a PIN derivation. */
    static final int USES = 100;

    private final LongSupplier server;
    private final LongSupplier database;
    private final ExecutorService executor = Executors.newCachedThreadPool();

    /** @param server processor time so far. @param database likewise */
    Load(LongSupplier server, LongSupplier database) {
        this.server = server;
        this.database = database;
    }

    /** Authorize and sign, both measured as one call. */
    Measurement authorizeAndSign(List<Signatory> clients, int hashes, long nanos) throws Exception {
        return measure(clients, hashes, nanos, client -> () -> {
            client.sign(client.authorize(client.hashes(hashes), hashes), hashes);
            return true;
        });
    }

    /**
     * Sign alone.
     *
     * @param perSecond how many calls a second to prepare for
     * @param prepared told when the preparing is over
     */
    Measurement sign(List<Signatory> clients, int hashes, long nanos, double perSecond, Preparation prepared)
            throws Exception {
        int each = Math.max(4, (int) Math.min(MOST_PREPARED, Math.ceil(perSecond * nanos / 1e9)) / clients.size());
        var preparing = new ArrayList<Callable<List<byte[]>>>();
        for (var client : clients) {
            preparing.add(() -> {
                var requests = new ArrayList<byte[]>(each);
                while (requests.size() < each) {
                    if (hashes == 1) {
                        requests.addAll(Collections.nCopies(USES, client.authorizeOften(USES)));
                    } else {
                        requests.add(client.authorize(client.hashes(hashes), hashes));
                    }
                }
                return requests;
            });
        }
        var ready = new ArrayList<List<byte[]>>();
        for (var future : executor.invokeAll(preparing)) {
            ready.add(future.get());
        }
        prepared.over();
        return measure(clients, hashes, nanos, client -> {
            var requests = ready.get(clients.indexOf(client)).iterator();
            return () -> {
                if (!requests.hasNext()) {
                    return false;
                }
                client.sign(requests.next(), hashes);
                return true;
            };
        });
    }

    /** EU DSS's service, one hash a call. */
    Measurement dss(List<DssClient> clients, long nanos) throws Exception {
        return measure(clients, 1, nanos, client -> () -> {
            client.sign();
            return true;
        });
    }

    @FunctionalInterface
    interface Preparation {
        void over() throws Exception;
    }

    @FunctionalInterface
    private interface Call {
        /** @return false when there was nothing left to do */
        boolean run() throws Exception;
    }

    private <C> Measurement measure(List<C> clients, int hashes, long nanos, java.util.function.Function<C, Call> calls)
            throws Exception {
        var tasks = new ArrayList<Callable<long[]>>();
        var over = new java.util.concurrent.atomic.AtomicBoolean();
        long serverBefore = server.getAsLong();
        long databaseBefore = database.getAsLong();
        long selfBefore = self();
        long begin = System.nanoTime();
        for (var client : clients) {
            var call = calls.apply(client);
            tasks.add(() -> repeat(call, begin + nanos, over));
        }
        var latencies = new ArrayList<long[]>();
        for (var future : executor.invokeAll(tasks)) {
            latencies.add(future.get());
        }
        long wall = System.nanoTime() - begin;
        long self = self() - selfBefore;
        long databaseNanos = database.getAsLong() - databaseBefore;
        long serverNanos = server.getAsLong() - serverBefore;
        var all = latencies.stream().flatMapToLong(Arrays::stream).toArray();
        return new Measurement(all.length, (long) all.length * hashes, wall, serverNanos, databaseNanos, self, all);
    }

    private static long[] repeat(Call call, long end, java.util.concurrent.atomic.AtomicBoolean over) throws Exception {
        var latencies = new long[1 << 12];
        int count = 0;
        long before = System.nanoTime();
        while (before < end && !over.get()) {
            if (!call.run()) {
                // The others stop too: fewer clients than stated are never measured.
                over.set(true);
                break;
            }
            long after = System.nanoTime();
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = after - before;
            before = after;
        }
        return Arrays.copyOf(latencies, count);
    }

    private static long self() {
        return ProcessorTime.of(ProcessHandle.current().pid());
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
