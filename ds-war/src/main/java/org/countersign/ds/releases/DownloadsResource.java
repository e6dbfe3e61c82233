package org.countersign.ds.releases;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.files.FileResource;
import org.countersign.ds.files.FileStore;
import org.countersign.server.web.OpenToAll;

/** Installers for everyone. */
@Path("v3_5/downloads")
@Produces(MediaType.APPLICATION_OCTET_STREAM)
@OpenToAll
public final class DownloadsResource {

    /** To be asked about each time: which file is at an address is an operator's decision. */
    private static final String CACHING = "no-cache";

    private final Versions versions;
    private final FileStore files;

    public DownloadsResource(Versions versions, FileStore files) {
        this.versions = versions;
        this.files = files;
    }

    /** The recommended version for the system that the browser names. */
    @GET
    @Path("installer")
    public Response forBrowser(
            @HeaderParam("User-Agent") String userAgent,
            @HeaderParam("Sec-CH-UA-Arch") String architecture,
            @Context HttpHeaders headers,
            @Context HttpServletRequest from) {
        var answer = recommended(ofBrowser(userAgent, architecture), headers, from);
        return Response.fromResponse(answer)
                .header(HttpHeaders.VARY, "User-Agent, Sec-CH-UA-Arch")
                .build();
    }

    /** The recommended version for a system. */
    @GET
    @Path("installers/{os}")
    public Response recommended(
            @PathParam("os") String os, @Context HttpHeaders headers, @Context HttpServletRequest from) {
        return recommended(AgentOs.of(os), headers, from);
    }

    /** One version, unless it is retired. */
    @GET
    @Path("installers/{os}/versions/{version}")
    public Response version(
            @PathParam("os") String os,
            @PathParam("version") String version,
            @Context HttpHeaders headers,
            @Context HttpServletRequest from) {
        return version(AgentOs.of(os), version, headers, from);
    }

    private static AgentOs ofBrowser(String userAgent, String architecture) {
        return AgentOs.ofUserAgent(userAgent, architecture)
                .orElseThrow(() -> new ProtocolException(
                        OAuth2Error.NOT_FOUND, "There is no installer for the system that the browser names"));
    }

    private Response recommended(AgentOs os, HttpHeaders headers, HttpServletRequest from) {
        return answer(versions.recent().forNewUsers(os), os, headers, from);
    }

    private Response version(AgentOs os, String id, HttpHeaders headers, HttpServletRequest from) {
        var version = SemanticVersion.parse(id)
                .flatMap(parsed -> versions.recent().find(parsed))
                .filter(AgentVersion::allowed);
        return answer(version, os, headers, from);
    }

    private Response answer(Optional<AgentVersion> found, AgentOs os, HttpHeaders headers, HttpServletRequest from) {
        var version = found.filter(candidate -> candidate.installers().containsKey(os))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "There is no such installer"));
        var installer = version.installers().get(os);
        var name = "connector-" + version.id() + "-" + os.name().toLowerCase(Locale.ROOT) + "." + installer.format();
        return FileResource.of(files, installer.file(), name, CACHING, headers, from);
    }
}
