package org.countersign.signer.factors;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;

/** Second factors of a new credential (seed, "Add Second Factors"). */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class FactorsResource {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final SetFactors factors;
    private final OtpEnrolment enrolment;

    public FactorsResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            SetFactors factors,
            OtpEnrolment enrolment) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.factors = factors;
        this.enrolment = enrolment;
    }

    @POST
    @Path("credentials/{credentialId}/pin")
    public void pin(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, FactorValue request) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        factors.pin(caller, reached.credential(), reached.configuration(), value(request));
    }

    /** The new OTP secret, shown this once. */
    @POST
    @Path("credentials/{credentialId}/otp")
    @Consumes(MediaType.WILDCARD)
    public OtpEnrolment.Enrolled otp(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        var secret = factors.otp(caller, reached.credential(), reached.configuration());
        return enrolment.describe(secret, reached.credential().seat());
    }

    @POST
    @Path("credentials/{credentialId}/otp/confirm")
    public void confirm(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, FactorValue request) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        factors.confirmOtp(caller, reached.credential(), reached.configuration(), value(request));
    }

    private static String value(FactorValue request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request.value();
    }
}
