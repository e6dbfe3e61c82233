package org.countersign.signer.wizard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.countersign.server.web.OpenToAll;
import org.countersign.server.web.PageFiles;

/** The context's root: whoever opens it in a browser comes to the wizard. */
@Path("/")
@OpenToAll
public final class RootResource {

    private final Optional<String> path;

    /** @param path of the context, as browsers reach it; empty for the one that the server has */
    public RootResource(Optional<String> path) {
        this.path = path;
    }

    @GET
    @Produces(PageFiles.HTML)
    public Response wizard(@Context HttpServletRequest request) {
        return Response.status(Response.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, location(request))
                .build();
    }

    String location(HttpServletRequest request) {
        return path.orElseGet(request::getContextPath) + "/" + WizardResource.FOLDER + "/";
    }
}
