package org.countersign.ds.pages;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.countersign.server.web.OpenToAll;
import org.countersign.server.web.PageFiles;

/** The SDK for pages that use the agent. Open, also to pages of other origins. */
@Path("sdk")
@OpenToAll
public final class SdkResource {

    private final PageFiles files = new PageFiles(
            "sdk",
            List.of("countersign-sdk.js", "countersign-sdk.mjs"),
            Map.of("Access-Control-Allow-Origin", "*", "Cross-Origin-Resource-Policy", "cross-origin"));

    @GET
    @Path("{file}")
    @Produces(PageFiles.JAVASCRIPT)
    public Response file(@Context Request conditions, @PathParam("file") String file) {
        return files.answer(file, conditions);
    }
}
