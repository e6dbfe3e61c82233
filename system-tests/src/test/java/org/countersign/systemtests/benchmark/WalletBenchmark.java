package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletKey;
import org.countersign.systemtests.harness.WalletOperator;
import org.countersign.systemtests.simulation.LiveHeap;

/** {@code countersign benchmark-wallet}. docs/benchmark.md explains every column. */
public final class WalletBenchmark {

    private static final int USAGE = 2;
    private static final String DATABASE = "wallet";
    private static final Logger LIBRARIES = Logger.getLogger("");

    private final WalletOptions options;
    private final TestServer server;
    private final long serverPid;
    private final long databasePid;
    private final List<BenchmarkWallet> wallets = new ArrayList<>();
    private final List<LiveHeap> heaps = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    private WalletBenchmark(WalletOptions options, TestServer server) throws IOException {
        this.options = options;
        this.server = server;
        this.serverPid = server.applicationServer().process().pid();
        this.databasePid = Long.parseLong(Files.readAllLines(server.folder().resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
    }

    public static void main(String... arguments) throws Exception {
        LIBRARIES.setLevel(Level.WARNING);
        if (List.of(arguments).contains("--help")) {
            System.out.print(WalletOptions.HELP);
            return;
        }
        WalletOptions options;
        try {
            options = WalletOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(WalletOptions.HELP);
            System.exit(USAGE);
            return;
        }
        System.out.println("Starting PostgreSQL and " + TestServer.KIND.title()
                + " with a wallet provider in a temporary folder.");
        try (var server = TestServer.start(List.of(Company.wallet()))) {
            // Also when it is stopped by Ctrl-C. Closing twice does no harm.
            var stop = new Thread(() -> closeQuietly(server), "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            new WalletBenchmark(options, server).run();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private static void closeQuietly(TestServer server) {
        try {
            server.close();
        } catch (IOException failure) {
            System.err.println("Not everything could be stopped or removed: " + failure);
        }
    }

    private void run() throws Exception {
        var operator = new WalletOperator(server.api(Company.WALLET));
        var context = server.address(Company.WALLET);
        String login = null;
        for (int i = 0; i < options.clients(); i++) {
            var app = operator.wallet(operator.newUser());
            login = app.login();
            wallets.add(new BenchmarkWallet(context, app));
        }
        System.out.println("Warming up.");
        flows();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "round",
                "flows",
                "flows/s",
                "p50 ms",
                "p99 ms",
                "server CPU ms",
                "PostgreSQL CPU ms",
                "load CPU ms",
                "live MiB",
                "resident MiB"));
        for (int round = 1; round <= options.rounds(); round++) {
            var measured = flows();
            heaps.add(LiveHeap.measure(round, serverPid));
            rows.add(row(Integer.toString(round), measured));
        }
        var cleaning = options.expired() == 0 ? Optional.<String>empty() : Optional.of(cleaned(rows));
        System.out.println(
                Machine.description() + "\n" + options.clients() + " clients, " + options.flows() + " flows a round");
        System.out.print(TextTable.of(rows));
        cleaning.ifPresent(System.out::println);
        if (options.logins() > 0) {
            System.out.println(logins(context, login));
        }
        executor.shutdown();
        for (var wallet : wallets) {
            wallet.close();
        }
    }

    /** @param nanos of each flow, in order of their length. @param cpu of server, database and load */
    private record Measured(long[] nanos, long wall, long[] cpu) {

        double percentile(int percent) {
            return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
        }

        double each(int process) {
            return cpu[process] / 1e6 / nanos.length;
        }
    }

    private long[] cpu() {
        return new long[] {
            ProcessorTime.of(serverPid),
            ProcessorTime.ofFamily(databasePid),
            ProcessorTime.of(ProcessHandle.current().pid())
        };
    }

    private Measured flows() throws Exception {
        var left = new AtomicInteger(options.flows());
        var tasks = new ArrayList<Callable<List<Long>>>();
        for (var wallet : wallets) {
            tasks.add(() -> {
                var times = new ArrayList<Long>();
                while (left.getAndDecrement() > 0) {
                    long begin = System.nanoTime();
                    wallet.flow();
                    times.add(System.nanoTime() - begin);
                }
                return times;
            });
        }
        var before = cpu();
        long begin = System.nanoTime();
        var times = new ArrayList<Long>();
        for (Future<List<Long>> done : executor.invokeAll(tasks)) {
            times.addAll(done.get());
        }
        long wall = System.nanoTime() - begin;
        var after = cpu();
        for (int i = 0; i < after.length; i++) {
            after[i] -= before[i];
        }
        return new Measured(times.stream().mapToLong(Long::longValue).sorted().toArray(), wall, after);
    }

    private List<String> row(String name, Measured measured) {
        var heap = heaps.get(heaps.size() - 1);
        return List.of(
                name,
                Integer.toString(measured.nanos().length),
                number(1, measured.nanos().length * 1e9 / measured.wall()),
                number(1, measured.percentile(50)),
                number(1, measured.percentile(99)),
                number(2, measured.each(0)),
                number(2, measured.each(1)),
                number(2, measured.each(2)),
                number(1, heap.bytes() / 1048576.0),
                number(0, heap.residentBytes() / 1048576.0));
    }

    private static String number(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Flows while the chore's own code cleans what has expired. */
    private String cleaned(List<List<String>> rows) throws Exception {
        fill();
        try (var database = Database.open(
                new DatabaseSettings(
                        Optional.empty(),
                        server.database().url(DATABASE),
                        TestServer.DATABASE_USER,
                        TestServer.DATABASE_PASSWORD,
                        2),
                List.of("server"),
                List.of())) {
            var cleaning = executor.submit(() -> {
                long begin = System.nanoTime();
                int rowsGone = 0;
                for (var table : List.of("nonce", "used_proof")) {
                    rowsGone += Batches.delete(database.statements(), table, "expires_at", Instant.now());
                }
                return "cleaning: " + rowsGone + " rows in " + number(1, (System.nanoTime() - begin) / 1e9) + " s";
            });
            var measured = flows();
            rows.add(row("cleaning", measured));
            return cleaning.get();
        }
    }

    private void fill() throws SQLException {
        try (var connection = server.database().superuser(DATABASE);
                var statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO nonce SELECT sha256(convert_to('old' || n, 'UTF8')), now() - interval"
                    + " '1 minute' FROM generate_series(1, " + options.expired() + ") n");
            statement.executeUpdate("INSERT INTO used_proof SELECT sha256(convert_to('old' || n, 'UTF8')), 'old' || n,"
                    + " now() - interval '1 minute' FROM generate_series(1, " + options.expired() + ") n");
        }
    }

    /** In turns, so that a slow moment of the machine does not meet one kind only. */
    private String logins(URI context, String login) throws IOException {
        var known = new long[options.logins()];
        var unknown = new long[options.logins()];
        var key = WalletKey.generate();
        try (var knownLogin = new BenchmarkWallet(context, login, key);
                var nobody = new BenchmarkWallet(context, UUID.randomUUID() + "@people.example.com", key)) {
            for (int i = 0; i < options.logins(); i++) {
                known[i] = knownLogin.refused();
                unknown[i] = nobody.refused();
            }
        }
        double knownMedian = median(known);
        double unknownMedian = median(unknown);
        return "refused logins, median of " + options.logins() + " each: known with a wrong key "
                + number(3, knownMedian / 1e6) + " ms, unknown " + number(3, unknownMedian / 1e6) + " ms, difference "
                + number(1, 100 * Math.abs(knownMedian - unknownMedian) / Math.max(knownMedian, unknownMedian)) + " %";
    }

    private static double median(long[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
    }
}
