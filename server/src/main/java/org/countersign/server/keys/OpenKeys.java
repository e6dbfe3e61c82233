package org.countersign.server.keys;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.logging.ContextLogger;

/**
 * A vault whose keys, once opened, stay open for a moment: the first signature of a freshly opened RSA key costs about a
 * millisecond more than the next. Nobody gets an open key without the activation key that opens it; at most a bounded
 * number stay open, in this process's memory only, and none longer than the configured time without use.
 */
public final class OpenKeys implements KeyVault, AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(OpenKeys.class);
    private static final int MOST = 1_000;

    private final KeyVault vault;
    private final Duration idle;
    private final Clock clock;
    private final byte[] fingerprintKey;
    private final LinkedHashMap<UUID, Open> open = new LinkedHashMap<>(16, 0.75f, true);
    private final ScheduledExecutorService sweeper;

    /** @param idle how long a key stays open without use; more than zero */
    public OpenKeys(KeyVault vault, Duration idle, Clock clock, Entropy entropy) {
        this.vault = vault;
        this.idle = idle;
        this.clock = clock;
        this.fingerprintKey = entropy.bytes(32);
        this.sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "countersign-open-keys");
            thread.setDaemon(true);
            return thread;
        });
        long period = Math.max(1, idle.toSeconds() / 2);
        sweeper.scheduleWithFixedDelay(this::sweepOrTryAgain, period, period, TimeUnit.SECONDS);
    }

    @Override
    public PublicKey generate(UUID keyId, KeyAlgorithm algorithm, ActivationKey activation) {
        return vault.generate(keyId, algorithm, activation);
    }

    @Override
    public SigningKey open(UUID keyId, ActivationKey activation) {
        var fingerprint = fingerprint(activation);
        synchronized (open) {
            var found = open.get(keyId);
            if (found != null && MessageDigest.isEqual(found.fingerprint, fingerprint)) {
                return found.lease(clock.instant());
            }
        }
        var opened = new Open(vault.open(keyId, activation), fingerprint);
        synchronized (open) {
            var lease = opened.lease(clock.instant());
            var former = open.put(keyId, opened);
            if (former != null) {
                former.retire();
            }
            if (open.size() > MOST) {
                var eldest = open.values().iterator();
                eldest.next().retire();
                eldest.remove();
            }
            return lease;
        }
    }

    /** How many are open now. */
    public int size() {
        synchronized (open) {
            return open.size();
        }
    }

    @Override
    public void destroy(UUID keyId) {
        synchronized (open) {
            var found = open.remove(keyId);
            if (found != null) {
                found.retire();
            }
        }
        vault.destroy(keyId);
    }

    @Override
    public boolean isUsable() {
        return vault.isUsable();
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        synchronized (open) {
            open.values().forEach(Open::retire);
            open.clear();
        }
    }

    private void sweepOrTryAgain() {
        try {
            sweep();
        } catch (RuntimeException failure) {
            // Thrown on, it would end all later sweeps.
            LOG.log(System.Logger.Level.WARNING, "An open key did not close; it is tried again", failure);
        }
    }

    void sweep() {
        var before = clock.instant().minus(idle);
        synchronized (open) {
            for (Map.Entry<UUID, Open> entry : List.copyOf(open.entrySet())) {
                if (!entry.getValue().lastUse.isAfter(before)) {
                    open.remove(entry.getKey()).retire();
                }
            }
        }
    }

    private byte[] fingerprint(ActivationKey activation) {
        var bytes = activation.bytes();
        try {
            return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, fingerprintKey).hmac(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** An open key and how many are using it; the last one out closes a retired one. Guarded by {@code open}. */
    private final class Open {

        private final SigningKey key;
        private final byte[] fingerprint;
        private Instant lastUse;
        private int users;
        private boolean retired;

        Open(SigningKey key, byte[] fingerprint) {
            this.key = key;
            this.fingerprint = fingerprint;
        }

        SigningKey lease(Instant now) {
            lastUse = now;
            users++;
            return new Lease(this);
        }

        void retire() {
            retired = true;
            closeIfUnused();
        }

        void giveBack() {
            synchronized (open) {
                users--;
                closeIfUnused();
            }
        }

        private void closeIfUnused() {
            if (retired && users == 0) {
                key.close();
            }
        }
    }

    private static final class Lease implements SigningKey {

        private final Open open;
        private boolean closed;

        Lease(Open open) {
            this.open = open;
        }

        @Override
        public KeyAlgorithm algorithm() {
            return open.key.algorithm();
        }

        @Override
        public byte[] sign(SignatureAlgorithm algorithm, byte[] hash) {
            return open.key.sign(algorithm, hash);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.giveBack();
            }
        }
    }
}
