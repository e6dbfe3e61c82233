package org.countersign.server.oauth;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.persistence.Database;
import org.countersign.server.web.Form;

/** Gives tokens to the clients of the database and takes them back, whatever the endpoint and its dialect. */
public final class TokenGrants {

    private final OAuthClients clients;
    private final AccessTokens tokens;
    private final SeatGroups groups;
    private final RefreshTokens refreshTokens;
    private final AuditLog audit;

    public TokenGrants(
            OAuthClients clients,
            AccessTokens tokens,
            Database database,
            SeatGroups groups,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.clients = clients;
        this.tokens = tokens;
        this.groups = groups;
        this.refreshTokens = new RefreshTokens(database, entropy, clock);
        this.audit = audit;
    }

    /** @param refreshToken present only where one was asked for and is given */
    public record Given(String accessToken, Duration lifetime, Scope scope, Optional<String> refreshToken) {

        @Override
        public String toString() {
            return "a token of scope " + scope;
        }
    }

    /**
     * The client that shows its secret; a refusal is audited.
     *
     * @throws ProtocolException {@code invalid_client}, or {@code access_denied} for a demonstration client elsewhere
     */
    public OAuthClient authenticate(String clientId, String secret, HttpServletRequest request) {
        try {
            var client = clients.authenticate(clientId, secret);
            Peer.of(request).admit(client);
            return client;
        } catch (ProtocolException refusal) {
            // What can not be a client's name might look like somebody else's.
            var event = AuditEvent.failure("client.refused");
            audit.append(
                    ClientRequest.isClientId(clientId)
                            ? event.client(clientId)
                            : event.detail("shown", OAuthResource.printable(clientId)));
            throw refusal;
        }
    }

    /**
     * As {@link #authenticate(String, String, HttpServletRequest)}, by HTTP Basic or in a form (RFC 6749 §2.3.1).
     *
     * @param authorization the header, or null
     */
    public OAuthClient authenticate(String authorization, Form form, HttpServletRequest request) {
        var shown = ClientAuthentication.of(authorization, form);
        return authenticate(shown.clientId(), shown.secret(), request);
    }

    /** @throws ProtocolException {@code access_denied} when the scope's seat is not in the client's reach */
    public Given give(OAuthClient client, Scope scope) {
        return give(client, scope, false);
    }

    /** A token for the client's default seat; with a refresh token where one is wanted and the client is trusted. */
    public Optional<Given> login(OAuthClient client, boolean remember) {
        return client.defaultSeat().map(seat -> give(client, RefreshTokens.scope(seat), remember));
    }

    private Given give(OAuthClient client, Scope scope, boolean remember) {
        var authorities = client.authorities(clients.tenants());
        scope.seat().ifPresent(seat -> groups.require(authorities, seat));
        var lifetime = client.tokenLifetime(authorities);
        // What an untrusted client gets lives a minute at most, whatever it asks for.
        var refreshToken = scope.seat()
                .filter(seat -> remember && authorities.trusted())
                .map(seat -> refreshTokens.add(client, seat).orElseThrow(ProtocolException::accessDenied));
        var token = refreshToken.isPresent()
                ? refreshTokens.issue(refreshToken.get(), lifetime).orElseThrow(ProtocolException::accessDenied)
                : tokens.issue(client, scope, lifetime);
        var event = AuditEvent.success("token.issued").client(client.clientId()).detail("scope", scope.toString());
        audit.append(refreshToken.isPresent() ? event.detail("remembered", true) : event);
        return new Given(token, lifetime, scope, refreshToken);
    }

    /**
     * A new access token for a refresh token.
     *
     * @param client that must have it; empty for whoever holds it
     * @return empty when there is no such token, or not any more, or it is another client's
     */
    public Optional<Given> refresh(String refreshToken, Optional<OAuthClient> client, HttpServletRequest request) {
        var found = refreshTokens
                .find(refreshToken)
                .filter(candidate -> client.isEmpty()
                        || client.get().clientId().equals(candidate.client().clientId()));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var owner = found.get().client();
        Peer.of(request).admit(owner);
        var authorities = owner.authorities(clients.tenants());
        if (!authorities.trusted()
                || !owner.defaultSeat().equals(Optional.of(found.get().seat()))
                || !groups.reaches(authorities, found.get().seat())) {
            return Optional.empty();
        }
        var lifetime = owner.tokenLifetime(authorities);
        var scope = RefreshTokens.scope(found.get().seat());
        return refreshTokens.issue(refreshToken, lifetime).map(token -> {
            audit.append(AuditEvent.success("token.issued")
                    .client(owner.clientId())
                    .detail("scope", scope.toString())
                    .detail("refreshed", true));
            return new Given(token, lifetime, scope, Optional.empty());
        });
    }

    /**
     * Ends a token of the client: an access token alone, a refresh token with the access tokens that came from it. Others and
     * unknown ones are left alone (RFC 7009 §2.2).
     */
    public void revoke(String token, String clientId) {
        boolean revoked = tokens.revoke(token, clientId) || refreshTokens.revoke(token, clientId);
        // Also when nothing changed: the answer must wait until an earlier revocation is durable.
        audit.append(AuditEvent.success("token.revoked").client(clientId).detail("changed", revoked));
    }

    /** Forgets refresh tokens that have expired. */
    public void purge() {
        refreshTokens.purge();
    }
}
