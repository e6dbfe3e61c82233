package org.countersign.ds.modules;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.applications.Requester;
import org.countersign.ds.files.FileResource;
import org.countersign.ds.files.FileStore;
import org.countersign.ds.releases.AgentOs;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/**
 * The maps of modules in force: everyone's without a key, and with an application's API key its organisation's own. Plug-ins
 * of everyone's modules, and with a key of its organisation's as well.
 */
@Path("v3_5/modules")
@Produces(MediaType.APPLICATION_JSON)
@OpenToAll
public final class ModulesResource {

    /** What is private stays out of shared caches. */
    private static final String CACHING = "private, no-cache";

    static final String API_KEY = "apikey";

    private final Modules modules;
    private final FileStore files;
    private final Admission admission;
    private final ClientAddress addresses;

    public ModulesResource(Modules modules, FileStore files, Admission admission, ClientAddress addresses) {
        this.modules = modules;
        this.files = files;
        this.admission = admission;
        this.addresses = addresses;
    }

    /** An answer with a map. */
    public record MapAnswer(boolean success, SignedMap data) {}

    /** A map of modules. Its entity tag is weak: equal contents may be signed again. */
    @GET
    public Response modules(
            @HeaderParam(API_KEY) String apiKey, @Context HttpServletRequest from, @Context Request request) {
        return map(modules.inForce(viewer(admission, addresses, apiKey, from)), request);
    }

    @GET
    @Path("{id}/plug-ins/{os}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response plugIn(
            @HeaderParam(API_KEY) String apiKey,
            @Context HttpServletRequest from,
            @PathParam("id") String id,
            @PathParam("os") String os,
            @Context HttpHeaders headers) {
        return plugIn(modules, files, viewer(admission, addresses, apiKey, from), id, os, headers, from);
    }

    /** Without a key, everyone; with one that is not good, nobody. */
    static Optional<UUID> viewer(Admission admission, ClientAddress addresses, String apiKey, HttpServletRequest from) {
        if (apiKey == null) {
            return Optional.empty();
        }
        var requester = Requester.of(addresses.of(from), from.getAttribute(Requester.CERTIFICATES));
        return Optional.of(admission.admit(apiKey, requester).organisationId());
    }

    static Response plugIn(
            Modules modules,
            FileStore files,
            Optional<UUID> viewer,
            String id,
            String osName,
            HttpHeaders headers,
            HttpServletRequest from) {
        var os = AgentOs.of(osName);
        var plugIn = modules.plugIn(id, os, viewer);
        return FileResource.of(
                files, plugIn.file(), id + "-" + os.name().toLowerCase(Locale.ROOT), CACHING, headers, from);
    }

    static Response map(SignedMap map, Request request) {
        var tag = new EntityTag(map.sha256(), true);
        var known = request.evaluatePreconditions(tag);
        var answer = known == null ? Response.ok(new MapAnswer(true, map)) : known;
        return answer.tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, CACHING)
                .header(HttpHeaders.VARY, API_KEY)
                .build();
    }
}
