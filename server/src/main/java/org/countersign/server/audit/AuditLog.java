package org.countersign.server.audit;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.countersign.core.entropy.Entropy;

/**
 * The audit log of a context. Started once per server start; each start writes a chain of its own, so nodes never wait
 * for each other. Safe for use by many threads.
 */
public final class AuditLog implements AutoCloseable {

    private static final long CLOSING_MILLIS = 10_000;

    private final AuditSettings settings;
    private final AuditAnchor anchor;
    private final ChainWriter writer;
    private final Appender appender;
    private final Thread thread;
    private volatile boolean closed;

    private AuditLog(AuditSettings settings, AuditAnchor anchor, ChainWriter writer) {
        this.settings = settings;
        this.anchor = anchor;
        this.writer = writer;
        this.appender = new Appender(writer, settings);
        this.thread = new Thread(appender, "audit-appender");
        thread.setDaemon(true);
    }

    /**
     * Begins this start's chain, takes over chains of this node that a crash left, and starts the appender.
     *
     * @param database pooled, and not the pool of those who append: a caller that holds a connection while it waits
     *     would wait for itself. Two connections are enough; give them a connect and a socket timeout
     * @param anchor closed with the log
     * @throws AuditUnavailableException when the database is away, not in UTF-8, or the anchor cannot be written
     */
    public static AuditLog start(
            AuditSettings settings,
            DataSource database,
            AuditAnchor anchor,
            AnchorKey key,
            Clock clock,
            Entropy entropy) {
        var writer = new ChainWriter(settings, database, anchor, key, clock, entropy);
        writer.start();
        var log = new AuditLog(settings, anchor, writer);
        log.thread.start();
        return log;
    }

    /**
     * Writes an event. Returns when it is durable in the database and under the anchored head; only then may the caller
     * release what the event tells of. Call it outside of a database transaction: it waits for another one.
     *
     * @throws AuditUnavailableException when that did not come about within the configured wait, and at once while the
     *     database or the anchor is known to be away; the log recovers by itself
     */
    public void append(AuditEvent event) {
        long wait = settings.patience().toNanos();
        long start = System.nanoTime();
        var outage = appender.outage();
        if (outage != null) {
            throw new AuditUnavailableException(outage.getMessage(), outage);
        }
        if (appender.stuckFor(wait)) {
            throw new AuditUnavailableException("The database of the audit log does not answer");
        }
        if (closed) {
            throw new AuditUnavailableException("The audit log is closed");
        }
        var submission = new Submission(event);
        try {
            if (!appender.queue().offer(submission, wait, TimeUnit.NANOSECONDS)) {
                throw new AuditUnavailableException("The audit log was too busy for an entry");
            }
            submission.await(wait - (System.nanoTime() - start));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailableException("Interrupted while waiting for an audit entry", interrupted);
        }
    }

    /** Whether entries can be written, as far as is known: for the context's health. */
    public boolean available() {
        return !closed
                && appender.outage() == null
                && !appender.stuckFor(settings.patience().toNanos());
    }

    /** How many events wait to be written. */
    public int waiting() {
        return appender.queue().size();
    }

    /** How long the entries that are being written have been under way, in seconds; 0 when none are. */
    public double lagSeconds() {
        return appender.writingFor() * 1e-9;
    }

    /** Transactions so far: what group commit saves shows against the number of entries. */
    int commits() {
        return writer.commits();
    }

    /** Writes what waits, ends the chain and closes the anchor. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        appender.finish();
        try {
            // Not interrupted: that would close the anchor's file in the middle of its last head.
            thread.join(CLOSING_MILLIS);
            anchor.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new AuditUnavailableException("The anchor of the audit log could not be closed", failure);
        } catch (Exception unexpected) {
            throw new AuditUnavailableException("The anchor of the audit log could not be closed", unexpected);
        }
    }
}
