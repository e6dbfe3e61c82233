package org.countersign.server.openapi;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.countersign.server.web.OpenToAll;

/** The description of the API: a document for programs, a page for people. Open: it tells what every installation has. */
@Path("openapi")
@OpenToAll
public final class OpenApiResource {

    private static final String HTML = "text/html;charset=UTF-8";

    private final byte[] document;
    private final OpenApiPage page;

    /** @param resource the document's name on the class path, such as {@code /openapi.json} */
    public OpenApiResource(Class<?> owner, String resource) {
        try (var in = owner.getResourceAsStream(resource)) {
            document = in.readAllBytes();
            page = OpenApiPage.of(document);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The description of the API can not be read", unreadable);
        }
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public byte[] document() {
        return document.clone();
    }

    @GET
    @Path("ui")
    @Produces(HTML)
    public Response page() {
        return Response.ok(page.html())
                .header("Content-Security-Policy", page.contentSecurityPolicy())
                .header("Referrer-Policy", "no-referrer")
                .build();
    }
}
