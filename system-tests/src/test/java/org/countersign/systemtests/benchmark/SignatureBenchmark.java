package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.countersign.core.entropy.Entropy;
import org.countersign.systemtests.benchmark.Figures.Call;
import org.countersign.systemtests.benchmark.Figures.Http;
import org.countersign.systemtests.benchmark.Figures.Raw;
import org.countersign.systemtests.benchmark.RawSignatures.Source;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;

/**
 * {@code countersign benchmark}: raw signatures of this machine and the server's over HTTP, measured in turns, with what
 * each costs in processor time. docs/benchmark.md explains every column.
 */
public final class SignatureBenchmark {

    private static final int USAGE = 2;
    private static final int PIN_CHECKS = 60;
    private static final long RAW_SHARE = 3;
    private static final double FIRST_GUESS = 200;
    private static final long WARM_UP_NANOS = 4_000_000_000L;
    private static final double SETTLED = 0.95;
    private static final int SETTLED_ROUNDS = 3;
    private static final List<Http> OWN = List.of(Http.SIGN, Http.AUTHORIZE_AND_SIGN);
    private static final Logger LIBRARIES = Logger.getLogger("");

    private final Options options;
    private final Entropy entropy = Entropy.system();
    private final Figures figures = new Figures();
    private final int cores = Runtime.getRuntime().availableProcessors();

    private SignatureBenchmark(Options options) {
        this.options = options;
    }

    public static void main(String... arguments) throws Exception {
        LIBRARIES.setLevel(Level.WARNING);
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.HELP);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(Options.HELP);
            System.exit(USAGE);
            return;
        }
        new SignatureBenchmark(options).run();
    }

    private void run() throws Exception {
        System.out.println("Starting PostgreSQL and WildFly with the signer in a temporary folder.");
        try (var server = TestServer.start(List.of(Company.acme()))) {
            // Also when it is stopped by Ctrl-C. Closing twice does no harm.
            var stop = new Thread(() -> closeQuietly(server), "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            measure(server);
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        var report = new Report(options, figures, cores);
        System.out.print(report.text());
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), report.json());
        }
    }

    private void measure(TestServer server) throws Exception {
        long serverPid = server.applicationServer().process().pid();
        long databasePid = Long.parseLong(Files.readAllLines(server.folder().resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
        var signatories = enrol(server);
        var others = dssClients(server);
        var pin = new PinCost(entropy);
        try (var load = new Load(() -> ProcessorTime.of(serverPid), () -> ProcessorTime.ofFamily(databasePid))) {
            System.out.println("Warming up.");
            var rates = warmUp(load, signatories, others);
            for (int repeat = 1; repeat <= options.repeats(); repeat++) {
                System.out.println("Measuring, " + repeat + " of " + options.repeats() + ".");
                figures.pinCheck().add(pin.measure(PIN_CHECKS));
                for (var key : options.keys()) {
                    measureRaw(key);
                    for (var call : calls(key)) {
                        var clients = signatories.get(key).subList(0, call.clients());
                        figures.add(call, run(load, call, clients, rates.get(call), options.nanos()));
                    }
                    for (var call : dssCalls(key)) {
                        figures.add(call, load.dss(others.get(key).subList(0, call.clients()), options.nanos()));
                    }
                }
            }
            if (options.profile()) {
                profile(server, load, signatories, rates);
            }
        } finally {
            for (var key : signatories.values()) {
                for (var signatory : key) {
                    signatory.close();
                }
            }
            for (var key : others.values()) {
                for (var client : key) {
                    client.close();
                }
            }
        }
    }

    private void measureRaw(BenchmarkKey key) throws Exception {
        for (var source : List.of(Source.corretto(), Source.jdk())) {
            for (int threads : List.of(1, cores)) {
                figures.add(
                        new Raw(source.name(), key, threads),
                        RawSignatures.measure(source, key, threads, options.nanos() / RAW_SHARE));
            }
        }
    }

    private List<Call> calls(BenchmarkKey key) {
        var calls = new ArrayList<Call>();
        for (var what : OWN) {
            for (int hashes : options.hashes()) {
                for (int clients : options.clients()) {
                    calls.add(new Call(what, key, hashes, clients));
                }
            }
        }
        return calls;
    }

    private List<Call> dssCalls(BenchmarkKey key) {
        return options.clients().stream()
                .map(clients -> new Call(Http.DSS, key, 1, clients))
                .toList();
    }

    private Map<BenchmarkKey, List<DssClient>> dssClients(TestServer server) throws Exception {
        System.out.println("Deploying EU DSS's server-signing service beside it.");
        var service = DssService.deploy(server, options.keys());
        var clients = new EnumMap<BenchmarkKey, List<DssClient>>(BenchmarkKey.class);
        for (var key : options.keys()) {
            var ofKey = new ArrayList<DssClient>();
            for (int i = 0; i < mostClients(); i++) {
                ofKey.add(new DssClient(service, key, entropy));
            }
            clients.put(key, ofKey);
        }
        return clients;
    }

    private int mostClients() {
        return options.clients().stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    /**
     * Lets the server's JVM compile what is measured: rounds of all calls, until a round costs the server hardly less
     * than the one before.
     *
     * @return calls a second, to know how much to prepare
     */
    private Map<Call, Double> warmUp(
            Load load, Map<BenchmarkKey, List<Signatory>> signatories, Map<BenchmarkKey, List<DssClient>> others)
            throws Exception {
        var rates = new LinkedHashMap<Call, Double>();
        long end = System.nanoTime() + Math.round(options.warmUp() * 1e9);
        double before = Double.MAX_VALUE;
        for (int settled = 0; settled < SETTLED_ROUNDS && System.nanoTime() < end; ) {
            double cost = 0;
            for (var key : options.keys()) {
                for (var call : calls(key)) {
                    var clients = signatories.get(key).subList(0, call.clients());
                    double guess = rates.getOrDefault(call, FIRST_GUESS / call.hashes());
                    var measured = run(load, call, clients, guess, WARM_UP_NANOS);
                    rates.put(call, 1.3 * measured.calls() * 1e9 / measured.wallNanos());
                    cost += measured.processorPerCall();
                }
                for (var call : dssCalls(key)) {
                    cost += load.dss(others.get(key).subList(0, call.clients()), WARM_UP_NANOS)
                            .processorPerCall();
                }
            }
            System.out.printf(Locale.ROOT, "  a round of calls costs the server %.1f ms%n", cost);
            settled = cost > SETTLED * before ? settled + 1 : 0;
            before = Math.min(cost, before);
        }
        return rates;
    }

    private static Measurement run(Load load, Call call, List<Signatory> clients, double perSecond, long nanos)
            throws Exception {
        return call.what() == Http.SIGN
                ? load.sign(clients, call.hashes(), nanos, perSecond, () -> {})
                : load.authorizeAndSign(clients, call.hashes(), nanos);
    }

    private void profile(
            TestServer server, Load load, Map<BenchmarkKey, List<Signatory>> signatories, Map<Call, Double> rates)
            throws Exception {
        for (var key : options.keys()) {
            for (var what : OWN) {
                var call = new Call(
                        what, key, options.hashes().get(0), options.clients().get(0));
                var clients = signatories.get(key).subList(0, call.clients());
                var profile =
                        new ServerProfile(server.applicationServer().process().pid());
                if (what == Http.SIGN) {
                    // Not the PIN derivations that made the SADs.
                    load.sign(clients, call.hashes(), options.nanos(), rates.get(call), profile::begin);
                } else {
                    profile.begin();
                    load.authorizeAndSign(clients, call.hashes(), options.nanos());
                }
                System.out.println("\n" + call + ": " + profile.end());
            }
        }
    }

    private Map<BenchmarkKey, List<Signatory>> enrol(TestServer server) throws IOException {
        int most = mostClients();
        int hashes = options.hashes().stream().mapToInt(Integer::intValue).max().orElse(1);
        System.out.println("Enrolling " + most + " credentials of each kind of key.");
        var authority = new TestAuthority("Benchmark");
        var signatories = new EnumMap<BenchmarkKey, List<Signatory>>(BenchmarkKey.class);
        for (var key : options.keys()) {
            var enrolment = new Enrolment(server.api(Company.ACME), "acme", "acme_password", authority)
                    .multiSignature(Math.max(hashes, Load.USES))
                    .kind(KeyKind.valueOf(key.name()));
            var ofKey = new ArrayList<Signatory>();
            for (int i = 0; i < most; i++) {
                var holder = enrolment.enrol("holder-" + i);
                ofKey.add(new Signatory(
                        server.address(Company.ACME),
                        holder.caller().token(),
                        holder.credential(),
                        holder.pin(),
                        key,
                        entropy));
            }
            signatories.put(key, ofKey);
        }
        return signatories;
    }

    private static void closeQuietly(TestServer server) {
        try {
            server.close();
        } catch (IOException failure) {
            System.err.println("Not everything could be stopped or removed: " + failure);
        }
    }
}
