package org.countersign.ds.organisations;

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
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Organisations, for operators. */
@Path("admin/v1/organisations")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class OrganisationsResource {

    private static final int LONGEST_NAME = 100;

    private final Organisations organisations;
    private final AuditLog audit;

    public OrganisationsResource(Organisations organisations, AuditLog audit) {
        this.organisations = organisations;
        this.audit = audit;
    }

    /** @param name 1 to 100 characters, none of them a control character; unique */
    public record OrganisationRequest(String name) {}

    /** @param createdAt as RFC 3339 has it, in UTC */
    public record OrganisationDescription(UUID id, String name, String createdAt) {

        static OrganisationDescription of(Organisation organisation) {
            return new OrganisationDescription(
                    organisation.id(),
                    organisation.name(),
                    organisation.createdAt().toString());
        }
    }

    @POST
    public Response add(@Context SecurityContext security, OrganisationRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var organisation = organisations.add(name(request));
        audit.append(AuditEvent.success("organisation.created")
                .client(caller.clientId())
                .detail("organisation", organisation.id()));
        return Response.status(Response.Status.CREATED)
                .entity(OrganisationDescription.of(organisation))
                .build();
    }

    private static String name(OrganisationRequest request) {
        var name = request.name() == null ? "" : request.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProtocolException.invalidRequest(
                    "name must have 1 to " + LONGEST_NAME + " characters, none of them a control character");
        }
        return name;
    }

    /** By name, a page at a time. */
    @GET
    public List<OrganisationDescription> list(
            @Context SecurityContext security,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return organisations.list(Page.of(page, pageSize)).stream()
                .map(OrganisationDescription::of)
                .toList();
    }

    @GET
    @Path("{id}")
    public OrganisationDescription show(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return OrganisationDescription.of(organisations.require(id));
    }
}
