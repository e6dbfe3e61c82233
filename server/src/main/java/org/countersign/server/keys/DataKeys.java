package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.countersign.core.entropy.Entropy;

/**
 * Data keys of a {@link KeyManagement}, in this process's memory for a while, so that not every signature asks it: at most
 * a bounded number, none longer than configured, so that a key that is disabled there opens nothing for longer than that.
 * Who needs the same data key at the same time waits for one answer.
 */
public final class DataKeys {

    private static final int MOST = 1_000;
    private static final int MOST_WRAPPED_BY_ONE = 1_000;
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(15);

    private final KeyManagement management;
    private final Duration life;
    private final Clock clock;
    private final Entropy entropy;
    private final LinkedHashMap<ByteBuffer, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);
    private final Object making = new Object();
    private final Object probing = new Object();
    private ForWrapping current;
    private int wrappings;
    private Instant currentUntil = Instant.MIN;
    private RuntimeException failure;
    private long failedAt;
    private byte[] probe;
    private Instant probedUntil = Instant.MIN;
    private boolean usable;

    /** @param life how long a data key stays in memory */
    public DataKeys(KeyManagement management, Duration life, Clock clock, Entropy entropy) {
        this.management = management;
        this.life = life;
        this.clock = clock;
        this.entropy = entropy;
    }

    /** A data key to wrap by, and how the service wrapped it. */
    record ForWrapping(SealedSecrets secrets, byte[] wrapped) {}

    private record Opened(CompletableFuture<SealedSecrets> secrets, Instant until) {}

    ForWrapping forWrapping() {
        long asked = System.nanoTime();
        synchronized (making) {
            var now = clock.instant();
            if (current == null || wrappings >= MOST_WRAPPED_BY_ONE || !now.isBefore(currentUntil)) {
                if (failure != null && failedAt - asked > 0) {
                    // Who waited while the service was away does not wait for it once more.
                    throw failure;
                }
                current = make();
                currentUntil = now.plus(life);
                wrappings = 0;
                keep(
                        ByteBuffer.wrap(current.wrapped()),
                        new Opened(CompletableFuture.completedFuture(current.secrets()), currentUntil));
            }
            wrappings++;
            return current;
        }
    }

    private ForWrapping make() {
        try (var made = management.generate()) {
            return new ForWrapping(new SealedSecrets(made.key(), entropy), made.wrapped());
        } catch (RuntimeException away) {
            failure = away;
            failedAt = System.nanoTime();
            throw away;
        }
    }

    SealedSecrets unwrapped(byte[] wrapped) {
        var name = ByteBuffer.wrap(wrapped);
        var own = new CompletableFuture<SealedSecrets>();
        CompletableFuture<SealedSecrets> found;
        synchronized (opened) {
            var now = clock.instant();
            var known = opened.get(name);
            if (known != null && now.isBefore(known.until())) {
                found = known.secrets();
            } else {
                found = own;
                keep(name, new Opened(own, now.plus(life)));
            }
        }
        if (found == own) {
            open(name, wrapped, own);
        }
        try {
            return found.join();
        } catch (CompletionException refused) {
            throw refused.getCause() instanceof RuntimeException cause ? cause : refused;
        }
    }

    private void open(ByteBuffer name, byte[] wrapped, CompletableFuture<SealedSecrets> result) {
        try (var key = new KeyManagement.DataKey(management.unwrap(wrapped), wrapped)) {
            result.complete(new SealedSecrets(key.key(), entropy));
        } catch (RuntimeException | Error refused) {
            synchronized (opened) {
                var kept = opened.get(name);
                if (kept != null && kept.secrets() == result) {
                    opened.remove(name);
                }
            }
            result.completeExceptionally(refused);
        }
    }

    private void keep(ByteBuffer name, Opened data) {
        synchronized (opened) {
            opened.put(name, data);
            if (opened.size() > MOST) {
                var eldest = opened.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }

    /** How many are in memory. */
    public int size() {
        synchronized (opened) {
            return opened.size();
        }
    }

    /** Whether the service opens what it wrapped. It is asked now and then; in between it is as it was. */
    public boolean isUsable() {
        synchronized (probing) {
            var now = clock.instant();
            if (!now.isBefore(probedUntil)) {
                usable = opens();
                probedUntil = usable ? now.plus(BETWEEN_PROBES) : Instant.MIN;
            }
            return usable;
        }
    }

    private boolean opens() {
        try {
            if (probe == null) {
                probe = forWrapping().wrapped();
            }
            new KeyManagement.DataKey(management.unwrap(probe), probe).close();
            return true;
        } catch (RuntimeException away) {
            return false;
        }
    }
}
