package org.countersign.ds.applications;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.organisations.Organisations;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Applications, for operators. */
@Path("admin/v1/applications")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ApplicationsResource {

    private static final int LONGEST_SEARCH = 64;

    private final Applications applications;
    private final Organisations organisations;
    private final AuditLog audit;

    public ApplicationsResource(Applications applications, Organisations organisations, AuditLog audit) {
        this.applications = applications;
        this.organisations = organisations;
        this.audit = audit;
    }

    /**
     * An application as it is shown.
     *
     * @param createdAt as RFC 3339 has it, in UTC
     */
    public record ApplicationDescription(
            UUID id,
            UUID organisationId,
            String label,
            List<String> origins,
            List<String> ipRanges,
            String clientCertificate,
            Integer requestsPerMinute,
            String createdAt) {

        static ApplicationDescription of(Application application) {
            return new ApplicationDescription(
                    application.id(),
                    application.organisationId(),
                    application.label(),
                    application.origins(),
                    application.ipRanges(),
                    application.clientCertificate().orElse(null),
                    application.requestsPerMinute().orElse(null),
                    application.createdAt().toString());
        }
    }

    @POST
    public Response add(@Context SecurityContext security, ApplicationRequest request) {
        var caller = operator(security);
        var checked = required(request).checked();
        if (organisations.find(checked.organisationId()).isEmpty()) {
            throw ProtocolException.invalidRequest("There is no organisation of this organisationId");
        }
        var application = applications.add(checked);
        audit.append(event("application.created", caller, application));
        return Response.status(Response.Status.CREATED)
                .entity(ApplicationDescription.of(application))
                .build();
    }

    /** By label, a page at a time. */
    @GET
    public List<ApplicationDescription> list(
            @Context SecurityContext security,
            @QueryParam("organisationId") UUID organisationId,
            @QueryParam("search") String search,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        operator(security);
        if (search != null
                && (search.length() > LONGEST_SEARCH || search.chars().anyMatch(Character::isISOControl))) {
            throw ProtocolException.invalidRequest(
                    "search has 64 characters at most, none of them a control character");
        }
        return applications.list(organisationId, search == null ? "" : search, Page.of(page, pageSize)).stream()
                .map(ApplicationDescription::of)
                .toList();
    }

    @GET
    @Path("{id}")
    public ApplicationDescription show(@Context SecurityContext security, @PathParam("id") UUID id) {
        operator(security);
        return ApplicationDescription.of(applications.require(id));
    }

    /** Everything but organisation and label. */
    @PUT
    @Path("{id}")
    public ApplicationDescription change(
            @Context SecurityContext security, @PathParam("id") UUID id, ApplicationRequest request) {
        var caller = operator(security);
        var application = applications.change(id, required(request).checked());
        audit.append(event("application.changed", caller, application)
                .detail("origins", application.origins())
                .detail("ipRanges", application.ipRanges()));
        return ApplicationDescription.of(application);
    }

    /** With its API keys. Tokens it has live on until they expire. */
    @DELETE
    @Path("{id}")
    public void delete(@Context SecurityContext security, @PathParam("id") UUID id) {
        var caller = operator(security);
        var application = applications.require(id);
        if (!applications.delete(id)) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "The application was not found");
        }
        audit.append(event("application.deleted", caller, application));
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }

    private static ApplicationRequest required(ApplicationRequest request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request;
    }

    private static AuditEvent event(String type, Caller caller, Application application) {
        return AuditEvent.success(type)
                .client(caller.clientId())
                .detail("application", application.id())
                .detail("label", application.label());
    }
}
