package org.countersign.ds.applications;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is kept of an API key: not the key.
 *
 * @param prefix its beginning, to tell keys apart
 * @param expiresAt when it ends by itself, as after a rotation
 */
record ApiKey(
        UUID id,
        String prefix,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> lastUsedAt) {

    static final String COLUMNS = "api_key.id as key_id, prefix, api_key.created_at as key_created_at, expires_at,"
            + " revoked_at, last_used_at";

    static ApiKey read(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getObject("key_id", UUID.class),
                row.getString("prefix"),
                row.getTimestamp("key_created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("revoked_at")),
                instant(row.getTimestamp("last_used_at")));
    }

    private static Optional<Instant> instant(Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }

    boolean isLive(Instant now) {
        return revokedAt.isEmpty() && expiresAt.map(now::isBefore).orElse(true);
    }
}
