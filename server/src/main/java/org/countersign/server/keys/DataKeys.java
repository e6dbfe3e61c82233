package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/**
 * Data keys of a {@link KeyManagement}, in this process's memory for a while, so that not every signature asks it: at most
 * a bounded number, none longer than configured, so that a key that is disabled there opens nothing for longer than that.
 * Who needs the same data key at the same time waits for one answer. While the service is away, a few wait for it and the
 * others are told so.
 */
public final class DataKeys implements AutoCloseable {

    static final int MOST_WAITING = 12;
    static final Duration AWAY = Duration.ofSeconds(3);

    private static final int MOST = 1_000;
    private static final int MOST_WRAPPED_BY_ONE = 1_000;
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(15);
    private static final Duration FOR_A_PLACE = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final KeyManagement management;
    private final Duration life;
    private final Clock clock;
    private final Entropy entropy;
    private final LinkedHashMap<ByteBuffer, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);
    private final Object making = new Object();
    private final Object probing = new Object();
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private volatile Current current;
    private volatile Away away;
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

    private record Current(ForWrapping key, Instant until, AtomicInteger wrappings) {

        boolean isGood(Instant now) {
            return now.isBefore(until);
        }

        boolean takes(Instant now) {
            return isGood(now) && wrappings.incrementAndGet() <= MOST_WRAPPED_BY_ONE;
        }
    }

    private record Away(ProtocolException why, Instant until) {}

    ForWrapping forWrapping() {
        var there = current;
        if (there != null && there.takes(clock.instant())) {
            return there.key();
        }
        return waiting(() -> {
            synchronized (making) {
                var now = clock.instant();
                var made = current;
                if (made == null || !made.takes(now)) {
                    made = new Current(make(), now.plus(life), new AtomicInteger(1));
                    current = made;
                    keep(
                            ByteBuffer.wrap(made.key().wrapped()),
                            new Opened(
                                    CompletableFuture.completedFuture(made.key().secrets()), made.until()));
                }
                return made.key();
            }
        });
    }

    /** A key that is wrapped by it may be the only copy, so that the service has to open it once before. */
    private ForWrapping make() {
        return asked(() -> {
            try (var made = management.generate();
                    var again = new KeyManagement.DataKey(management.unwrap(made.wrapped()), made.wrapped())) {
                if (!MessageDigest.isEqual(made.key(), again.key())) {
                    throw new IllegalStateException("The key management service opens a data key to another one");
                }
                return new ForWrapping(new SealedSecrets(made.key(), entropy), made.wrapped());
            }
        });
    }

    SealedSecrets unwrapped(byte[] wrapped) {
        var name = ByteBuffer.wrap(wrapped);
        var known = known(name);
        if (known != null && known.isDone()) {
            return joined(known);
        }
        return waiting(() -> {
            var own = new CompletableFuture<SealedSecrets>();
            CompletableFuture<SealedSecrets> found;
            synchronized (opened) {
                found = known(name);
                if (found == null) {
                    found = own;
                    keep(name, new Opened(own, clock.instant().plus(life)));
                }
            }
            if (found == own) {
                open(name, wrapped, own);
            }
            return joined(found);
        });
    }

    private CompletableFuture<SealedSecrets> known(ByteBuffer name) {
        synchronized (opened) {
            var known = opened.get(name);
            return known != null && clock.instant().isBefore(known.until()) ? known.secrets() : null;
        }
    }

    private static SealedSecrets joined(CompletableFuture<SealedSecrets> found) {
        try {
            return found.join();
        } catch (CompletionException refused) {
            throw refused.getCause() instanceof RuntimeException cause ? cause : refused;
        }
    }

    private void open(ByteBuffer name, byte[] wrapped, CompletableFuture<SealedSecrets> result) {
        try (var key = new KeyManagement.DataKey(asked(() -> management.unwrap(wrapped)), wrapped)) {
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

    /** So that a service that answers nobody does not keep every thread of the server. */
    private <T> T waiting(Supplier<T> step) {
        boolean placed;
        try {
            placed = places.tryAcquire(FOR_A_PLACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            placed = false;
        }
        if (!placed) {
            throw ProtocolException.retryAfter(
                    OAuth2Error.TEMPORARILY_UNAVAILABLE, "The key vault is not available; try again later", RETRY);
        }
        try {
            return step.get();
        } finally {
            places.release();
        }
    }

    /** A service that was away a moment ago is not asked. */
    private <T> T asked(Supplier<T> call) {
        var former = away;
        if (former != null && clock.instant().isBefore(former.until())) {
            throw former.why();
        }
        try {
            var answer = call.get();
            away = null;
            return answer;
        } catch (ProtocolException why) {
            away = new Away(why, clock.instant().plus(AWAY));
            throw why;
        }
    }

    private void keep(ByteBuffer name, Opened data) {
        synchronized (opened) {
            forgetExpired();
            opened.put(name, data);
            if (opened.size() > MOST) {
                var eldest = opened.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }

    private void forgetExpired() {
        var now = clock.instant();
        synchronized (opened) {
            opened.values().removeIf(data -> !now.isBefore(data.until()));
        }
        var made = current;
        if (made != null && !made.isGood(now)) {
            current = null;
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
        forgetExpired();
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
            Arrays.fill(asked(() -> management.unwrap(probe)), (byte) 0);
            return true;
        } catch (RuntimeException refused) {
            return false;
        }
    }

    /** Forgets every data key. */
    @Override
    public void close() {
        synchronized (opened) {
            opened.clear();
        }
        current = null;
    }
}
