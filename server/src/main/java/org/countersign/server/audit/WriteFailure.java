package org.countersign.server.audit;

import java.sql.SQLException;

/** What a failed insert says about the rows. */
enum WriteFailure {
    /** They are not in the database and will not get there. */
    NOT_WRITTEN,
    /** Rows of these numbers are there: this very insert, tried before, or somebody else's. */
    PRESENT,
    /** The answer was lost; the rows may be there, or get there yet. */
    UNKNOWN;

    static WriteFailure of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return UNKNOWN;
        }
        if (state.equals("23505")) {
            return PRESENT;
        }
        // PostgreSQL's appendix A: connection exceptions, unknown completion, shutdown, errors outside and inside.
        boolean unsure = state.startsWith("08")
                || state.equals("40003")
                || state.startsWith("57P")
                || state.startsWith("58")
                || state.startsWith("XX");
        // The server's other errors end the statement, and with it its transaction.
        return unsure || !fromServer(failure) ? UNKNOWN : NOT_WRITTEN;
    }

    private static boolean fromServer(SQLException failure) {
        return failure instanceof org.postgresql.util.PSQLException exception
                && exception.getServerErrorMessage() != null;
    }
}
