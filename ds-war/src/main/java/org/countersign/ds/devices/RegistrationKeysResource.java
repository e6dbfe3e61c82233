package org.countersign.ds.devices;

import jakarta.ws.rs.Consumes;
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
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Registration keys, for operators. */
@Path("admin/v1/registration-keys")
@Produces(MediaType.APPLICATION_JSON)
public final class RegistrationKeysResource {

    private static final int LONGEST_NAME = 100;

    private final RegistrationKeys keys;
    private final AuditLog audit;

    public RegistrationKeysResource(RegistrationKeys keys, AuditLog audit) {
        this.keys = keys;
        this.audit = audit;
    }

    /**
     * @param name for people: 1 to 100 characters, none of them a control character
     * @param maximumUses 1 or more; absent for no limit
     * @param expiresAt as RFC 3339 has it; absent for never
     */
    public record RegistrationKeyRequest(UUID organisation, String name, Integer maximumUses, String expiresAt) {}

    /**
     * @param refused how often it was shown when it was not good any more
     * @param key shown once, in the answer that made it
     */
    public record RegistrationKeyDescription(
            UUID id,
            UUID organisation,
            String name,
            Integer maximumUses,
            int uses,
            int refused,
            String createdAt,
            String expiresAt,
            String revokedAt,
            String key) {

        static RegistrationKeyDescription of(RegistrationKey key, String secret) {
            return new RegistrationKeyDescription(
                    key.id(),
                    key.organisation(),
                    key.name(),
                    key.maximumUses(),
                    key.uses(),
                    key.refused(),
                    key.createdAt().toString(),
                    text(key.expiresAt()),
                    text(key.revokedAt()),
                    secret);
        }

        private static String text(Instant time) {
            return time == null ? null : time.toString();
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Context SecurityContext security, RegistrationKeyRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        if (request.organisation() == null) {
            throw ProtocolException.invalidRequest("organisation is required");
        }
        if (request.maximumUses() != null && request.maximumUses() < 1) {
            throw ProtocolException.invalidRequest("maximumUses must be 1 or more");
        }
        var created = keys.add(
                request.organisation(),
                Text.required("name", request.name(), LONGEST_NAME),
                request.maximumUses(),
                Filter.time("expiresAt", request.expiresAt()));
        audit.append(AuditEvent.success("registration-key.created")
                .client(caller.clientId())
                .detail("registrationKey", created.key().id())
                .detail("organisation", request.organisation()));
        return Response.status(Response.Status.CREATED)
                .entity(RegistrationKeyDescription.of(created.key(), created.secret()))
                .build();
    }

    /** The newest first. */
    @GET
    public List<RegistrationKeyDescription> list(
            @Context SecurityContext security,
            @QueryParam("organisation") String organisation,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        var filter = new Filter().with("organisation_id = ?", Filter.uuid("organisation", organisation));
        return keys.list(filter, Page.of(page, pageSize)).stream()
                .map(key -> RegistrationKeyDescription.of(key, null))
                .toList();
    }

    /** Once is for ever; again changes nothing. */
    @POST
    @Path("{id}/revoke")
    public RegistrationKeyDescription revoke(@Context SecurityContext security, @PathParam("id") String id) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var uuid = Filter.uuid("The identifier", id);
        if (keys.revoke(uuid)) {
            audit.append(AuditEvent.success("registration-key.revoked")
                    .client(caller.clientId())
                    .detail("registrationKey", uuid));
        }
        return RegistrationKeyDescription.of(keys.find(uuid), null);
    }
}
