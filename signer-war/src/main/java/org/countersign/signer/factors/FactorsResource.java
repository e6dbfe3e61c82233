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
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;

/** Second factors of a new credential (seed, "Add Second Factors"), and the codes that are sent to its holder later. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class FactorsResource {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final SetFactors factors;
    private final OtpEnrolment enrolment;
    private final SendCode send;

    public FactorsResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            SetFactors factors,
            OtpEnrolment enrolment,
            SendCode send) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.factors = factors;
        this.enrolment = enrolment;
        this.send = send;
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

    /** To the holder of a living credential, by whoever may authorize with it. */
    @POST
    @Path("credentials/{credentialId}/otp/send")
    @Consumes(MediaType.WILDCARD)
    public void send(@Context SecurityContext security, @PathParam("credentialId") String credentialId) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        send.send(caller, credentialId, SendCode.HOLDERS_OWN);
    }

    private static String value(FactorValue request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request.value();
    }
}
