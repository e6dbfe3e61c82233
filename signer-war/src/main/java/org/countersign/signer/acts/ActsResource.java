package org.countersign.signer.acts;

import com.fasterxml.jackson.annotation.JsonProperty;
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
import org.countersign.signer.acts.DeleteCredential.Deleted;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.factors.FactorValue;
import org.countersign.signer.factors.OtpEnrolment;
import org.countersign.signer.factors.OtpEnrolment.Enrolled;
import org.countersign.signer.factors.SentFactors;

/** What may be done with a living credential. A token that speaks for a seat acts for the holder, one that does not for an administrator. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ActsResource {

    private final ChangePin pin;
    private final ReplaceOtp otp;
    private final OtpEnrolment enrolment;
    private final SuspendCredential suspend;
    private final RevokeCredential revoke;
    private final DeleteCredential delete;

    public ActsResource(
            ChangePin pin,
            ReplaceOtp otp,
            OtpEnrolment enrolment,
            SuspendCredential suspend,
            RevokeCredential revoke,
            DeleteCredential delete) {
        this.pin = pin;
        this.otp = otp;
        this.enrolment = enrolment;
        this.suspend = suspend;
        this.revoke = revoke;
        this.delete = delete;
    }

    /** The holder's factors, and the PIN that is to take the place of the present one. */
    public record PinChange(
            @JsonProperty("PIN") String pin,
            @JsonProperty("OTP") String otp,
            @JsonProperty("newPIN") String newPin) {

        @Override
        public String toString() {
            return "a change of PIN";
        }
    }

    /**
     * The holder's factors, and why.
     *
     * @param reason {@code unspecified} when left out
     */
    public record Revocation(
            @JsonProperty("PIN") String pin,
            @JsonProperty("OTP") String otp,
            String reason) {

        @Override
        public String toString() {
            return "a revocation";
        }
    }

    @POST
    @Path("credentials/{credentialId}/pin/change")
    public void changePin(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, PinChange request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        pin.change(Caller.of(security), credentialId, new SentFactors(request.pin(), request.otp()), request.newPin());
    }

    /** The new OTP secret, shown this once; it counts once {@link #confirmOtp} has been called. */
    @POST
    @Path("credentials/{credentialId}/otp/replace")
    public Enrolled replaceOtp(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, SentFactors request) {
        var asked = otp.ask(Caller.of(security), credentialId, sent(request));
        return enrolment.describe(asked.secret(), asked.seat());
    }

    @POST
    @Path("credentials/{credentialId}/otp/replace/confirm")
    public void confirmOtp(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, FactorValue request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        otp.confirm(Caller.of(security), credentialId, request.value());
    }

    @POST
    @Path("credentials/{credentialId}/suspend")
    public void suspend(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, SentFactors request) {
        suspend.suspend(Caller.of(security), credentialId, sent(request));
    }

    @POST
    @Path("credentials/{credentialId}/resume")
    public void resume(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, SentFactors request) {
        suspend.resume(Caller.of(security), credentialId, sent(request));
    }

    @POST
    @Path("credentials/{credentialId}/revoke")
    public void revoke(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, Revocation request) {
        var wanted = request == null ? new Revocation(null, null, null) : request;
        revoke.revoke(
                Caller.of(security),
                credentialId,
                new SentFactors(wanted.pin(), wanted.otp()),
                RevocationReason.parse(wanted.reason()));
    }

    @POST
    @Path("credentials/{credentialId}/delete")
    public Deleted delete(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, SentFactors request) {
        return delete.delete(Caller.of(security), credentialId, sent(request));
    }

    /** An administrator sends none. */
    private static SentFactors sent(SentFactors request) {
        return request == null ? SentFactors.NONE : request;
    }
}
