package org.countersign.ds.logs;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.DevicesResource;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.listing.Filter;
import org.countersign.server.web.Page;

/** Log bundles, for operators and the support desk. Who takes one is written down. */
@Path("admin/v1/log-bundles")
public final class LogBundlesResource {

    private final LogBundles bundles;
    private final AuditLog audit;

    public LogBundlesResource(LogBundles bundles, AuditLog audit) {
        this.bundles = bundles;
        this.audit = audit;
    }

    /** @param sha256 of the compressed bundle, in hexadecimal digits */
    public record BundleDescription(
            UUID id, UUID device, UUID organisation, String sha256, int bytes, int unpackedBytes, String receivedAt) {}

    /** The newest first. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public List<BundleDescription> list(
            @Context SecurityContext security,
            @QueryParam("organisation") String organisation,
            @QueryParam("device") String device,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        DevicesResource.requireSupport(security);
        var filter = new Filter()
                .with("organisation_id = ?", Filter.uuid("organisation", organisation))
                .with("device_id = ?", Filter.uuid("device", device));
        return bundles.list(filter, Page.of(page, pageSize)).stream()
                .map(row -> new BundleDescription(
                        row.id(),
                        row.device(),
                        row.organisation(),
                        row.sha256(),
                        row.bytes(),
                        row.unpackedBytes(),
                        row.receivedAt().toInstant().toString()))
                .toList();
    }

    @GET
    @Path("{id}")
    @Produces("application/gzip")
    public Response download(@Context SecurityContext security, @PathParam("id") String id) {
        var caller = DevicesResource.requireSupport(security);
        var uuid = Filter.uuid("The identifier", id);
        var content = bundles.content(uuid).orElseThrow(LogBundlesResource::notFound);
        audit.append(AuditEvent.success("log-bundle.downloaded")
                .client(caller.clientId())
                .detail("bundle", uuid));
        return Response.ok(content)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + uuid + ".gz\"")
                .build();
    }

    @DELETE
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public void delete(@Context SecurityContext security, @PathParam("id") String id) {
        var caller = DevicesResource.requireSupport(security);
        var uuid = Filter.uuid("The identifier", id);
        if (!bundles.delete(uuid)) {
            throw notFound();
        }
        audit.append(AuditEvent.success("log-bundle.deleted")
                .client(caller.clientId())
                .detail("bundle", uuid));
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The log bundle was not found");
    }
}
