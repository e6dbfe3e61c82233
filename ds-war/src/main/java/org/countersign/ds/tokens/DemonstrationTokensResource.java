package org.countersign.ds.tokens;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Applications;
import org.countersign.ds.applications.Origin;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Tokens for this service's own demonstration page, for operators: a page never holds an API key. */
@Path("admin/v1/applications/{id}/demonstration-token")
@Produces(MediaType.APPLICATION_JSON)
public final class DemonstrationTokensResource {

    private final ApplicationTokens tokens;
    private final Applications applications;
    private final AuditLog audit;
    private final URI issuer;

    /** @param issuer the context's address as browsers reach it */
    public DemonstrationTokensResource(
            ApplicationTokens tokens, Applications applications, AuditLog audit, URI issuer) {
        this.tokens = tokens;
        this.applications = applications;
        this.audit = audit;
        this.issuer = issuer;
    }

    /** @param token good for pages of this service alone, for 5 minutes at most */
    public record DemonstrationToken(String token) {

        @Override
        public String toString() {
            return "a token";
        }
    }

    /** Of an application whose pages are also this service's. */
    @POST
    public DemonstrationToken issue(
            @Context SecurityContext security,
            @PathParam("id") UUID id,
            @HeaderParam(ConnectorTokens.CLIENT_TIME) String clientTime) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var application = applications.require(id);
        var origin = Origin.of(issuer)
                .filter(application.origins()::contains)
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "This service's own origin is not one of the application's origins"));
        var token = tokens.issueForPage(application, origin, clientTime);
        audit.append(AuditEvent.success("demonstration-token.issued")
                .client(caller.clientId())
                .detail("application", application.id())
                .detail("label", application.label()));
        return new DemonstrationToken(token);
    }
}
