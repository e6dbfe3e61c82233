package org.countersign.server.issuing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A signing key's row; the private key lies in the vault under the same identifier.
 *
 * @param kid the thumbprint of the public key (RFC 7638, SHA-256)
 * @param jwk the public key, as JSON
 * @param activationSalt what opens the private key, with the master secret
 */
public record StoredKey(
        UUID id,
        String kid,
        JwsAlgorithm algorithm,
        String jwk,
        byte[] activationSalt,
        KeyState state,
        Instant createdAt,
        Optional<Instant> currentSince,
        Optional<Instant> retiredAt) {

    static final String COLUMNS =
            "id, kid, algorithm, jwk, activation_salt, state, created_at, current_since, retired_at";

    static StoredKey read(ResultSet row) throws SQLException {
        return new StoredKey(
                row.getObject("id", UUID.class),
                row.getString("kid"),
                JwsAlgorithm.valueOf(row.getString("algorithm")),
                row.getString("jwk"),
                row.getBytes("activation_salt"),
                KeyState.read(row.getString("state")),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "current_since"),
                instant(row, "retired_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return Optional.ofNullable(time).map(java.sql.Timestamp::toInstant);
    }
}
