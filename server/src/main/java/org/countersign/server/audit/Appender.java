package org.countersign.server.audit;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.countersign.server.logging.ContextLogger;

/**
 * The one thread that writes. Takes whatever events wait and writes them as one transaction; those that come meanwhile
 * are the next one. So callers share commits instead of queueing for the chain's head.
 */
final class Appender implements Runnable {

    private static final System.Logger LOG = ContextLogger.of(Appender.class);

    /** How often an insert without an answer is tried again while its callers wait. */
    private static final int ATTEMPTS = 4;

    private static final long BETWEEN_ATTEMPTS_MILLIS = 50;
    private static final long BETWEEN_PROBES_MILLIS = 200;
    private static final long IDLE_MILLIS = 1000;
    private static final long NOT_WRITING = 0;

    private final ChainWriter writer;
    private final BlockingQueue<Submission> queue;
    private final int batch;
    private volatile boolean closing;
    private volatile AuditUnavailableException outage;
    /** {@link System#nanoTime()} when the current batch was begun. */
    private volatile long writingSince = NOT_WRITING;

    Appender(ChainWriter writer, AuditSettings settings) {
        this.writer = writer;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.batch = settings.batch();
    }

    BlockingQueue<Submission> queue() {
        return queue;
    }

    /** Why nothing can be written now; null when it can. */
    AuditUnavailableException outage() {
        return outage;
    }

    /** Whether the database has kept the current batch for longer. */
    boolean stuckFor(long nanos) {
        return writingFor() > nanos;
    }

    /** How long the database has had the current batch, in nanoseconds; 0 without one. */
    long writingFor() {
        long since = writingSince;
        return since == NOT_WRITING ? 0 : System.nanoTime() - since;
    }

    /** Lets {@link #run} end once what waits is written. */
    void finish() {
        closing = true;
        // Wakes the thread; taken already, so it is passed over.
        var wake = new Submission(null);
        wake.take();
        queue.offer(wake);
    }

    @Override
    public void run() {
        while (!closing || !queue.isEmpty()) {
            try {
                step();
            } catch (InterruptedException interrupted) {
                closing = true;
            } catch (RuntimeException unexpected) {
                LOG.log(Level.ERROR, "The audit log failed unexpectedly and goes on", unexpected);
            }
        }
        try {
            writer.end();
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "The audit chain could not be ended; the next start takes it over", failure);
        }
        refuseWaiting(new AuditUnavailableException("The audit log is closed"));
    }

    private void step() throws InterruptedException {
        if (!writer.settled()) {
            recover();
            return;
        }
        var first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        var waiting = new ArrayList<Submission>();
        waiting.add(first);
        queue.drainTo(waiting, batch - 1);
        waiting.removeIf(submission -> !submission.take());
        if (!waiting.isEmpty()) {
            write(waiting);
        }
    }

    private void write(List<Submission> taken) {
        writingSince = System.nanoTime() | 1;
        try {
            attempt(taken.stream().map(Submission::event).toList());
            taken.forEach(Submission::written);
        } catch (AuditUnavailableException failure) {
            refuse(taken, failure);
        } catch (RuntimeException unexpected) {
            refuse(taken, new AuditUnavailableException("The audit log failed", unexpected));
            throw unexpected;
        } finally {
            writingSince = NOT_WRITING;
        }
    }

    private void attempt(List<AuditEvent> events) {
        try {
            writer.write(events);
            return;
        } catch (AuditUnavailableException failure) {
            if (!writer.inDoubt()) {
                throw failure;
            }
            LOG.log(Level.WARNING, "An audit entry is written again: {0}", failure.getCause());
        }
        for (int attempt = 2; ; attempt++) {
            try {
                writer.settle();
                return;
            } catch (AuditUnavailableException failure) {
                if (attempt == ATTEMPTS || !writer.inDoubt()) {
                    throw failure;
                }
                Pause.millis(BETWEEN_ATTEMPTS_MILLIS);
            }
        }
    }

    private void recover() throws InterruptedException {
        try {
            writer.settle();
            if (outage != null) {
                LOG.log(Level.INFO, "The audit log is written again");
            }
            outage = null;
        } catch (AuditUnavailableException failure) {
            if (outage == null) {
                LOG.log(Level.ERROR, "Nothing that needs an audit entry can be done", failure);
            }
            outage = failure;
            refuseWaiting(failure);
            if (closing) {
                throw new InterruptedException();
            }
            Thread.sleep(BETWEEN_PROBES_MILLIS);
        }
    }

    private void refuse(List<Submission> taken, AuditUnavailableException failure) {
        if (!writer.settled()) {
            if (outage == null) {
                LOG.log(Level.ERROR, "Nothing that needs an audit entry can be done", failure);
            }
            outage = failure;
        }
        taken.forEach(submission -> submission.refused(failure));
    }

    private void refuseWaiting(AuditUnavailableException reason) {
        var waiting = new ArrayList<Submission>();
        queue.drainTo(waiting);
        waiting.stream().filter(Submission::take).forEach(submission -> submission.refused(reason));
    }
}
