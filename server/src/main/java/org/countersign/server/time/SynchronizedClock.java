package org.countersign.server.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.time.ClockStatus.State;
import org.countersign.server.time.NtpException.Reason;

/**
 * The machine's clock plus an offset, which an NTP server's answers replace in the background; without a server, the
 * machine's clock. While the server is away, or answers what can not be used, the last offset stays.
 */
public final class SynchronizedClock extends Clock implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(SynchronizedClock.class);
    /** From here on either the server or the machine was set anew. */
    private static final Duration NOTABLE = Duration.ofSeconds(1);

    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    private final Optional<NtpSettings> settings;
    private final Clock machine;
    private final Entropy entropy;
    private volatile ClockStatus status;
    private volatile ScheduledExecutorService executor;
    // Of the synchronising thread.
    private Duration interval;
    private Optional<Reason> trouble = Optional.empty();

    /** A clock that shows the machine's time until {@link #start}. */
    public SynchronizedClock(Optional<NtpSettings> settings, Clock machine, Entropy entropy) {
        this.settings = settings;
        this.machine = machine;
        this.entropy = entropy;
        this.interval = settings.map(NtpSettings::interval).orElse(LONGEST_INTERVAL);
        this.status = new ClockStatus(
                settings.isPresent() ? State.UNSYNCHRONISED : State.MACHINE, Duration.ZERO, Optional.empty());
    }

    /**
     * Begins to synchronise, if there is a server to do it with. Returns after the first exchange, so that the first
     * request already meets the right time, or after the timeout of one.
     *
     * @param context for the thread's name
     */
    public void start(String context) {
        if (settings.isEmpty()) {
            return;
        }
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "countersign-clock-" + context);
            thread.setDaemon(true);
            return thread;
        });
        var first = executor.submit(this::synchroniseAndGoOn);
        try {
            first.get(settings.get().timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException later) {
            // It is still being tried, and said when it fails.
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public ClockStatus status() {
        return status;
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(status.offset());
    }

    @Override
    public ZoneId getZone() {
        return machine.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource source = this::instant;
        return source.withZone(zone);
    }

    @Override
    public void close() {
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    private void synchroniseAndGoOn() {
        try {
            synchronise();
        } catch (RuntimeException failure) {
            // Thrown on, it would end all later exchanges.
            LOG.log(System.Logger.Level.WARNING, "Synchronising the clock failed; it is tried again", failure);
        }
        if (!executor.isShutdown() && !trouble.equals(Optional.of(Reason.NEVER_AGAIN))) {
            executor.schedule(this::synchroniseAndGoOn, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** One exchange. */
    void synchronise() {
        var server = settings.orElseThrow();
        try {
            take(new NtpClient(server, machine, entropy).offset(), server);
        } catch (NtpException failure) {
            hold(failure, server);
        }
    }

    /** How long until the next exchange: longer after a server wished so. */
    Duration interval() {
        return interval;
    }

    private void take(Duration offset, NtpSettings server) {
        var former = status;
        status = new ClockStatus(
                State.SYNCHRONISED, offset, Optional.of(machine.instant().plus(offset)));
        trouble = Optional.empty();
        if (former.state() != State.SYNCHRONISED) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "The clock is synchronised with " + server + ", " + offset.toMillis() + " ms from the machine's");
        } else {
            var moved = offset.minus(former.offset());
            LOG.log(
                    moved.abs().compareTo(NOTABLE) < 0 ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "The clock is " + offset.toMillis() + " ms from the machine's, which is " + moved.toMillis()
                            + " ms more than before");
        }
    }

    private void hold(NtpException failure, NtpSettings server) {
        var former = status;
        boolean never = former.lastSync().isEmpty();
        status = new ClockStatus(never ? State.UNSYNCHRONISED : State.HOLDING, former.offset(), former.lastSync());
        if (failure.reason() == Reason.LESS_OFTEN) {
            var twice = interval.multipliedBy(2);
            interval = twice.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : twice;
        }
        var reason = Optional.of(failure.reason());
        if (!reason.equals(trouble)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The clock is not synchronised with " + server + ": " + failure.getMessage() + "; "
                            + (never
                                    ? "the machine's clock is used as it is"
                                    : "the last offset, " + former.offset().toMillis() + " ms, stays"));
        }
        trouble = reason;
    }
}
