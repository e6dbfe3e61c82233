package org.countersign.server.issuing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateRequest;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.SigningKey;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.persistence.Database;

/**
 * Signs with a context's current key, and publishes the keys that verify it. A signature needs no database:
 * the keys are read again every few seconds, so that a rotation on another node is noticed. The first start makes a
 * current key and the next one. Safe for use by many threads.
 */
public final class SigningKeys implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(SigningKeys.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    /** The longest that keys are used while the database can not be asked. */
    private static final Duration USABLE = Duration.ofMinutes(1);

    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyTable table;
    private final PrivateKeys privateKeys;
    private final SigningKeySettings settings;
    private final AuditLog audit;
    private final Clock clock;
    private final long fresh;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile KeyRing ring;
    private SigningKey former;

    private SigningKeys(
            KeyTable table,
            PrivateKeys privateKeys,
            SigningKeySettings settings,
            AuditLog audit,
            Clock clock,
            Duration fresh) {
        this.table = table;
        this.privateKeys = privateKeys;
        this.settings = settings;
        this.audit = audit;
        this.clock = clock;
        this.fresh = fresh.toNanos();
    }

    /** Opens the current key; makes the first keys when there are none. Nodes may start together. */
    public static SigningKeys start(
            Database database, PrivateKeys privateKeys, SigningKeySettings settings, AuditLog audit, Clock clock) {
        return start(database, privateKeys, settings, audit, clock, FRESH);
    }

    /** @param fresh how long keys are used before the database is asked again */
    static SigningKeys start(
            Database database,
            PrivateKeys privateKeys,
            SigningKeySettings settings,
            AuditLog audit,
            Clock clock,
            Duration fresh) {
        var keys = new SigningKeys(new KeyTable(database), privateKeys, settings, audit, clock, fresh);
        keys.makeFirst();
        keys.table.expectLife(settings.longestLife());
        keys.load();
        return keys;
    }

    private void makeFirst() {
        if (!table.published(clock.instant()).isEmpty()) {
            return;
        }
        var current = privateKeys.make(settings.algorithm());
        var next = privateKeys.make(settings.algorithm());
        if (table.addFirst(current, next, settings.longestLife(), clock.instant())) {
            audit.append(AuditEvent.success("signing-keys.created")
                    .detail("current", current.kid())
                    .detail("next", next.kid()));
        } else {
            privateKeys.destroy(current.id());
            privateKeys.destroy(next.id());
        }
    }

    /**
     * Signs claims with the current key.
     *
     * @param typ of the JWS header, such as {@code JWT}: what is signed for one purpose serves no other
     * @param claims JSON values by name
     * @return a compact JWS (RFC 7515 §7.1) with {@code alg}, {@code kid} and {@code typ}
     */
    public String sign(String typ, Map<String, Object> claims) {
        return sign(ring(), typ, Map.of(), claims);
    }

    /**
     * The same, with {@code x5c} (RFC 7515 §4.1.6) in the header: the chain that is known of the key, else one certificate, which the key
     * gave itself.
     *
     * @param owner whom the key's own certificate names; the same at every call
     * @param chains by {@code kid}: DER in base64, the key's first
     */
    public String signWithCertificate(
            String typ, URI owner, Function<String, Optional<List<String>>> chains, Map<String, Object> claims) {
        var signing = ring();
        var chain = chains.apply(signing.current().kid()).orElseGet(() -> List.of(certificate(signing, owner)));
        return sign(signing, typ, Map.of("x5c", chain), claims);
    }

    /**
     * A certification request (RFC 2986) of a key that signs, or is the next to.
     *
     * @return in PEM; nothing of an unknown key, or one that signs no more
     */
    public Optional<String> request(String kid, X500Principal subject) {
        return inService(kid).map(key -> {
            var algorithm = key.algorithm().signature();
            try (var open = privateKeys.open(key)) {
                return CertificateRequest.pem(
                        PublicJwk.key(key.jwk()),
                        subject,
                        algorithm.algorithmIdentifier(),
                        octets -> open.sign(algorithm, algorithm.digest(octets)));
            }
        });
    }

    /** The public key of one that signs, or is the next to. */
    public Optional<PublicKey> publicKey(String kid) {
        return inService(kid).map(key -> PublicJwk.key(key.jwk()));
    }

    private Optional<StoredKey> inService(String kid) {
        return table.published(clock.instant()).stream()
                .filter(key -> key.state() != KeyState.RETIRED && key.kid().equals(kid))
                .findFirst();
    }

    /** Made once for each current key, by each node. */
    private static String certificate(KeyRing signing, URI owner) {
        var known = signing.certificate().get();
        if (known != null) {
            return known;
        }
        var made = KeyCertificate.of(signing.current(), signing.open(), owner);
        return signing.certificate().compareAndSet(null, made)
                ? made
                : signing.certificate().get();
    }

    private static String sign(KeyRing signing, String typ, Map<String, Object> more, Map<String, Object> claims) {
        var algorithm = signing.current().algorithm();
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", algorithm.name());
        header.put("kid", signing.current().kid());
        header.put("typ", typ);
        header.putAll(more);
        var input = BASE64.encodeToString(json(header)) + '.' + BASE64.encodeToString(json(claims));
        var digest = algorithm.signature().digest(input.getBytes(StandardCharsets.US_ASCII));
        var signature = algorithm.sign(signing.open(), digest);
        return input + '.' + BASE64.encodeToString(signature);
    }

    /**
     * Verifies what one of these keys signed. The time is the caller's to look at.
     *
     * @param typ that the JWS must have
     * @return the claims; empty when it is anything else
     */
    public Optional<Map<String, Object>> verify(String typ, String jws) {
        return Verification.claims(typ, jws, ring().jwks());
    }

    /**
     * The same, by whatever key there ever was: of what is kept for longer than keys are published. That it is so old says nothing good
     * of it.
     */
    public Optional<Map<String, Object>> verifyHoweverOld(String typ, String jws) {
        return verify(typ, jws)
                .or(() -> Verification.claims(
                        typ,
                        jws,
                        table.all().stream()
                                .map(key -> PublicJwk.members(key.jwk()))
                                .toList()));
    }

    /** The public keys that verify: current, next, and those retired whose tokens may still live. Each has {@code kid}. */
    public List<Map<String, Object>> publicJwks() {
        return ring().jwks();
    }

    /** The algorithm that signs now. */
    public JwsAlgorithm algorithm() {
        return ring().current().algorithm();
    }

    /** Every key there was, the newest first. */
    public List<StoredKey> all() {
        return table.all();
    }

    /**
     * Makes the next key the current one, retires the current and publishes a new next one. Live tokens stay good.
     *
     * @param client for the audit log
     * @throws ProtocolException {@code conflict} when another rotation came first
     */
    public void rotate(String client) {
        if (!rotateFrom(current(), client)) {
            throw new ProtocolException(DsError.CONFLICT, "The keys were rotated by another call at this moment");
        }
    }

    /** The chore: rotates when the current key has become old enough. Of several nodes one does it. */
    public void rotateWhenDue() {
        var now = clock.instant();
        var current = current();
        boolean due = current.currentSince()
                .map(since -> !now.isBefore(since.plus(settings.rotation())))
                .orElse(false);
        if (due && rotateFrom(current, null)) {
            LOG.log(System.Logger.Level.INFO, "The signing keys were rotated, as their age wants it");
        }
    }

    /** The chore: destroys private keys that sign no more. */
    public void destroyRetired() {
        for (var id : table.destroyable(clock.instant())) {
            privateKeys.destroy(id);
            table.destroyed(id, clock.instant());
        }
    }

    /** As the database has it now. */
    private StoredKey current() {
        return current(table.published(clock.instant()));
    }

    private boolean rotateFrom(StoredKey current, String client) {
        var next = privateKeys.make(settings.algorithm());
        if (!table.rotate(current.kid(), next, settings.longestLife(), clock.instant())) {
            privateKeys.destroy(next.id());
            return false;
        }
        audit.append(AuditEvent.success("signing-keys.rotated")
                .client(client)
                .detail("retired", current.kid())
                .detail("next", next.kid()));
        load();
        return true;
    }

    private KeyRing ring() {
        var known = ring;
        long age = System.nanoTime() - known.loadedAt();
        if (age < fresh) {
            return known;
        }
        if (age >= USABLE.toNanos()) {
            return loadUnlessNewerThan(known);
        }
        // One looks; the others need not wait for it.
        if (!loading.tryLock()) {
            return known;
        }
        try {
            return loadUnlessNewerThan(known);
        } catch (RuntimeException away) {
            LOG.log(System.Logger.Level.DEBUG, "The signing keys could not be read again", away);
            return known;
        } finally {
            loading.unlock();
        }
    }

    private KeyRing loadUnlessNewerThan(KeyRing known) {
        loading.lock();
        try {
            return ring == known ? load() : ring;
        } finally {
            loading.unlock();
        }
    }

    private KeyRing load() {
        loading.lock();
        try {
            long now = System.nanoTime();
            var published = table.published(clock.instant());
            var current = current(published);
            var known = ring;
            if (known != null && known.current().kid().equals(current.kid())) {
                ring = KeyRing.of(published, current, known.open(), known.certificate(), now);
                return ring;
            }
            ring = KeyRing.of(published, current, privateKeys.open(current), new AtomicReference<>(), now);
            // Whoever still signs with the one before has time until the rotation after this.
            close(former);
            former = known == null ? null : known.open();
            return ring;
        } finally {
            loading.unlock();
        }
    }

    private static StoredKey current(List<StoredKey> published) {
        return published.stream()
                .filter(key -> key.state() == KeyState.CURRENT)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no current signing key"));
    }

    private static byte[] json(Map<String, Object> value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("Claims that are not JSON", impossible);
        }
    }

    private static void close(SigningKey key) {
        if (key != null) {
            key.close();
        }
    }

    @Override
    public void close() {
        loading.lock();
        try {
            close(former);
            close(ring.open());
        } finally {
            loading.unlock();
        }
    }
}
