package org.countersign.signer.enrolment;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;

/** Certificates from the tenant's authority, in place of those that a caller brings. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class EnrolmentResource {

    private final EnrolCertificate enrol;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;

    public EnrolmentResource(
            EnrolCertificate enrol, Credentials credentials, AuthorizationConfigurations authorizations) {
        this.enrol = enrol;
        this.credentials = credentials;
        this.authorizations = authorizations;
    }

    /** @param csr PKCS#10 in PEM, as it was given with the key pair */
    public record EnrolmentRequest(String csr) {}

    /** @param retryAfter seconds, as the header has it */
    public record EnrolmentPending(long retryAfter) {}

    @POST
    @Path("credentials/{credentialId}/certificate/enrol")
    public Response enrol(
            @Context SecurityContext security,
            @PathParam("credentialId") String credentialId,
            EnrolmentRequest request) {
        var caller = Caller.of(security);
        var credential = reached(caller, credentialId, request);
        return answer(enrol.first(caller, credential, request.csr()));
    }

    @POST
    @Path("credentials/{credentialId}/renewal/certificate/enrol")
    public Response renew(
            @Context SecurityContext security,
            @PathParam("credentialId") String credentialId,
            EnrolmentRequest request) {
        var caller = Caller.of(security);
        var credential = reached(caller, credentialId, request);
        return answer(enrol.renewal(caller, credential, request.csr()));
    }

    private Credential reached(Caller caller, String credentialId, EnrolmentRequest request) {
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return reached.credential();
    }

    private static Response answer(Optional<Duration> pending) {
        if (pending.isEmpty()) {
            return Response.noContent().build();
        }
        long seconds = pending.get().toSeconds();
        return Response.status(Status.ACCEPTED)
                .header(HttpHeaders.RETRY_AFTER, seconds)
                .entity(new EnrolmentPending(seconds))
                .build();
    }
}
