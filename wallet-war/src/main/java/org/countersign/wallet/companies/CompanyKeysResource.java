package org.countersign.wallet.companies;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.issuing.JwksResource.Jwk;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** The keys of companies, for operators. */
@Path("admin/v1/organisations/{id}/company-keys")
@Produces(MediaType.APPLICATION_JSON)
public final class CompanyKeysResource {

    private final CompanyKeys keys;
    private final CompanyDids dids;
    private final AuditLog audit;

    public CompanyKeysResource(CompanyKeys keys, CompanyDids dids, AuditLog audit) {
        this.keys = keys;
        this.dids = dids;
        this.audit = audit;
    }

    /**
     * @param kid the thumbprint of the public key (RFC 7638, SHA-256, base64url)
     * @param vault where the private half is
     * @param verificationMethods DID URLs of the key: in its organisation's document (did:web), unless the provider's address gives none, and
     *     in its own (did:key); absent once it was revoked
     * @param revokedAt absent while it signs
     */
    public record CompanyKeyDescription(
            String kid, Jwk jwk, String vault, List<String> verificationMethods, String createdAt, String revokedAt) {

        static CompanyKeyDescription of(CompanyKey key, List<String> methods) {
            return new CompanyKeyDescription(
                    key.kid(),
                    Jwk.parse(key.jwk()),
                    key.vault(),
                    key.revokedAt().isPresent() ? null : methods,
                    key.createdAt().toString(),
                    key.revokedAt().map(Instant::toString).orElse(null));
        }
    }

    @POST
    public Response make(@Context SecurityContext security, @PathParam("id") UUID organisation) {
        var caller = operator(security);
        var key = keys.make(organisation);
        tell("company-key.created", caller, organisation, key.kid());
        return Response.status(Response.Status.CREATED)
                .entity(description(organisation, key))
                .build();
    }

    /** The newest first, revoked ones too, a page at a time. */
    @GET
    public List<CompanyKeyDescription> list(
            @Context SecurityContext security,
            @PathParam("id") UUID organisation,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        operator(security);
        return keys.list(organisation, Page.of(page, pageSize)).stream()
                .map(key -> description(organisation, key))
                .toList();
    }

    /** It signs no more, and its private half is destroyed: at once, or when its vault is there again. */
    @DELETE
    @Path("{kid}")
    public void revoke(
            @Context SecurityContext security, @PathParam("id") UUID organisation, @PathParam("kid") String kid) {
        var caller = operator(security);
        var key = keys.revoke(organisation, kid);
        try {
            tell("company-key.revoked", caller, organisation, kid);
        } finally {
            keys.destroy(key);
        }
    }

    private CompanyKeyDescription description(UUID organisation, CompanyKey key) {
        return CompanyKeyDescription.of(key, dids.methods(organisation, key));
    }

    private void tell(String type, Caller caller, UUID organisation, String kid) {
        audit.append(AuditEvent.success(type)
                .client(caller.clientId())
                .detail("organisation", organisation)
                .detail("kid", kid));
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }
}
