package org.countersign.server.audit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** An event on its way, and the caller waiting for it. */
final class Submission {

    private enum State {
        QUEUED,
        TAKEN,
        GIVEN_UP
    }

    private final AuditEvent event;
    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile AuditUnavailableException refusal;

    Submission(AuditEvent event) {
        this.event = event;
    }

    AuditEvent event() {
        return event;
    }

    /** The appender's: false when the caller has given up, and the event must not be written any more. */
    boolean take() {
        return state.compareAndSet(State.QUEUED, State.TAKEN);
    }

    void written() {
        done.countDown();
    }

    void refused(AuditUnavailableException reason) {
        refusal = reason;
        done.countDown();
    }

    /** The caller's. */
    void await(long nanos) throws InterruptedException {
        if (!done.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new AuditUnavailableException(
                    state.compareAndSet(State.QUEUED, State.GIVEN_UP)
                            ? "The audit log was too busy for an entry"
                            : "The database did not take an audit entry in time; it may still get there");
        }
        if (refusal != null) {
            // A new one: the appender's stack tells the caller's reader nothing, its cause does.
            throw new AuditUnavailableException(refusal.getMessage(), refusal);
        }
    }
}
