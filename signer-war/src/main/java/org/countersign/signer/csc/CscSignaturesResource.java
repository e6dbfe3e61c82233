package org.countersign.signer.csc;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.signatures.SignHashes;
import org.countersign.signer.signatures.SignHashes.SignAnswer;

/** Signatures (CSC API 1.0.4.0 §11.9, §11.10). */
@Path("csc/v1/signatures")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscSignaturesResource {

    private final CscGate gate;
    private final SignHashes sign;
    private final CscRefusals refusals;
    private final CscTimestamps timestamps;

    public CscSignaturesResource(
            CscGate gate,
            SignHashes sign,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            CscTimestamps timestamps) {
        this.gate = gate;
        this.sign = sign;
        this.timestamps = timestamps;
        this.refusals = new CscV1Refusals(credentials, authorizations);
    }

    @POST
    @Path("signHash")
    public SignAnswer signHash(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var sad = request.requiredText("SAD");
        var credentialId = request.requiredText("credentialID");
        var hashes = request.requiredHashes("hash");
        var algorithm = CscAlgorithms.of(request, "hashAlgo");
        return refusals.translated(
                caller.requireSeat(), credentialId, () -> sign.sign(caller, credentialId, sad, algorithm, hashes));
    }

    /**
     * A time stamp of the configured authority.
     *
     * @throws ProtocolException {@code not_implemented} when none is configured
     */
    @POST
    @Path("timestamp")
    public TimestampAnswer timestamp(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        return timestamps.answer(caller, CscRequest.of(body));
    }
}
