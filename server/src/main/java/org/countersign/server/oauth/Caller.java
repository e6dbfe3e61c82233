package org.countersign.server.oauth;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.time.Instant;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;

/**
 * Who a request comes from: a client whose access token was found good for this very request.
 *
 * @param seat the person the token speaks for, when its scope names one
 * @param countedAs whose wrong factors are counted together: the client's, or those of one of the people who share it
 */
public record Caller(
        String clientId, Authorities authorities, Optional<SeatName> seat, Instant expiresAt, String countedAs)
        implements Principal {

    /** Counted as the client. */
    public Caller(String clientId, Authorities authorities, Optional<SeatName> seat, Instant expiresAt) {
        this(clientId, authorities, seat, expiresAt, clientId);
    }

    /** The caller that {@link BearerAuthentication} set. */
    public static Caller of(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }

    @Override
    public String getName() {
        return clientId;
    }

    /** Whether it is one of the people who share the client, in a session; no application with an access token. */
    public boolean isPerson() {
        return !countedAs.equals(clientId);
    }

    public Scope scope() {
        return new Scope(seat);
    }

    /** @throws ProtocolException {@code access_denied} when the client lacks the group */
    public void require(ApiGroup group) {
        if (!authorities.groups().contains(group)) {
            throw ProtocolException.accessDenied();
        }
    }

    /** @throws ProtocolException {@code access_denied} when the tenant is not one of the client's, or does not exist */
    public void requireTenant(String tenant) {
        if (!authorities.tenants().contains(tenant)) {
            throw ProtocolException.accessDenied();
        }
    }

    /** @throws ProtocolException {@code access_denied} when the token's scope names no seat of one of the client's tenants */
    public SeatName requireSeat() {
        var name = seat.orElseThrow(() ->
                new ProtocolException(OAuth2Error.ACCESS_DENIED, "The access token needs a scope: seat:NAME@TENANT"));
        requireTenant(name.tenant());
        return name;
    }
}
