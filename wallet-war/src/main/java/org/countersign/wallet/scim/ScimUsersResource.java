package org.countersign.wallet.scim;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Scim;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.wallet.scim.ScimAttributes.ScimEmail;
import org.countersign.wallet.scim.ScimAttributes.ScimName;
import org.countersign.wallet.statuslists.StatusLists;

/** Users of an organisation by SCIM (RFC 7644 §3), for operators' clients. */
@Path("scim/{organisation}/v2/Users")
@Produces(Scim.MEDIA_TYPE)
public final class ScimUsersResource {

    private static final int DEFAULT_COUNT = 100;
    private static final int MOST = 1_000;

    private final ScimUsers users;
    private final StatusLists lists;
    private final AuditLog audit;
    private final URI issuer;

    public ScimUsersResource(ScimUsers users, StatusLists lists, AuditLog audit, URI issuer) {
        this.users = users;
        this.lists = lists;
        this.audit = audit;
        this.issuer = issuer;
    }

    /** RFC 7643 §3.1. */
    public record ScimMeta(String resourceType, String created, String lastModified, String location, String version) {}

    /** RFC 7643 §4.1, what of it is kept. */
    public record ScimUserDescription(
            List<String> schemas,
            UUID id,
            String externalId,
            String userName,
            ScimName name,
            String displayName,
            boolean active,
            List<ScimEmail> emails,
            ScimMeta meta) {}

    /** RFC 7644 §3.4.2. */
    public record ScimUserList(
            List<String> schemas,
            long totalResults,
            int startIndex,
            int itemsPerPage,
            @JsonProperty("Resources") List<ScimUserDescription> resources) {}

    @POST
    @Consumes({Scim.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response add(
            @Context SecurityContext security, @PathParam("organisation") String organisation, byte[] body) {
        var caller = operator(security);
        var user = users.add(id(organisation), ScimInput.user(body, true));
        tell("user.created", caller, user);
        var description = description(organisation, user);
        return Response.status(Response.Status.CREATED)
                .location(URI.create(description.meta().location()))
                .header(HttpHeaders.ETAG, user.version())
                .entity(description)
                .build();
    }

    /**
     * By login.
     *
     * @param startIndex from 1
     */
    @GET
    public ScimUserList list(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @QueryParam("filter") String filter,
            @QueryParam("startIndex") Integer startIndex,
            @QueryParam("count") Integer count) {
        operator(security);
        var of = id(organisation);
        users.requireOrganisation(of);
        var wanted = ScimFilter.parse(filter, of);
        // RFC 7644 §3.4.2.4: less than 1 is 1, less than 0 is 0
        int first = Math.max(1, startIndex == null ? 1 : startIndex);
        int most = Math.min(MOST, Math.max(0, count == null ? DEFAULT_COUNT : count));
        var page = users.list(wanted, first - 1L, most);
        return new ScimUserList(
                List.of(Scim.LIST),
                users.count(wanted),
                first,
                page.size(),
                page.stream().map(user -> description(organisation, user)).toList());
    }

    @GET
    @Path("{id}")
    public Response show(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
        operator(security);
        var user = users.require(id(organisation), id(id));
        return user.version().equals(known)
                ? Response.notModified().header(HttpHeaders.ETAG, known).build()
                : answer(organisation, user);
    }

    /** As a whole: what is left out is removed, but for {@code active}, which then stays as it is. */
    @PUT
    @Path("{id}")
    @Consumes({Scim.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response replace(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) String expected,
            byte[] body) {
        var caller = operator(security);
        return change(caller, organisation, id, expected, before -> ScimInput.user(body, before.active()));
    }

    @PATCH
    @Path("{id}")
    @Consumes({Scim.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response change(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) String expected,
            byte[] body) {
        var caller = operator(security);
        return change(caller, organisation, id, expected, before -> ScimPatch.apply(body, before));
    }

    /** For ever, as operators remove them. */
    @DELETE
    @Path("{id}")
    public void remove(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) String expected) {
        var caller = operator(security);
        var user = users.remove(id(organisation), id(id), Optional.ofNullable(expected));
        lists.forget();
        tell("user.removed", caller, user);
    }

    private Response change(
            Caller caller, String organisation, String id, String expected, UnaryOperator<ScimUser.Content> change) {
        var changed = users.change(id(organisation), id(id), Optional.ofNullable(expected), change);
        audit.append(event("user.provisioned", caller, changed.after())
                .detail("formerLogin", changed.before().content().login().text()));
        if (changed.blocked()) {
            tell("user.blocked", caller, changed.after());
        }
        if (changed.unblocked()) {
            tell("user.unblocked", caller, changed.after());
        }
        return answer(organisation, changed.after());
    }

    private Response answer(String organisation, ScimUser user) {
        return Response.ok(description(organisation, user))
                .header(HttpHeaders.ETAG, user.version())
                .build();
    }

    private ScimUserDescription description(String organisation, ScimUser user) {
        var content = user.content();
        var attributes = content.attributes();
        return new ScimUserDescription(
                List.of(Scim.USER),
                user.id(),
                content.externalId().orElse(null),
                content.login().text(),
                attributes.name(),
                attributes.displayName(),
                content.active(),
                attributes.emails().isEmpty() ? null : attributes.emails(),
                new ScimMeta(
                        "User",
                        user.createdAt().toString(),
                        user.changedAt().toString(),
                        issuer + "/scim/" + id(organisation) + "/v2/Users/" + user.id(),
                        user.version()));
    }

    private void tell(String type, Caller caller, ScimUser user) {
        audit.append(event(type, caller, user));
    }

    private static AuditEvent event(String type, Caller caller, ScimUser user) {
        return AuditEvent.success(type)
                .client(caller.clientId())
                .detail("user", user.id())
                .detail("login", user.content().login().text())
                .detail("by", "scim");
    }

    /** What is no identifier is nobody's. */
    static UUID id(String text) {
        try {
            var id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address");
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }
}
