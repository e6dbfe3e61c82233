package org.countersign.server.oauth;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;

/** An opaque bearer token, found by its SHA-256; the token itself is not stored. */
@Entity
@Table(name = "access_token")
public class AccessToken {

    @Id
    @Column(name = "token_hash")
    private byte[] tokenHash;

    @Column(name = "client_id")
    private String clientId;

    @Column(name = "seat")
    private String seat;

    @Column(name = "tenant")
    private String tenant;

    @Column(name = "issued_at")
    private Instant issuedAt;

    @Column(name = "expires_at")
    private Instant expiresAt;

    @Column(name = "revoked_at")
    private Instant revokedAt;

    /** Of the refresh token it ends with; null without one. */
    @Column(name = "refresh_hash")
    private byte[] refreshHash;

    protected AccessToken() {}

    public static AccessToken issue(String token, String clientId, Scope scope, Instant now, Duration lifetime) {
        var issued = new AccessToken();
        issued.tokenHash = hash(token);
        issued.clientId = clientId;
        issued.seat = scope.seat().map(SeatName::seat).orElse(null);
        issued.tenant = scope.seat().map(SeatName::tenant).orElse(null);
        issued.issuedAt = now;
        issued.expiresAt = now.plus(lifetime);
        return issued;
    }

    /** A row of the columns by their names. */
    static AccessToken read(ResultSet row) throws SQLException {
        var token = new AccessToken();
        token.tokenHash = row.getBytes("token_hash");
        token.clientId = row.getString("client_id");
        token.seat = row.getString("seat");
        token.tenant = row.getString("tenant");
        token.issuedAt = row.getTimestamp("issued_at").toInstant();
        token.expiresAt = row.getTimestamp("expires_at").toInstant();
        var revoked = row.getTimestamp("revoked_at");
        token.revokedAt = revoked == null ? null : revoked.toInstant();
        return token;
    }

    static byte[] hash(String token) {
        return DigestUtils.sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    public String clientId() {
        return clientId;
    }

    public Optional<SeatName> seat() {
        return seat == null ? Optional.empty() : Optional.of(new SeatName(seat, tenant));
    }

    public Instant issuedAt() {
        return issuedAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    public boolean isRevoked() {
        return revokedAt != null;
    }

    public boolean hasExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }
}
