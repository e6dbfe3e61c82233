package org.countersign.server.oauth;

import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.OpenToAll;

/** Lets nothing through without a good access token (RFC 6750 §2.1), except what is marked {@link OpenToAll}. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public final class BearerAuthentication implements ContainerRequestFilter {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]{1,512}=*)");

    private final AccessTokens tokens;

    @Context
    private ResourceInfo resource;

    @Context
    private HttpServletRequest servletRequest;

    public BearerAuthentication(AccessTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (resource.getResourceMethod().isAnnotationPresent(OpenToAll.class)
                || resource.getResourceClass().isAnnotationPresent(OpenToAll.class)) {
            return;
        }
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        var bearer = BEARER.matcher(header == null ? "" : header);
        if (!bearer.matches()) {
            throw new ProtocolException(OAuth2Error.INVALID_TOKEN, "Token was not recognized");
        }
        var caller = tokens.authenticate(bearer.group(1), Peer.of(servletRequest));
        request.setSecurityContext(new BearerSecurity(caller, request.getSecurityContext()));
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
