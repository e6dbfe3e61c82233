package org.countersign.ds.devices;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Devices, for operators and the support desk. */
@Path("admin/v1/devices")
@Produces(MediaType.APPLICATION_JSON)
public final class DevicesResource {

    private final DevicesTable devices;
    private final AuditLog audit;

    public DevicesResource(DevicesTable devices, AuditLog audit) {
        this.devices = devices;
        this.audit = audit;
    }

    /** @param modules a line for each, its name and its version */
    public record DeviceDescription(
            UUID uuid,
            UUID organisation,
            String version,
            String os,
            String architecture,
            String host,
            String status,
            List<String> modules,
            Integer consents,
            boolean online,
            String registeredAt,
            String lastSeenAt,
            String blockedAt) {}

    /**
     * Those seen last first.
     *
     * @param search a part of the host's name or of the identifier
     */
    @GET
    public List<DeviceDescription> list(
            @Context SecurityContext security,
            @QueryParam("search") String search,
            @QueryParam("organisation") String organisation,
            @QueryParam("version") String version,
            @QueryParam("online") String online,
            @QueryParam("blocked") String blocked,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        requireSupport(security);
        var filter = new Filter()
                .with("organisation_id = ?", Filter.uuid("organisation", organisation))
                .with("version = ?", Filter.text("version", version))
                // No control character is in what is searched for, so nothing is found across the two.
                .with(
                        "position(lower(?::text) in lower(host) || chr(10) || id::text) > 0",
                        Filter.text("search", search));
        online(filter, online);
        if (flag("blocked", blocked) != null) {
            filter.with(flag("blocked", blocked) ? "blocked_at is not null" : "blocked_at is null");
        }
        return devices.list(filter, Page.of(page, pageSize)).stream()
                .map(this::describe)
                .toList();
    }

    private void online(Filter filter, String text) {
        var online = flag("online", text);
        if (online != null) {
            filter.with(online ? "last_seen_at >= ?" : "last_seen_at < ?", devices.onlineSince());
        }
    }

    /** Null without one. */
    private static Boolean flag(String name, String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw ProtocolException.invalidRequest(name + " must be true or false");
        }
        return text == null ? null : Boolean.valueOf(text);
    }

    /**
     * How many devices have a version, of those not blocked.
     *
     * @param online of them
     */
    public record VersionCount(String version, String os, long devices, long online) {}

    /** How far the versions have come, in the order of their names. */
    @GET
    @Path("versions")
    public List<VersionCount> versions(
            @Context SecurityContext security, @QueryParam("organisation") String organisation) {
        requireSupport(security);
        return devices.versions(Filter.uuid("organisation", organisation)).stream()
                .map(count -> new VersionCount(count.version(), count.os(), count.devices(), count.online()))
                .toList();
    }

    @GET
    @Path("{uuid}")
    public DeviceDescription show(@Context SecurityContext security, @PathParam("uuid") String uuid) {
        requireSupport(security);
        return describe(devices.require(Filter.uuid("The identifier", uuid)));
    }

    /** Every further call of the device is refused. */
    @POST
    @Path("{uuid}/block")
    public DeviceDescription block(@Context SecurityContext security, @PathParam("uuid") String uuid) {
        var caller = requireSupport(security);
        var id = Filter.uuid("The identifier", uuid);
        if (devices.block(id)) {
            audit.append(AuditEvent.success("device.blocked")
                    .client(caller.clientId())
                    .detail("device", id));
        }
        return describe(devices.require(id));
    }

    @POST
    @Path("{uuid}/unblock")
    public DeviceDescription unblock(@Context SecurityContext security, @PathParam("uuid") String uuid) {
        var caller = requireSupport(security);
        var id = Filter.uuid("The identifier", uuid);
        if (devices.unblock(id)) {
            audit.append(AuditEvent.success("device.unblocked")
                    .client(caller.clientId())
                    .detail("device", id));
        }
        return describe(devices.require(id));
    }

    /** @throws ProtocolException {@code access_denied} for who is neither an operator nor of the support desk */
    public static Caller requireSupport(SecurityContext security) {
        var caller = Caller.of(security);
        if (!caller.authorities().groups().contains(ApiGroup.OPERATOR)) {
            caller.require(ApiGroup.SUPPORT);
        }
        return caller;
    }

    private DeviceDescription describe(DevicesTable.Row row) {
        return new DeviceDescription(
                row.id(),
                row.organisation(),
                row.version(),
                row.os(),
                row.architecture(),
                row.host(),
                row.status(),
                row.modules() == null ? null : row.modules().lines().toList(),
                row.consents(),
                !row.lastSeenAt().toInstant().isBefore(devices.onlineSince()),
                text(row.registeredAt()),
                text(row.lastSeenAt()),
                text(row.blockedAt()));
    }

    private static String text(OffsetDateTime time) {
        return time == null ? null : time.toInstant().toString();
    }
}
