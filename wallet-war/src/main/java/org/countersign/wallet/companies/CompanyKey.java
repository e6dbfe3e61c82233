package org.countersign.wallet.companies;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A key by which an organisation signs as a company, without its private half.
 *
 * @param kid the thumbprint of the public key (RFC 7638, SHA-256)
 * @param jwk the public key, as JSON
 */
record CompanyKey(String kid, String jwk, Instant createdAt, Optional<Instant> revokedAt) {

    static final String COLUMNS = "kid, jwk, created_at, revoked_at";

    static CompanyKey read(ResultSet row) throws SQLException {
        return new CompanyKey(
                row.getString("kid"),
                row.getString("jwk"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("revoked_at")).map(java.sql.Timestamp::toInstant));
    }
}
