package org.countersign.server.oauth;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.CurrentRequest;
import org.countersign.server.web.OpenToAll;

/**
 * Lets nothing through without a good access token (RFC 6750 §2.1), or a person's session where there is no token at all,
 * except what is marked {@link OpenToAll}.
 */
@Provider
public final class BearerAuthentication implements DynamicFeature {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]{1,512}=*)");

    /** RFC 9110 §9.2.1, as far as there are such methods here. */
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final AccessTokens tokens;
    private final BrowserSessions sessions;
    private final SeatGroups groups;

    public BearerAuthentication(AccessTokens tokens, BrowserSessions sessions, SeatGroups groups) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.groups = groups;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        if (!resource.getResourceMethod().isAnnotationPresent(OpenToAll.class)
                && !resource.getResourceClass().isAnnotationPresent(OpenToAll.class)) {
            context.register(new Gate(), Priorities.AUTHENTICATION);
        }
    }

    /** Before a resource's method. */
    private final class Gate implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            authenticate(request);
        }
    }

    private void authenticate(ContainerRequestContext request) {
        var servletRequest = CurrentRequest.get();
        var authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        var caller = authorization == null
                ? inSession(servletRequest).orElseGet(() -> authenticate(null, servletRequest))
                : authenticate(authorization, servletRequest);
        request.setSecurityContext(new BearerSecurity(caller, request.getSecurityContext()));
    }

    private Optional<Caller> inSession(HttpServletRequest servletRequest) {
        if (sessions == BrowserSessions.NONE) {
            return Optional.empty();
        }
        return SessionCookie.of(servletRequest)
                .flatMap(session -> sessions.caller(session, proof(servletRequest), Peer.of(servletRequest)))
                .map(this::kept);
    }

    private static Optional<String> proof(HttpServletRequest request) {
        if (READING.contains(request.getMethod())) {
            return Optional.empty();
        }
        var proof = request.getHeader(BrowserSessions.PROOF);
        return Optional.of(proof == null ? "" : proof);
    }

    /**
     * For what is open to some without a token.
     *
     * @param authorization the header, or null
     * @throws ProtocolException {@code invalid_token} without a good one, {@code access_denied} when its seat is in none
     *     of the groups that its client is kept to
     */
    public Caller authenticate(String authorization, HttpServletRequest from) {
        var bearer = BEARER.matcher(authorization == null ? "" : authorization);
        if (!bearer.matches()) {
            throw new ProtocolException(OAuth2Error.INVALID_TOKEN, "Token was not recognized");
        }
        return kept(tokens.authenticate(bearer.group(1), Peer.of(from)));
    }

    /** To the groups of its client, each time: a seat may have come into another since. */
    private Caller kept(Caller caller) {
        var seat = caller.seat();
        if (seat.isPresent() && !caller.authorities().seatGroups().isEmpty()) {
            groups.require(caller.authorities(), seat.get());
        }
        return caller;
    }

    private record BearerSecurity(Caller caller, SecurityContext container) implements SecurityContext {

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return container.isSecure();
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
