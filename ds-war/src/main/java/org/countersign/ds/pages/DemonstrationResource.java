package org.countersign.ds.pages;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.countersign.server.web.OpenToAll;
import org.countersign.server.web.PageFiles;

/** The page that shows readers, certificates and a signature by the SDK. It gets its tokens by a session at the console. */
@Path("demo")
@OpenToAll
public final class DemonstrationResource {

    /** Agents, on whatever port they listen. */
    private static final String AGENTS = " https://localhost:* http://localhost:*";

    private final PageFiles files = new PageFiles(
            "demo", List.of(PageFiles.PAGE, "demo.js", "en.json", "es.json"), PageFiles.headersOfPage(AGENTS));

    /** Its addresses begin at the slash. */
    @GET
    @Produces(PageFiles.HTML)
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
