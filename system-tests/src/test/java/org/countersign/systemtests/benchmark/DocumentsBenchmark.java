package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.countersign.cli.process.Folders;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSslStamps;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.simulation.LiveHeap;

/** {@code countersign benchmark-documents}. docs/benchmark.md explains every column. */
public final class DocumentsBenchmark {

    private static final int USAGE = 2;
    private static final String VALIDATE = "validate";
    private static final Logger LIBRARIES = Logger.getLogger("");

    private final DocumentsOptions options;
    private final Path folder;
    private final long pid;
    private final HeapLog heap;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<DocumentClient> clients = new ArrayList<>();
    private final Map<Kind, Path> documents = new LinkedHashMap<>();
    private final Map<Kind, Path> signed = new LinkedHashMap<>();
    private final Map<Call, List<Measured>> figures = new LinkedHashMap<>();

    private DocumentsBenchmark(DocumentsOptions options, Path folder, TestServer server) {
        this.options = options;
        this.folder = folder;
        this.pid = server.applicationServer().process().pid();
        this.heap = new HeapLog(folder.resolve("gc.log"), pid);
    }

    /** What is signed. */
    private record Kind(int kilobytes, int pages) {

        String size() {
            return kilobytes < 1_000 ? kilobytes + " kB" : kilobytes / 1_000 + " MB";
        }
    }

    /** @param what level of a signature, or {@link #VALIDATE} */
    private record Call(String what, Kind kind, int clients) {}

    /** @param nanos of each document, in order of their length */
    private record Measured(long[] nanos, long wall, long cpu, HeapLog.Peak peak, long resident) {

        double perSecond() {
            return nanos.length * 1e9 / wall;
        }

        double percentile(int percent) {
            return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
        }
    }

    public static void main(String... arguments) throws Exception {
        LIBRARIES.setLevel(Level.WARNING);
        if (List.of(arguments).contains("--help")) {
            System.out.print(DocumentsOptions.HELP);
            return;
        }
        DocumentsOptions options;
        try {
            options = DocumentsOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(DocumentsOptions.HELP);
            System.exit(USAGE);
            return;
        }
        System.out.println("Starting PostgreSQL and " + TestServer.KIND.title() + " with a signer and a heap of "
                + options.heap() + " MiB in a temporary folder.");
        var folder = Files.createTempDirectory("benchmark-documents");
        var authority = TestAuthority.publishing("Benchmark");
        try (var stamps = OpenSslStamps.start();
                var server = TestServer.start(List.of(Company.globexForLargeDocuments(authority, stamps)), settings -> {
                    settings.heapMegabytes(options.heap());
                    settings.jvmOption(HeapLog.option(folder.resolve("gc.log")));
                })) {
            // Also when it is stopped by Ctrl-C. Closing twice does no harm.
            var stop = new Thread(() -> closeQuietly(server, folder), "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            new DocumentsBenchmark(options, folder, server).run(server, authority);
            Runtime.getRuntime().removeShutdownHook(stop);
        } finally {
            authority.stop();
            Folders.deleteTree(folder);
        }
    }

    private static void closeQuietly(TestServer server, Path folder) {
        try {
            server.close();
            Folders.deleteTree(folder);
        } catch (IOException failure) {
            System.err.println("Not everything could be stopped or removed: " + failure);
        }
    }

    private void run(TestServer server, TestAuthority authority) throws Exception {
        try {
            prepare(server, authority);
            for (int repeat = 1; repeat <= options.repeats(); repeat++) {
                System.out.println("Measuring, " + repeat + " of " + options.repeats() + ".");
                for (var call : calls()) {
                    figures.computeIfAbsent(call, first -> new ArrayList<>()).add(measure(call));
                }
            }
            System.out.println(Machine.description() + "; heap " + options.heap() + " MiB");
            System.out.print(TextTable.of(rows()));
            requireNothingLeft(server);
        } finally {
            executor.shutdownNow();
        }
    }

    /** One document of each kind and level warms up, and is what is judged later. */
    private void prepare(TestServer server, TestAuthority authority) throws IOException {
        int most = options.clients().stream().mapToInt(Integer::intValue).max().orElse(1);
        var enrolment = new Enrolment(server.api(Company.GLOBEX), "globex", "secret of globex", authority)
                .tenant("globex")
                .kind(KeyKind.P_256);
        for (int i = 0; i < most; i++) {
            clients.add(new DocumentClient(enrolment.enrol("holder-" + i)));
        }
        System.out.println("Warming up.");
        for (int kilobytes : options.kilobytes()) {
            for (int pages : options.pages()) {
                var kind = new Kind(kilobytes, pages);
                var document = folder.resolve("document-" + documents.size() + ".pdf");
                BenchmarkPdf.write(document, kilobytes * 1_000L, pages);
                documents.put(kind, document);
                for (var level : options.levels()) {
                    var result = folder.resolve("signed-" + signed.size() + ".pdf");
                    clients.get(0).sign(level, document, result);
                    clients.get(0).validate(result);
                    signed.putIfAbsent(kind, result);
                }
            }
        }
    }

    private List<Call> calls() {
        var calls = new ArrayList<Call>();
        for (var kind : documents.keySet()) {
            for (int number : options.clients()) {
                options.levels().forEach(level -> calls.add(new Call(level, kind, number)));
                calls.add(new Call(VALIDATE, kind, number));
            }
        }
        return calls;
    }

    private Measured measure(Call call) throws Exception {
        heap.begin();
        long before = ProcessorTime.of(pid);
        long begin = System.nanoTime();
        long end = begin + options.seconds() * 1_000_000_000L;
        var tasks = new ArrayList<Callable<List<Long>>>();
        for (int i = 0; i < call.clients(); i++) {
            int client = i;
            tasks.add(() -> work(call, client, end));
        }
        var times = LongStream.builder();
        try {
            for (var done : executor.invokeAll(tasks)) {
                done.get().forEach(times::add);
            }
        } catch (ExecutionException failed) {
            throw new IOException(call + " failed", failed.getCause());
        }
        long wall = System.nanoTime() - begin;
        long cpu = ProcessorTime.of(pid) - before;
        var peak = heap.end();
        return new Measured(
                times.build().sorted().toArray(),
                wall,
                cpu,
                peak,
                LiveHeap.measure(0, pid).residentBytes());
    }

    /** One document at least. */
    private List<Long> work(Call call, int client, long end) throws IOException {
        var times = new ArrayList<Long>();
        var result = folder.resolve("result-" + client + ".pdf");
        do {
            long begin = System.nanoTime();
            if (call.what().equals(VALIDATE)) {
                clients.get(client).validate(signed.get(call.kind()));
            } else {
                clients.get(client).sign(call.what(), documents.get(call.kind()), result);
            }
            times.add(System.nanoTime() - begin);
        } while (System.nanoTime() < end);
        return times;
    }

    private List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "call",
                "document",
                "clients",
                "documents/s",
                "p50 ms",
                "p99 ms",
                "server CPU ms",
                "heap used MiB",
                "heap kept MiB",
                "resident MiB"));
        figures.forEach((call, repeats) -> rows.add(List.of(
                call.what().equals(VALIDATE) ? VALIDATE : "sign " + call.what(),
                call.kind().size() + ", " + call.kind().pages() + " p.",
                Integer.toString(call.clients()),
                Spread.of(repeats, Measured::perSecond).text(2),
                Spread.of(repeats, one -> one.percentile(50)).text(0),
                Spread.of(repeats, one -> one.percentile(99)).text(0),
                Spread.of(repeats, one -> one.cpu() / 1e6 / one.nanos().length).text(0),
                Spread.of(repeats, one -> one.peak().used()).text(0),
                Spread.of(repeats, one -> one.peak().kept()).text(0),
                Spread.of(repeats, one -> one.resident() / 1048576.0).text(0))));
        return rows;
    }

    private static void requireNothingLeft(TestServer server) throws IOException {
        try (var files = Files.walk(server.folder())) {
            var left = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/uploads/"))
                    .toList();
            if (!left.isEmpty()) {
                throw new IOException("The server left documents behind: " + left);
            }
        }
    }
}
