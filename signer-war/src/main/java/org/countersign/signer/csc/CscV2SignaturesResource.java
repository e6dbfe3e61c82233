package org.countersign.signer.csc;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.signatures.SignHashes;
import org.countersign.signer.signatures.SignHashes.SignAnswer;

/** Signatures (CSC API 2.0.0.2 §11.10, §11.13): in synchronous operation mode, the only one here. */
@Path("csc/v2/signatures")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscV2SignaturesResource {

    static final String HASH_ALGORITHM = "hashAlgorithmOID";

    private static final String MODE = "operationMode";
    private static final String SYNCHRONOUS = "S";
    /** They may be there in asynchronous mode alone. */
    private static final List<String> ASYNCHRONOUS_ONLY = List.of("validity_period", "response_uri");

    private final CscGate gate;
    private final SignHashes sign;
    private final CscTimestamps timestamps;
    private final CscRefusals refusals;

    public CscV2SignaturesResource(CscGate gate, SignHashes sign, Credentials credentials, CscTimestamps timestamps) {
        this.gate = gate;
        this.sign = sign;
        this.timestamps = timestamps;
        this.refusals = new CscV2Refusals(credentials);
    }

    @POST
    @Path("signHash")
    public SignAnswer signHash(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var sad = request.requiredText("SAD");
        var credentialId = request.requiredText("credentialID");
        var hashes = request.requiredHashes("hashes");
        var algorithm = CscAlgorithms.of(request, HASH_ALGORITHM);
        requireSynchronous(request);
        return refusals.translated(
                caller.requireSeat(), credentialId, () -> sign.sign(caller, credentialId, sad, algorithm, hashes));
    }

    private static void requireSynchronous(CscRequest request) {
        if (!request.text(MODE).orElse(SYNCHRONOUS).equals(SYNCHRONOUS)) {
            throw CscRequest.invalid(MODE);
        }
        for (var name : ASYNCHRONOUS_ONLY) {
            if (request.has(name)) {
                throw CscRequest.invalid(name);
            }
        }
    }

    /** A time stamp of the configured authority. */
    @POST
    @Path("timestamp")
    public TimestampAnswer timestamp(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        return timestamps.answer(caller, CscRequest.of(body));
    }
}
