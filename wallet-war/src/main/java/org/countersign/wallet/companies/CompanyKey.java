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
 * @param vault where the private one is: {@link org.countersign.server.vaults.VaultSettings#name}
 */
record CompanyKey(String kid, String jwk, String vault, Instant createdAt, Optional<Instant> revokedAt) {

    static final String COLUMNS = "kid, jwk, vault, created_at, revoked_at";

    static CompanyKey read(ResultSet row) throws SQLException {
        return new CompanyKey(
                row.getString("kid"),
                row.getString("jwk"),
                row.getString("vault"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("revoked_at")).map(java.sql.Timestamp::toInstant));
    }
}
