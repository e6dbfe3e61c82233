package org.countersign.signer.seats;

import static org.countersign.signer.seats.SeatAdministration.required;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.GroupName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Groups of a tenant's people (seed, "isolated groups"), for administrators. */
@Path("api/v1/groups")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class GroupsResource {

    private final SeatAdministration administration;
    private final Groups groups;
    private final Clock clock;
    private final AuditLog audit;

    /** @param tenants of the context */
    public GroupsResource(Set<String> tenants, Groups groups, Clock clock, AuditLog audit) {
        this.administration = new SeatAdministration(tenants);
        this.groups = groups;
        this.clock = clock;
        this.audit = audit;
    }

    /** @param group 1 to 64 letters, digits, {@code . _ -} */
    public record GroupRequest(String tenant, String group) {}

    /** Which groups to list; everything may be left out. */
    public record GroupListRequest(String tenant, Integer page, Integer pageSize) {}

    /** A group, and how many people are in it. */
    public record GroupEntry(String tenant, String group, long seats) {

        static GroupEntry of(Groups.Listed listed) {
            return new GroupEntry(listed.name().tenant(), listed.name().group(), listed.seats());
        }
    }

    /** A page of groups, by tenant and name. */
    public record GroupList(List<GroupEntry> groups, int page, int pageSize, long total) {}

    @POST
    @Path("list")
    public GroupList list(@Context SecurityContext security, GroupListRequest request) {
        var wanted = request == null ? new GroupListRequest(null, null, null) : request;
        var tenants = administration.tenants(Caller.of(security), wanted.tenant());
        var page = Page.of(wanted.page(), wanted.pageSize());
        return new GroupList(
                groups.list(tenants, page).stream().map(GroupEntry::of).toList(),
                page.number(),
                page.size(),
                groups.count(tenants));
    }

    @POST
    public Response create(@Context SecurityContext security, GroupRequest request) {
        var caller = Caller.of(security);
        var name = name(caller, request);
        if (!groups.add(name, clock.instant())) {
            throw new ProtocolException(SignerError.CONFLICT, "The group already exists");
        }
        record("group.created", caller, name);
        return Response.status(Response.Status.CREATED)
                .entity(new GroupEntry(name.tenant(), name.group(), 0))
                .build();
    }

    @POST
    @Path("delete")
    public void delete(@Context SecurityContext security, GroupRequest request) {
        var caller = Caller.of(security);
        var name = name(caller, request);
        switch (groups.remove(name)) {
            case NOT_THERE -> throw new ProtocolException(OAuth2Error.NOT_FOUND, "The group was not found");
            case SOMEBODY_IS_IN_IT ->
                throw new ProtocolException(SignerError.CONFLICT, "Somebody is in the group; move them first");
            case DONE -> record("group.deleted", caller, name);
        }
    }

    private GroupName name(Caller caller, GroupRequest request) {
        administration.tenants(caller);
        return SeatAdministration.group(required(request).group(), administration.tenant(caller, request.tenant()));
    }

    private void record(String type, Caller caller, GroupName name) {
        audit.append(AuditEvent.success(type)
                .client(caller.clientId())
                .tenant(name.tenant())
                .detail("group", name.group()));
    }
}
