package org.countersign.signer.documents;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.JsonBodies;
import org.countersign.signer.documents.SignDocuments.Prepared;

/** Documents to be signed: a form with the parts {@code document} and {@code parameters}. */
@Path("api/v1/documents")
@Consumes(MediaType.MULTIPART_FORM_DATA)
public final class DocumentsResource {

    private final Uploads uploads;
    private final SignDocuments sign;

    public DocumentsResource(Uploads uploads, SignDocuments sign) {
        this.uploads = uploads;
        this.sign = sign;
    }

    @POST
    @Path("digest")
    @Produces(MediaType.APPLICATION_JSON)
    public Prepared digest(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        var caller = signer(security);
        try (var upload = uploads.receive(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body)) {
            return uploads.work(() -> sign.prepare(caller, request(upload), upload.document(), upload.image()));
        }
    }

    @POST
    @Path("sign")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response sign(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        var caller = signer(security);
        var upload = uploads.receive(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body);
        try {
            var signed = uploads.work(() -> sign.sign(caller, request(upload), upload.document(), upload.image()));
            StreamingOutput content = out -> {
                try (upload) {
                    signed.writeTo(out);
                }
            };
            // Of whatever type it is: nothing a browser should show as this server's.
            return Response.ok(content)
                    .header(HttpHeaders.CONTENT_DISPOSITION, "attachment")
                    .build();
        } catch (RuntimeException | Error refused) {
            upload.close();
            throw refused;
        }
    }

    private static Caller signer(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        return caller;
    }

    private static DocumentRequest request(Upload upload) {
        if (upload.original().isPresent()) {
            throw ProtocolException.invalidRequest("original is for validation");
        }
        return JsonBodies.parse(upload.parameters(), DocumentRequest.class);
    }
}
