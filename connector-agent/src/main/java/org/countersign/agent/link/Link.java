package org.countersign.agent.link;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.agent.keys.LoopbackCertificate;
import org.countersign.agent.keys.P256Key;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.AllowedOrigins;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.agent.readers.AtrMap;
import org.countersign.agent.transactions.TransactionQueue;
import org.countersign.agent.trust.CorrectedClock;
import org.countersign.agent.trust.TrustedIssuers;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.jose.DeviceSignature;

/**
 * Registers this agent with the distribution service, asks regularly whom and what to trust, and hands over transactions.
 * While the service is away all that it said before holds; it is tried again after some seconds, then less and less often.
 * Everything that waits for it waits in the thread of this link.
 */
public final class Link implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Link.class.getName());

    private static final String JSON = "application/json";
    private static final String KEY = "device-signature-key.jwk";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final int MOST_DOUBLINGS = 10;
    private static final long SHORTEST_INTERVAL = 5;
    private static final long LONGEST_INTERVAL = Duration.ofDays(1).toSeconds();
    /** When a page shows a key that is not known: as often as the service's documentation has it. */
    private static final Duration BETWEEN_DOUBTS = Duration.ofMinutes(1);
    /** Those of a moment go together. */
    private static final Duration GATHERING = Duration.ofSeconds(1);

    private static final int MOST_ROUNDS = 4;
    private static final int MOST_CAUSES = 5;
    /** What the service says to members that are not as it wants them. */
    private static final int INVALID_REQUEST = 200_400;
    /** Below, a clock counts as right, and need not be written to disk again. */
    private static final Duration EXACT = Duration.ofSeconds(5);

    private static final Duration EXACT_LATEST = Duration.ofDays(1);

    /**
     * What the link puts right in the agent.
     *
     * @param machine the machine's own clock, by which browsers judge certificates
     */
    public record Parts(
            PrivateFolder folder,
            Outgoing outgoing,
            CorrectedClock clock,
            Clock machine,
            TrustedIssuers issuers,
            AllowedOrigins origins,
            LoopbackCertificate certificate,
            AtrMap atrs,
            TransactionQueue transactions,
            Entropy entropy) {}

    /**
     * What it tells of the agent.
     *
     * @param version of the product
     * @param modules that are there
     * @param readers whether there is a reader service
     * @param consents how many are in force
     */
    public record Report(String version, Set<String> modules, BooleanSupplier readers, IntSupplier consents) {

        public Report {
            modules = Set.copyOf(modules);
        }
    }

    private final LinkSettings settings;
    private final Parts parts;
    private final Report report;
    private final P256Key key;
    private final ServiceCalls calls;
    private final SyncedMaps maps;
    private final Thread thread;
    private final Object lock = new Object();
    private volatile Memory memory;
    private volatile boolean closed;
    private boolean greeted;
    private boolean syncWanted;
    private boolean transactionsWaiting = true;
    private long nextSync = System.nanoTime();
    private long lastSync = System.nanoTime() - BETWEEN_DOUBTS.toNanos();
    private int failures;
    private String told = "";
    /** Of which the log says so already. */
    private List<X509Certificate> refusedChain = List.of();

    /** What the service said before holds from now on; nobody is asked yet. */
    public Link(LinkSettings settings, Parts parts, Report report) {
        this.settings = settings;
        this.parts = parts;
        this.report = report;
        this.key = P256Key.open(parts.folder(), KEY, parts.entropy());
        this.calls = new ServiceCalls(settings.service(), key, parts.outgoing(), parts.clock(), parts.entropy());
        this.memory = Memory.read(parts.folder(), service(), parts.entropy());
        // The identifier at once: it is to be the same when an answer is lost.
        remember(memory);
        parts.issuers().trust(service());
        var noNews = Jsons.bytes(
                Jsons.object().add("keys", JsonValue.EMPTY_JSON_ARRAY).build());
        parts.issuers()
                .learn(memory.issuers().stream()
                        .collect(Collectors.toMap(name -> name, name -> noNews, (one, same) -> one)));
        parts.origins().learn(memory.origins());
        memory.correction().ifPresent(kept -> parts.clock().restore(kept, memory.latest()));
        parts.clock().whenMoved(this::wantSync);
        this.maps = new SyncedMaps(parts.folder().folder("maps"), parts.issuers(), service());
        parts.atrs().learn(maps);
        parts.issuers().whenDoubted(this::doubt);
        parts.transactions().whenAdded(this::transactionAdded);
        this.thread = new Thread(this::run, "link");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public String service() {
        return settings.service().toString();
    }

    /** This agent's identifier at the service, a UUID. */
    public String device() {
        return memory.device();
    }

    public boolean isRegistered() {
        return memory.registered();
    }

    /**
     * Sends a log bundle, at once.
     *
     * @param gzip a gzip file
     * @return its identifier, for the support desk
     * @throws IOException when the service is away or refuses
     */
    String sendLogs(byte[] gzip) throws IOException {
        try {
            return calls.send("POST", device(), "/logs", "application/gzip", gzip)
                    .getString("id", "");
        } catch (RefusedException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    private void doubt() {
        synchronized (lock) {
            if (System.nanoTime() - lastSync >= BETWEEN_DOUBTS.toNanos()) {
                syncWanted = true;
                lock.notifyAll();
            }
        }
    }

    private void wantSync() {
        synchronized (lock) {
            syncWanted = true;
            lock.notifyAll();
        }
    }

    private void transactionAdded() {
        synchronized (lock) {
            transactionsWaiting = true;
            lock.notifyAll();
        }
    }

    private void run() {
        while (!closed) {
            try {
                work();
                if (failures > 0) {
                    LOG.log(System.Logger.Level.INFO, "The distribution service is back");
                }
                failures = 0;
                told = "";
                awaitWork();
            } catch (RefusedException refused) {
                failed(explained(refused));
            } catch (IOException | RuntimeException away) {
                failed(classes(away));
            }
        }
    }

    private void work() throws IOException, RefusedException {
        if (!greeted) {
            register();
        }
        try {
            // Neither keeps the other from its turn.
            try {
                if (isSyncDue()) {
                    sync();
                }
            } finally {
                sendTransactions();
            }
        } catch (RefusedException refused) {
            greeted = !refused.is(DsError.DEVICE_UNKNOWN) && !refused.is(DsError.DEVICE_SIGNATURE);
            throw refused;
        }
    }

    /** At each start, so that the service knows this version and this TLS key; it changes nothing when it knows them. */
    private void register() throws IOException, RefusedException {
        try {
            register(memory.device());
        } catch (RefusedException refused) {
            if (refused.is(DsError.REGISTRATION_REFUSED) && memory.registered()) {
                // It was deleted there: next time with the registration key.
                remember(memory.asRegistered(false));
            }
            if (!refused.is(DsError.DEVICE_CONFLICT)) {
                throw refused;
            }
            // Somebody else's, or this one's from before its key was lost.
            remember(memory.asDevice(parts.entropy().uuid().toString()));
            register(memory.device());
        }
    }

    private void register(String device) throws IOException, RefusedException {
        var certificate = parts.certificate();
        var jwk = Jsons.object();
        key.publicKey().jwk().forEach((name, value) -> jwk.add(name, value.toString()));
        var body = Jsons.object()
                .add("deviceKey", jwk)
                .add(
                        "tlsKeyProof",
                        DeviceSignature.tlsKeyProof(
                                certificate.publicKey(), certificate.privateKey(), device, key.publicKey()))
                .add("version", report.version())
                .add("os", Machine.os())
                .add("architecture", Machine.architecture())
                .add("host", Machine.host());
        if (!memory.registered()) {
            settings.registrationKey().ifPresent(secret -> body.add("registrationKey", secret));
        }
        var data = calls.send("PUT", device, "", JSON, Jsons.bytes(body.build()));
        greeted = true;
        if (!memory.registered()) {
            LOG.log(System.Logger.Level.INFO, "Registered as {0}", device);
        }
        remember(memory.asRegistered(true));
        takeCertificate(data);
        wantSync();
    }

    private void sendTransactions() throws IOException, RefusedException {
        synchronized (lock) {
            transactionsWaiting = false;
        }
        for (var batch = parts.transactions().next();
                batch.isPresent();
                batch = parts.transactions().next()) {
            var refused = refused(batch.get().transactions());
            if (refused.isEmpty()) {
                parts.transactions().done(batch.get());
            } else {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The service does not take {0} transactions; they are put aside",
                        refused.size());
                parts.transactions().done(batch.get(), refused);
            }
        }
    }

    /** Sends them; when they are not taken together, each half. What comes twice counts once. @return those not taken */
    private List<JsonObject> refused(List<JsonObject> transactions) throws IOException, RefusedException {
        var array = Jsons.array();
        transactions.forEach(array::add);
        try {
            calls.send("POST", memory.device(), "/transactions", JSON, Jsons.bytes(array.build()));
            return List.of();
        } catch (RefusedException refused) {
            if (refused.code() != INVALID_REQUEST) {
                throw refused;
            }
        }
        if (transactions.size() == 1) {
            return transactions;
        }
        int half = transactions.size() / 2;
        var all = new ArrayList<>(refused(transactions.subList(0, half)));
        all.addAll(refused(transactions.subList(half, transactions.size())));
        return all;
    }

    private boolean isSyncDue() {
        synchronized (lock) {
            return syncWanted || System.nanoTime() - nextSync >= 0;
        }
    }

    private void sync() throws IOException, RefusedException {
        synchronized (lock) {
            lastSync = System.nanoTime();
        }
        boolean more = true;
        for (int round = 0; more && round < MOST_ROUNDS; round++) {
            var data = calls.send("POST", memory.device(), "/sync", JSON, Jsons.bytes(request()));
            more = take(data);
            long interval =
                    Math.max(SHORTEST_INTERVAL, Math.min(LONGEST_INTERVAL, data.getInt("nextSyncInSeconds", 300)));
            synchronized (lock) {
                syncWanted = false;
                nextSync = System.nanoTime() + Duration.ofSeconds(interval).toNanos();
            }
        }
    }

    private JsonObject request() {
        var modules = Jsons.array();
        report.modules()
                .forEach(name -> modules.add(Jsons.object().add("id", name).add("version", report.version())));
        var body = Jsons.object()
                .add("status", report.readers().getAsBoolean() ? "RUNNING" : "NO_READER_SERVICE")
                .add("modules", modules)
                .add("consents", report.consents().getAsInt())
                .add("maps", maps.held());
        // The agent's own, too: then the service offers its one again, which may have been refused for the clock's
        // sake.
        body.add("tlsCertificateSha256", sha256(parts.certificate().inForce()));
        return body.build();
    }

    /** @return whether the next call brings more */
    private boolean take(JsonObject data) {
        var issuers = memory.issuers();
        // An answer that says nothing of issuers withdraws none.
        if (data.get("issuers") instanceof JsonArray) {
            var told = new LinkedHashMap<String, byte[]>();
            for (var issuer : objects(data, "issuers")) {
                var keys = issuer.get("keys") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
                told.put(
                        issuer.getString("issuer", ""),
                        Jsons.bytes(Jsons.object().add("keys", keys).build()));
            }
            parts.issuers().learn(told);
            issuers = List.copyOf(told.keySet());
        }
        // After the keys that their tokens are verified by.
        var origins = Memory.texts(data, "allowedOrigins");
        parts.origins().learn(origins);
        takeCertificate(data);
        var correction = parts.clock().correction();
        var kept = memory.correction();
        boolean moved = kept.isEmpty()
                || correction.isPresent()
                        && correction.get().minus(kept.get()).abs().compareTo(EXACT) > 0;
        var fresh = new Memory(memory.device(), true, moved ? correction : kept, latest(), origins, issuers);
        if (!fresh.equals(memory)) {
            remember(fresh);
        }
        return maps.take(objects(data, "maps"));
    }

    /** Exact to within a day, so that not every answer is written to disk. */
    private Optional<Instant> latest() {
        var told = parts.clock().latest();
        return Optional.of(told)
                .filter(time -> time.isAfter(Instant.EPOCH))
                .filter(time -> memory.latest()
                        .map(kept -> time.isAfter(kept.plus(EXACT_LATEST)))
                        .orElse(true))
                .or(memory::latest);
    }

    private void takeCertificate(JsonObject data) {
        var chain = new ArrayList<X509Certificate>();
        try {
            for (var base64 : Memory.texts(data, "tlsCertificate")) {
                var der = Base64.getDecoder().decode(base64);
                chain.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            chain.clear();
        }
        boolean refused = !chain.isEmpty()
                && !parts.certificate().take(chain, parts.machine().instant());
        if (refused && !chain.equals(refusedChain)) {
            refusedChain = chain;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The service's certificate is not for this agent's names, or not good by this machine's clock: the"
                            + " one that is in force stays");
        }
    }

    private void remember(Memory fresh) {
        fresh.write(parts.folder(), service());
        memory = fresh;
    }

    private void awaitWork() {
        synchronized (lock) {
            while (!closed && !transactionsWaiting && !isSyncDue()) {
                await(nextSync - System.nanoTime());
            }
            if (transactionsWaiting) {
                await(GATHERING.toNanos());
            }
        }
    }

    /** A pause that doubles, of which a random half is left out, so that agents do not come back together. */
    private void failed(String why) {
        if (closed) {
            return;
        }
        if (!why.equals(told)) {
            LOG.log(System.Logger.Level.WARNING, "The distribution service is tried again: {0}", why);
            told = why;
        }
        failures++;
        long longest =
                Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, MOST_DOUBLINGS));
        double part = 0.5 + parts.entropy().secureRandom().nextDouble() / 2;
        long end = System.nanoTime() + (long) (longest * part);
        synchronized (lock) {
            while (!closed && end - System.nanoTime() > 0) {
                await(end - System.nanoTime());
            }
        }
    }

    /** Messages hold names of hosts and folders; the classes say enough. */
    private static String classes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .map(each -> each.getClass().getSimpleName())
                .distinct()
                .collect(Collectors.joining(", by "));
    }

    private String explained(RefusedException refused) {
        if (refused.is(DsError.DEVICE_BLOCKED)) {
            return "an operator has blocked this device";
        }
        if (refused.is(DsError.REGISTRATION_REFUSED)) {
            return settings.registrationKey().isPresent()
                    ? "the registration key is unknown, revoked, expired or used up"
                    : "this device is not registered, and no registration key is set";
        }
        return refused.getMessage();
    }

    private void await(long nanos) {
        try {
            lock.wait(Math.max(1, Duration.ofNanos(nanos).toMillis()));
        } catch (InterruptedException stopped) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    private static List<JsonObject> objects(JsonObject json, String member) {
        return json.get(member) instanceof JsonArray array
                ? array.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonValue::asJsonObject)
                        .toList()
                : List.of();
    }

    private static String sha256(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        synchronized (lock) {
            lock.notifyAll();
        }
    }
}
