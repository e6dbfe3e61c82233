package org.countersign.ds.applications;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** The API keys of an application, for operators. */
@Path("admin/v1/applications/{id}/api-keys")
@Produces(MediaType.APPLICATION_JSON)
public final class ApiKeysResource {

    private static final int MOST_HOURS = 2_160;

    private final Applications applications;
    private final ApiKeys keys;
    private final AuditLog audit;

    public ApiKeysResource(Applications applications, ApiKeys keys, AuditLog audit) {
        this.applications = applications;
        this.keys = keys;
        this.audit = audit;
    }

    /** @param overlapInHours how long the old key works beside the new one: 0 to 2160 */
    public record RotationRequest(Integer overlapInHours) {}

    /**
     * A key just made.
     *
     * @param key shown this once
     * @param prefix its beginning, by which the list names it
     * @param createdAt as RFC 3339 has it, in UTC
     */
    public record NewApiKey(UUID id, String key, String prefix, String createdAt) {

        static NewApiKey of(ApiKeys.Made made) {
            return new NewApiKey(
                    made.id(), made.key(), made.prefix(), made.createdAt().toString());
        }

        @Override
        public String toString() {
            return "API key " + prefix;
        }
    }

    /**
     * A key as it is listed.
     *
     * @param createdAt as RFC 3339 has it, in UTC, like the other times
     * @param expiresAt when it ends, after a rotation
     * @param lastUsedAt to the minute
     */
    public record ApiKeyDescription(
            UUID id, String prefix, String createdAt, String expiresAt, String revokedAt, String lastUsedAt) {

        static ApiKeyDescription of(ApiKey key) {
            return new ApiKeyDescription(
                    key.id(),
                    key.prefix(),
                    key.createdAt().toString(),
                    key.expiresAt().map(Instant::toString).orElse(null),
                    key.revokedAt().map(Instant::toString).orElse(null),
                    key.lastUsedAt().map(Instant::toString).orElse(null));
        }
    }

    @POST
    public Response add(@Context SecurityContext security, @PathParam("id") UUID id) {
        var caller = operator(security);
        var application = applications.require(id);
        var made = keys.add(id);
        audit.append(event("api-key.created", caller, application, made.id()));
        return created(made);
    }

    /** The newest first. */
    @GET
    public List<ApiKeyDescription> list(@Context SecurityContext security, @PathParam("id") UUID id) {
        operator(security);
        applications.require(id);
        return keys.list(id).stream().map(ApiKeyDescription::of).toList();
    }

    /** A new key now; the old one ends later. */
    @POST
    @Path("{keyId}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response rotate(
            @Context SecurityContext security,
            @PathParam("id") UUID id,
            @PathParam("keyId") UUID keyId,
            RotationRequest request) {
        var caller = operator(security);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var hours = request.overlapInHours();
        if (hours == null || hours < 0 || hours > MOST_HOURS) {
            throw ProtocolException.invalidRequest("overlapInHours is between 0 and " + MOST_HOURS);
        }
        var application = applications.require(id);
        var made = keys.replace(id, keyId, Duration.ofHours(hours));
        audit.append(event("api-key.rotated", caller, application, made.id())
                .detail("replaced", keyId)
                .detail("overlapInHours", hours));
        return created(made);
    }

    @DELETE
    @Path("{keyId}")
    public void revoke(@Context SecurityContext security, @PathParam("id") UUID id, @PathParam("keyId") UUID keyId) {
        var caller = operator(security);
        var application = applications.require(id);
        keys.revoke(id, keyId);
        audit.append(event("api-key.revoked", caller, application, keyId));
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }

    private static Response created(ApiKeys.Made made) {
        return Response.status(Response.Status.CREATED)
                .entity(NewApiKey.of(made))
                .build();
    }

    private static AuditEvent event(String type, Caller caller, Application application, UUID key) {
        return AuditEvent.success(type)
                .client(caller.clientId())
                .detail("application", application.id())
                .detail("label", application.label())
                .detail("key", key);
    }
}
