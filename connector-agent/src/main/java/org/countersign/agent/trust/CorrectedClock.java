package org.countersign.agent.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.countersign.agent.outgoing.ToldTime;

/**
 * This machine's clock, put right by what the distribution service says the time is. The machine's own is left alone. When
 * somebody else puts that one right meanwhile, which shows by a clock that only ever runs, it counts until the service tells
 * the time anew. (So it does after a sleep of the machine, through which such a clock may stand still.)
 */
public final class CorrectedClock extends Clock implements ToldTime {

    /** By how much the two may part: they do, a little, while time servers draw the machine's clock along. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    private final Clock machine;
    private final LongSupplier nanos;
    private final AtomicReference<Told> told = new AtomicReference<>(new Told(Optional.empty(), false, Instant.MIN, 0));
    private volatile Instant latest = Instant.MIN;
    private volatile Runnable moved = () -> {};

    /**
     * @param fresh whether it was told in this run
     * @param machine its time at that moment
     * @param nanos the running clock's
     */
    private record Told(Optional<Duration> correction, boolean fresh, Instant machine, long nanos) {}

    public CorrectedClock(Clock machine) {
        this(machine, System::nanoTime);
    }

    /** @param nanos a clock that runs evenly, whatever happens to the machine's */
    CorrectedClock(Clock machine, LongSupplier nanos) {
        this.machine = machine;
        this.nanos = nanos;
    }

    public void learn(Instant serverTime) {
        var now = machine.instant();
        told.set(new Told(Optional.of(Duration.between(now, serverTime)), true, now, nanos.getAsLong()));
        if (serverTime.isAfter(latest)) {
            latest = serverTime;
        }
    }

    /** As they were when a run before this one learnt them. @param latest that was told */
    public void restore(Duration kept, Optional<Instant> latest) {
        told.set(new Told(Optional.of(kept), false, Instant.MIN, 0));
        this.latest = latest.orElse(Instant.MIN);
    }

    /** @param action when the machine's clock turns out to have been set; must not wait */
    public void whenMoved(Runnable action) {
        moved = action;
    }

    /** What is to be added to the machine's time; nothing when nobody has told yet. */
    public Optional<Duration> correction() {
        return current().correction();
    }

    @Override
    public boolean isFresh() {
        return current().fresh();
    }

    @Override
    public Instant latest() {
        return latest;
    }

    Clock machine() {
        return machine;
    }

    private Told current() {
        var known = told.get();
        if (!known.fresh()) {
            return known;
        }
        var byMachine = Duration.between(known.machine(), machine.instant());
        var byNanos = Duration.ofNanos(nanos.getAsLong() - known.nanos());
        if (byMachine.minus(byNanos).abs().compareTo(SLACK) <= 0) {
            return known;
        }
        var dropped = new Told(Optional.empty(), false, Instant.MIN, 0);
        if (told.compareAndSet(known, dropped)) {
            moved.run();
        }
        return told.get();
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(current().correction().orElse(Duration.ZERO));
    }

    @Override
    public ZoneId getZone() {
        return machine.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return machine.withZone(zone);
    }
}
