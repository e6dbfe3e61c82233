package org.countersign.server.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** A pool that refuses at once while the database is known to be away, so that nobody waits for what can not come. */
final class Pool extends HikariDataSource {

    private volatile boolean away;

    Pool(HikariConfig config) {
        super(config);
    }

    void setAway(boolean known) {
        away = known;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (away) {
            throw new SQLTransientConnectionException("The database is away");
        }
        return super.getConnection();
    }

    /** A connection whatever is known. */
    Connection probe() throws SQLException {
        return super.getConnection();
    }
}
