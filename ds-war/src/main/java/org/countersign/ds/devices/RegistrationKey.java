package org.countersign.ds.devices;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * What lets devices of an organisation register, without its secret.
 *
 * @param maximumUses null for no limit
 * @param refused how often it was shown after it had ended
 * @param expiresAt null for never
 * @param revokedAt null when it was not
 */
record RegistrationKey(
        UUID id,
        UUID organisation,
        String name,
        Integer maximumUses,
        int uses,
        int refused,
        Instant createdAt,
        Instant expiresAt,
        Instant revokedAt) {

    static final String COLUMNS =
            "id, organisation_id, name, maximum_uses, uses, refused, created_at, expires_at, revoked_at";

    static RegistrationKey read(ResultSet row) throws SQLException {
        return new RegistrationKey(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getObject(4, Integer.class),
                row.getInt(5),
                row.getInt(6),
                instant(row, 7),
                instant(row, 8),
                instant(row, 9));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
