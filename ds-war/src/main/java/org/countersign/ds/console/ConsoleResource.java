package org.countersign.ds.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.countersign.ds.pages.PageFilesResource;
import org.countersign.server.web.OpenToAll;

/** The console's page and what it loads. Open: it shows nothing before somebody signed in. */
@Path("console")
@OpenToAll
public final class ConsoleResource {

    private static final List<String> FILES = List.of(
            PageFilesResource.PAGE,
            "api.js",
            "applications.js",
            "console.css",
            "console.js",
            "devices.js",
            "en.json",
            "es.json",
            "icon.svg",
            "page.js",
            "releases.js",
            "texts.js");

    private final PageFilesResource files =
            new PageFilesResource("console", FILES, PageFilesResource.headersOfPage(""));

    /** Its addresses begin at the slash. */
    @GET
    @Produces(PageFilesResource.HTML)
    public Response page(@Context HttpServletRequest request, @Context Request conditions) {
        return files.page(request, conditions);
    }

    @GET
    @Path("{file}")
    @Produces("*/*")
    public Response file(@Context Request conditions, @PathParam("file") String file) {
        return files.answer(file, conditions);
    }
}
