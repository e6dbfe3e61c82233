package org.countersign.ds.releases;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.countersign.ds.files.FileStore;
import org.countersign.ds.releases.VersionsResource.InstallerDescription;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Installers, brought by operators. */
@Path("admin/v1/versions/{id}/installers")
@Produces(MediaType.APPLICATION_JSON)
public final class InstallersResource {

    private final Versions versions;
    private final FileStore files;
    private final AuditLog audit;

    public InstallersResource(Versions versions, FileStore files, AuditLog audit) {
        this.versions = versions;
        this.files = files;
        this.audit = audit;
    }

    /**
     * Keeps the body as the installer of a version for a system, in place of the one that was there.
     *
     * @param format how the file's name ends: msi, exe, pkg, dmg, deb, rpm, zip; by default what the system is used to
     */
    @PUT
    @Path("{os}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    public InstallerDescription put(
            @Context SecurityContext security,
            @PathParam("id") String id,
            @PathParam("os") String osName,
            @QueryParam("format") String format,
            InputStream content) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var version = versions.require(SemanticVersion.parse(id).orElseThrow(Versions::notFound));
        var os = AgentOs.of(osName);
        var fileFormat = InstallerFormat.of(format, os);
        var installer = versions.putInstaller(version.id(), os, fileFormat, files.add(content));
        audit.append(AuditEvent.success("installer.uploaded")
                .client(caller.clientId())
                .detail("version", version.id())
                .detail("os", os)
                .detail("size", installer.file().size())
                .detail("sha256", installer.file().sha256()));
        return InstallerDescription.of(os, installer);
    }
}
