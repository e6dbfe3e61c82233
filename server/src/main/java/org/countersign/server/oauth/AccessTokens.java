package org.countersign.server.oauth;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.hibernate.SessionFactory;

/** Issues, finds and revokes access tokens. The database alone knows them, so every node sees a revocation at once. */
public final class AccessTokens {

    /** A token and the client it belongs to. */
    public record Found(AccessToken token, OAuthClient client) {}

    /** How long an expired token is remembered, so that its holder is told "expired" and not "unknown". */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private static final int REMEMBERED_AUTHORITIES = 1_000;

    private static final String FIND = "select token_hash, seat, tenant, issued_at, expires_at, revoked_at, client_id,"
            + " secret_hash, authorized_grant_types, access_token_validity, authorities, all_authorities, grouped_authorities, demonstration,"
            + " created_at, default_scope from access_token join oauth_client using (client_id) where token_hash = ?";

    private final SessionFactory sessions;
    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;
    private final Set<String> tenants;
    private final Map<String, Authorities> parsed = new ConcurrentHashMap<>();

    public AccessTokens(Database database, Entropy entropy, Clock clock, Set<String> tenants) {
        this.sessions = database.sessions();
        this.statements = database.statements();
        this.entropy = entropy;
        this.clock = clock;
        this.tenants = tenants;
    }

    /** @return the token, which is known to nobody else from here on */
    public String issue(OAuthClient client, Scope scope, Duration lifetime) {
        var token = entropy.token();
        var issued = AccessToken.issue(token, client.clientId(), scope, clock.instant(), lifetime);
        sessions.inTransaction(session -> session.persist(issued));
        return token;
    }

    /** @throws ProtocolException {@code invalid_token} of the given code when unknown, revoked or expired */
    public Found require(String token, OAuth2Error refusal) {
        var found = find(token)
                .filter(candidate -> !candidate.token().isRevoked())
                .orElseThrow(() -> new ProtocolException(refusal, "Token was not recognized"));
        if (found.token().hasExpired(clock.instant())) {
            throw new ProtocolException(refusal, "Token has expired");
        }
        return found;
    }

    /** The caller a token stands for, or a refusal with 401. */
    public Caller authenticate(String token, Peer peer) {
        var found = require(token, OAuth2Error.INVALID_TOKEN);
        peer.admit(found.client());
        return caller(found);
    }

    public Caller caller(Found found) {
        if (parsed.size() >= REMEMBERED_AUTHORITIES) {
            parsed.clear();
        }
        var client = found.client();
        var authorities = parsed.computeIfAbsent(client.storedAuthorities(), text -> client.authorities(tenants));
        return new Caller(
                client.clientId(),
                authorities,
                found.token().seat(),
                found.token().expiresAt());
    }

    /** A token of this client that works now. */
    public Optional<Found> findActive(String token, String clientId) {
        return find(token)
                .filter(found -> found.token().clientId().equals(clientId)
                        && !found.token().isRevoked()
                        && !found.token().hasExpired(clock.instant()));
    }

    /** @return whether this call revoked it; unknown tokens and those of others are left alone */
    public boolean revoke(String token, String clientId) {
        return sessions.fromTransaction(session -> session.createMutationQuery("update AccessToken set revokedAt = :now"
                                + " where tokenHash = :hash and clientId = :client and revokedAt is null")
                        .setParameter("now", clock.instant())
                        .setParameter("hash", AccessToken.hash(token))
                        .setParameter("client", clientId)
                        .executeUpdate())
                > 0;
    }

    /** Forgets tokens that expired a day ago. */
    public int purge() {
        return sessions.fromTransaction(
                session -> session.createMutationQuery("delete from AccessToken where expiresAt < :before")
                        .setParameter("before", clock.instant().minus(REMEMBERED))
                        .executeUpdate());
    }

    private Optional<Found> find(String token) {
        return statements.first(
                FIND,
                statement -> statement.setBytes(1, AccessToken.hash(token)),
                row -> new Found(AccessToken.read(row), OAuthClient.read(row)));
    }
}
