package org.countersign.server.oauth;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.hibernate.SessionFactory;

/**
 * Tokens that get a client new access tokens for one seat (RFC 6749 §1.5). A refresh token is not replaced when it is used and
 * not prolonged; with it end the access tokens that came from it (RFC 7009 §2.1).
 */
final class RefreshTokens {

    static final Duration LIFETIME = Duration.ofDays(30);

    private static final String FIND = "select client_id, seat, tenant, secret_hash, authorized_grant_types,"
            + " access_token_validity, authorities, all_authorities, grouped_authorities, demonstration, created_at, default_scope"
            + " from refresh_token join oauth_client using (client_id) where token_hash = ? and expires_at > ?";

    /** The lock keeps a token from coming out of a refresh token that is being revoked. */
    private static final String ISSUE = "with living as (select client_id, seat, tenant, token_hash from refresh_token"
            + " where token_hash = ? and expires_at > ? for share)"
            + " insert into access_token (token_hash, client_id, seat, tenant, issued_at, expires_at, refresh_hash)"
            + " select ?, client_id, seat, tenant, ?, ?, token_hash from living";

    /** None comes of a secret that is being replaced, which ends all there are. */
    private static final String ADD =
            "insert into refresh_token (token_hash, client_id, seat, tenant, issued_at, expires_at)"
                    + " select ?, client_id, ?, ?, ?, ? from oauth_client where client_id = ? and secret_hash = ?"
                    + " for share";

    private final SessionFactory sessions;
    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    RefreshTokens(Database database, Entropy entropy, Clock clock) {
        this.sessions = database.sessions();
        this.statements = database.statements();
        this.entropy = entropy;
        this.clock = clock;
    }

    /** Whom a refresh token speaks for, and its client as it is registered now. */
    record Found(OAuthClient client, SeatName seat) {}

    /**
     * @param client as it was authenticated
     * @return the token, which is known to nobody else from here on; empty when the client has another secret by now
     */
    Optional<String> add(OAuthClient client, SeatName seat) {
        var token = entropy.token();
        var now = clock.instant();
        int added = statements.update(ADD, statement -> {
            statement.setBytes(1, AccessToken.hash(token));
            statement.setString(2, seat.seat());
            statement.setString(3, seat.tenant());
            time(statement, 4, now);
            time(statement, 5, now.plus(LIFETIME));
            statement.setString(6, client.clientId());
            statement.setString(7, client.secretHash());
        });
        return added == 1 ? Optional.of(token) : Optional.empty();
    }

    /** @return empty when it is unknown, revoked or expired */
    Optional<Found> find(String token) {
        return statements.first(
                FIND,
                statement -> {
                    statement.setBytes(1, AccessToken.hash(token));
                    time(statement, 2, clock.instant());
                },
                row -> new Found(OAuthClient.read(row), new SeatName(row.getString("seat"), row.getString("tenant"))));
    }

    /** @return a new access token, or empty when the refresh token has ended meanwhile */
    Optional<String> issue(String refreshToken, Duration lifetime) {
        var token = entropy.token();
        var now = clock.instant();
        int added = statements.update(ISSUE, statement -> {
            statement.setBytes(1, AccessToken.hash(refreshToken));
            time(statement, 2, now);
            statement.setBytes(3, AccessToken.hash(token));
            time(statement, 4, now);
            time(statement, 5, now.plus(lifetime));
        });
        return added == 1 ? Optional.of(token) : Optional.empty();
    }

    /** Ends the token and every access token that came from it. @return whether this client had it */
    boolean revoke(String token, String clientId) {
        var hash = AccessToken.hash(token);
        return sessions.fromTransaction(session -> {
            int removed = session.createNativeMutationQuery(
                            "delete from refresh_token where token_hash = :hash and client_id = :client")
                    .setParameter("hash", hash)
                    .setParameter("client", clientId)
                    .executeUpdate();
            if (removed > 0) {
                session.createMutationQuery("update AccessToken set revokedAt = :now"
                                + " where refreshHash = :hash and clientId = :client and revokedAt is null")
                        .setParameter("now", clock.instant())
                        .setParameter("hash", hash)
                        .setParameter("client", clientId)
                        .executeUpdate();
            }
            return removed > 0;
        });
    }

    /** Forgets what has expired. */
    void purge() {
        statements.update(
                "delete from refresh_token where expires_at < ?", statement -> time(statement, 1, clock.instant()));
    }

    /** The scope of what is issued for a seat. */
    static Scope scope(SeatName seat) {
        return new Scope(Optional.of(seat));
    }

    private static void time(PreparedStatement statement, int position, Instant time) throws SQLException {
        statement.setObject(position, time.atOffset(ZoneOffset.UTC));
    }
}
