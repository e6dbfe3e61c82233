package org.countersign.server.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.countersign.server.logging.ContextLogger;

/**
 * Asks the database twice a second whether it is there and has the schema of this version. While it is away, the pool of
 * requests refuses at once; it opens again when one of its own connections answers.
 *
 * <p>One clear failure, such as a refused connection, is enough to call the database away; of the others, such as a time
 * that ran out, two in a row.
 */
final class DatabaseWatch implements Runnable, AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(DatabaseWatch.class);

    private static final long PERIOD_MILLIS = 500;
    private static final int ANSWER_SECONDS = 1;
    private static final int ENOUGH = 2;

    private final Database database;
    private final Map<String, String> versions;
    private final Thread thread;
    private volatile boolean available = true;
    private volatile boolean migrated = true;
    private int doubts;

    /** @param versions of the schema, by the table that records it */
    DatabaseWatch(Database database, Map<String, String> versions) {
        this.database = database;
        this.versions = Map.copyOf(versions);
        this.thread = new Thread(this, "countersign-database-watch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isAvailable() {
        return available;
    }

    boolean isMigrated() {
        return migrated;
    }

    @Override
    public void run() {
        while (!thread.isInterrupted()) {
            try {
                look();
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.WARNING, "The database was not looked at; it is tried again", failure);
            }
        }
    }

    private void look() {
        try {
            boolean answers;
            try (var connection = database.reserved().getConnection()) {
                answers = connection.isValid(ANSWER_SECONDS);
                if (answers) {
                    migrated = hasSchema(connection);
                }
            }
            if (answers && !available) {
                answers = database.requestsAreServed(ANSWER_SECONDS);
            }
            note(answers ? 0 : doubts + 1, null);
        } catch (SQLException failure) {
            if (thread.isInterrupted()) {
                return;
            }
            note(isClear(failure) ? ENOUGH : doubts + 1, failure);
        }
    }

    private void note(int now, SQLException failure) {
        doubts = now;
        boolean there = doubts < ENOUGH && (available || doubts == 0);
        if (there == available) {
            return;
        }
        available = there;
        database.requestsAreRefused(!there);
        if (there) {
            LOG.log(System.Logger.Level.INFO, "The database is back");
        } else {
            LOG.log(System.Logger.Level.ERROR, "The database is away", failure);
        }
    }

    private boolean hasSchema(Connection connection) throws SQLException {
        for (var entry : versions.entrySet()) {
            // The table's name is one of ours.
            var sql = "select 1 from " + entry.getKey() + " where success and version = ?";
            try (var statement = connection.prepareStatement(sql)) {
                statement.setString(1, entry.getValue());
                try (var rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        return false;
                    }
                }
            } catch (SQLException failure) {
                if (isClear(failure)) {
                    throw failure;
                }
                return false;
            }
        }
        return true;
    }

    /** SQL:2016 class 08, connection exception, and PostgreSQL's 57P: shutting down, starting up. */
    private static boolean isClear(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
