package org.countersign.wallet.organisations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** Whose people have wallets. */
record Organisation(UUID id, String name, Instant createdAt) {

    static final String COLUMNS = "id, name, created_at";

    static Organisation read(ResultSet row) throws SQLException {
        return new Organisation(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getTimestamp("created_at").toInstant());
    }
}
