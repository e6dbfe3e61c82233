package org.countersign.agent.modules;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.countersign.agent.AgentProcess;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenException;

/** What the agent's jar costs: {@code ./countersign benchmark-agent [--repeats 5] [--calls 200] [--image]}. */
public final class AgentBenchmark {

    private static final String SIGN = "/v3/modules/pkcs11/apps/token/sign";
    private static final int WARM_UP = 300;
    private static final int IDLE_SECONDS = 3;
    private static final int DIGEST_INFO = 19;
    private static final String INSTALLED = "installed: ";

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();
    private final Path jar;
    private final Path folder;
    private final int calls;
    /** The installed form's; nothing when only the jar is measured. */
    private Optional<Path> launcher = Optional.empty();

    private AgentBenchmark(Path jar, Path folder, int calls) {
        this.jar = jar;
        this.folder = folder;
        this.calls = calls;
    }

    public static void main(String[] arguments) throws Exception {
        var options = new ArrayList<>(List.of(arguments));
        boolean image = options.remove("--image");
        int repeats = number(options, "--repeats", 5);
        int calls = number(options, "--calls", 200);
        if (!options.isEmpty()) {
            System.err.println("benchmark-agent [--repeats 5] [--calls 200] [--image]");
            System.exit(2);
        }
        var jar = Path.of(System.getProperty("countersign.root"), "connector-agent", "target", "connector-agent.jar");
        var folder = Files.createTempDirectory("countersign-agent-benchmark");
        try {
            SoftHsm.prepare(folder);
            var benchmark = new AgentBenchmark(jar, folder, calls);
            System.out.println("Java " + Runtime.version() + ", "
                    + Runtime.getRuntime().availableProcessors() + " cores; load of the machine before: "
                    + Files.readString(Path.of("/proc/loadavg")).strip());
            if (image) {
                benchmark.makePackage();
            }
            benchmark.measure(repeats);
            benchmark.add("jar, MB", Files.size(jar) / 1e6);
            benchmark.print();
            System.out.println("Load of the machine after: "
                    + Files.readString(Path.of("/proc/loadavg")).strip());
        } finally {
            delete(folder);
        }
        System.exit(0);
    }

    private static int number(List<String> options, String name, int usual) {
        int at = options.indexOf(name);
        if (at < 0 || at + 1 == options.size()) {
            return usual;
        }
        options.remove(at);
        return Integer.parseInt(options.remove(at));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void add(String name, double figure) {
        figures.computeIfAbsent(name, key -> new ArrayList<>()).add(figure);
    }

    private AgentProcess start(Path data) {
        return AgentProcess.start(data, List.of("-jar", jar.toString()), settings());
    }

    private static String[] settings() {
        return new String[] {"--pkcs11.libraries=" + SoftHsm.LIBRARY, "--pin.clear=true"};
    }

    private AgentProcess startInstalled(Path data) {
        return AgentProcess.launch(data, launcher.orElseThrow().toString(), List.of(), settings());
    }

    private static double secondsToFirstAnswer(Supplier<AgentProcess> start, boolean tls) throws Exception {
        long begun = System.nanoTime();
        try (var agent = start.get()) {
            if (tls) {
                try (var https = https(agent)) {
                    https.call("GET", "/info", "");
                }
            } else if (agent.get("/info").status() != 200) {
                throw new IOException("The agent does not answer");
            }
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    private void starts(String name, Supplier<AgentProcess> start) throws Exception {
        add(name + "start to first answer, s", secondsToFirstAnswer(start, false));
        add(name + "start to first answer over HTTPS, s", secondsToFirstAnswer(start, true));
    }

    private static double idle(AgentProcess agent) throws Exception {
        Thread.sleep(IDLE_SECONDS * 1_000L);
        return agent.resident() / 1e6;
    }

    private static double childrenResident(AgentProcess agent) throws IOException {
        double children = 0;
        for (var child : agent.children()) {
            children += AgentProcess.resident(child.pid()) / 1e6;
        }
        return children;
    }

    private void measure(int repeats) throws Exception {
        var token = token();
        for (int repeat = 0; repeat < repeats; repeat++) {
            var data = folder.resolve("new-" + repeat);
            add("first start of all, with making keys, s", secondsToFirstAnswer(() -> start(data), false));
            // One start says little on a machine that others use.
            for (int i = 0; i < 3; i++) {
                starts("", () -> start(data));
                if (launcher.isPresent()) {
                    starts(INSTALLED, () -> startInstalled(data));
                }
            }
            if (launcher.isPresent()) {
                installed(data);
            }
            try (var agent = start(data)) {
                add("idle, resident MB", idle(agent));
                try (var http = new Client(new Socket("127.0.0.1", agent.httpPort()), agent.httpPort());
                        var https = https(agent)) {
                    answers("/info over HTTP", http, "/info");
                    answers("/info over HTTPS", https, "/info");
                    answers("/v3/readers over HTTP (signed)", http, "/v3/readers");
                    answers("/v3/readers over HTTPS", https, "/v3/readers");
                    signatures(http, https, token);
                }
                add("after that, resident MB", agent.resident() / 1e6);
                add("the library's process, resident MB", childrenResident(agent));
            }
            System.out.println("Repeat " + (repeat + 1) + " of " + repeats);
        }
    }

    /** Whether all of it works without what its Java lacks, too. */
    private void installed(Path data) throws Exception {
        try (var agent = startInstalled(data)) {
            add(INSTALLED + "idle, resident MB", idle(agent));
            try (var http = new Client(new Socket("127.0.0.1", agent.httpPort()), agent.httpPort());
                    var https = https(agent)) {
                for (var client : List.of(http, https)) {
                    answers(INSTALLED + (client == http ? "/info over HTTP" : "/info over HTTPS"), client, "/info");
                    for (int i = 0; i < WARM_UP / 3; i++) {
                        client.call("GET", "/v3/readers", "");
                        client.call("GET", "/v3/modules/pkcs11/apps/token/cert-list", "");
                        client.call("POST", SIGN, signRequest());
                    }
                }
            }
            add(INSTALLED + "after 200 signatures, resident MB", agent.resident() / 1e6);
            add(INSTALLED + "the library's process, resident MB", childrenResident(agent));
        }
    }

    private void answers(String name, Client client, String path) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            client.call("GET", path, "");
        }
        var times = new double[calls];
        for (int i = 0; i < calls; i++) {
            long begun = System.nanoTime();
            client.call("GET", path, "");
            times[i] = (System.nanoTime() - begun) / 1e6;
        }
        percentiles(name, times);
    }

    private void percentiles(String name, double[] times) {
        Arrays.sort(times);
        add(name + ", p50 ms", times[times.length / 2]);
        add(name + ", p95 ms", times[times.length * 95 / 100]);
    }

    /** In turns, so that a slow moment of the machine does not meet one of them only. */
    private void signatures(Client http, Client https, Token token) throws Exception {
        var hash = hash();
        var body = signRequest();
        var bare = new double[calls];
        var overHttp = new double[calls];
        var overHttps = new double[calls];
        for (int i = -WARM_UP / 3; i < calls; i++) {
            long begun = System.nanoTime();
            bare(token, hash);
            long second = System.nanoTime();
            https.call("POST", SIGN, body);
            long third = System.nanoTime();
            http.call("POST", SIGN, body);
            long end = System.nanoTime();
            if (i >= 0) {
                bare[i] = (second - begun) / 1e6;
                overHttps[i] = (third - second) / 1e6;
                overHttp[i] = (end - third) / 1e6;
            }
        }
        percentiles("bare PKCS#11 (session, log in, find, sign, log out)", bare);
        percentiles("sign over HTTPS", overHttps);
        percentiles("sign over HTTP (signed)", overHttp);
        add("sign over HTTPS above bare, of the p50s, ms", overHttps[calls / 2] - bare[calls / 2]);
        add("sign over HTTP above bare, of the p50s, ms", overHttp[calls / 2] - bare[calls / 2]);
    }

    private static byte[] hash() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(new byte[1]);
    }

    private static String signRequest() throws NoSuchAlgorithmException {
        return "{\"algorithm\":\"sha256\",\"data\":\"" + Base64.getEncoder().encodeToString(hash()) + "\",\"pin\":\""
                + SoftHsm.PIN + "\"}";
    }

    private static Token token() throws TokenException, IOException {
        var module = PKCS11Module.getInstance(SoftHsm.LIBRARY.toString());
        module.initialize();
        for (var slot : module.getSlotList(true)) {
            if (slot.getToken().getTokenInfo().isTokenInitialized()) {
                return slot.getToken();
            }
        }
        throw new IOException("SoftHSM has no token");
    }

    private static void bare(Token token, byte[] hash) throws TokenException {
        var session = token.openSession(false);
        try {
            session.login(PKCS11Constants.CKU_USER, SoftHsm.PIN.toCharArray());
            var key = session.findObjectsSingle(AttributeVector.newPrivateKey().id(new byte[] {1}), 2)[0];
            session.signInit(new Mechanism(PKCS11Constants.CKM_RSA_PKCS), key);
            session.sign(digestInfo(hash));
            session.logout();
        } finally {
            session.closeSession();
        }
    }

    /** RFC 8017 §9.2, for SHA-256. */
    private static byte[] digestInfo(byte[] hash) {
        var info = new byte[DIGEST_INFO + hash.length];
        System.arraycopy(
                java.util.HexFormat.of().parseHex("3031300d060960864801650304020105000420"), 0, info, 0, DIGEST_INFO);
        System.arraycopy(hash, 0, info, DIGEST_INFO, hash.length);
        return info;
    }

    private static Client https(AgentProcess agent) throws Exception {
        var socket = tls(agent.data()).getSocketFactory().createSocket("127.0.0.1", agent.httpsPort());
        return new Client(socket, agent.httpsPort());
    }

    private static SSLContext tls(Path data) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Files.readAllBytes(data.resolve("loopback-authority.pem")))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void makePackage() throws IOException {
        var scripts = Path.of(System.getProperty("countersign.root"), "connector-agent", "package");
        var deb = Files.isExecutable(Path.of("/usr/bin/dpkg-deb")) ? "--deb" : "";
        Tools.run(folder, scripts.resolve("make-package").toString(), folder.toString(), deb);
        var installed = folder.resolve("connector-agent");
        add(INSTALLED + "MB", size(installed) / 1e6);
        // As the .deb does where it is installed.
        Tools.run(folder, installed.resolve("lib/app/make-archive").toString());
        add(INSTALLED + "with its archive of classes, MB", size(installed) / 1e6);
        launcher = Optional.of(installed.resolve("bin/connector-agent"));
        try (var files = Files.newDirectoryStream(folder, "*.deb")) {
            for (var file : files) {
                add(".deb, MB", Files.size(file) / 1e6);
            }
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        }
    }

    private void print() {
        System.out.println("| What | median (least–most) |\n|---|---|");
        figures.forEach((name, values) -> {
            var sorted =
                    values.stream().flatMapToDouble(DoubleStream::of).sorted().toArray();
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            System.out.println(String.format(
                    Locale.ROOT, "| %s | %.2f (%.2f–%.2f) |", name, median, sorted[0], sorted[sorted.length - 1]));
        });
    }

    /** One connection that is kept, as browsers do. */
    private static final class Client implements AutoCloseable {

        private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

        private final Socket socket;
        private final InputStream input;
        private final int port;

        Client(Socket socket, int port) throws IOException {
            socket.setTcpNoDelay(true);
            this.socket = socket;
            this.input = new BufferedInputStream(socket.getInputStream());
            this.port = port;
        }

        void call(String method, String path, String body) throws IOException {
            var request = method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nOrigin: "
                    + RunningAgent.ORIGIN + "\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var status = line();
            int length = 0;
            for (var line = line(); !line.isEmpty(); line = line()) {
                var found = LENGTH.matcher(line);
                if (found.matches()) {
                    length = Integer.parseInt(found.group(1));
                }
            }
            var answer = input.readNBytes(length);
            if (!status.contains(" 200 ")) {
                throw new IOException(status + new String(answer, StandardCharsets.UTF_8));
            }
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int next = input.read(); next != '\n'; next = input.read()) {
                if (next < 0) {
                    throw new EOFException("The agent closed the connection");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
