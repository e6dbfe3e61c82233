package org.countersign.signer.signatures;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.signatures.SignHashes.SignAnswer;
import org.countersign.signer.signatures.SignHashes.SignRequest;

/** Signatures in the seed's dialect. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SignaturesResource {

    private final SignHashes sign;

    public SignaturesResource(SignHashes sign) {
        this.sign = sign;
    }

    @POST
    @Path("signatures")
    public SignAnswer sign(@Context SecurityContext security, SignRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return sign.sign(caller, request);
    }
}
