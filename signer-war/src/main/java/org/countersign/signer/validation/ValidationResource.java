package org.countersign.signer.validation;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Function;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.JsonBodies;
import org.countersign.signer.documents.Upload;
import org.countersign.signer.documents.Uploads;

/**
 * Signed documents to be judged: a form with the part {@code document}, with {@code original} for detached signatures, and with
 * {@code parameters}. For every client of the context.
 */
@Path("api/v1/validate")
@Consumes(MediaType.MULTIPART_FORM_DATA)
public final class ValidationResource {

    private static final String HTML = "text/html;charset=UTF-8";

    private final Uploads uploads;
    private final Function<Set<String>, ValidateDocument> validate;

    /** @param validate as those tenants trust */
    public ValidationResource(Uploads uploads, Function<Set<String>, ValidateDocument> validate) {
        this.uploads = uploads;
        this.validate = validate;
    }

    private Explanation validate(SecurityContext security, Upload upload, boolean detailed) {
        if (upload.image().isPresent()) {
            throw ProtocolException.invalidRequest("image is for signing");
        }
        var tenants = Caller.of(security).authorities().tenants();
        return uploads.work(() -> validate.apply(tenants).validate(upload.document(), upload.original(), detailed));
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    public Explanation validate(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        try (var upload = uploads.receive(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body)) {
            boolean detailed = JsonBodies.parse(upload.parameters(), ValidationRequest.class)
                    .isDetailed();
            return validate(security, upload, detailed);
        }
    }

    @POST
    @Path("page")
    @Produces(HTML)
    public Response page(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        try (var upload = uploads.receive(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body)) {
            var page = ExplanationPage.of(validate(security, upload, false));
            return Response.ok(page)
                    .header("Content-Security-Policy", ExplanationPage.CONTENT_SECURITY_POLICY)
                    .header("Referrer-Policy", "no-referrer")
                    .build();
        }
    }
}
