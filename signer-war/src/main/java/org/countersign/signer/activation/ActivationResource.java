package org.countersign.signer.activation;

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
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeRequest;

/** Authorization of signatures in the seed's dialect. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ActivationResource {

    private final AuthorizeCredential authorize;

    public ActivationResource(AuthorizeCredential authorize) {
        this.authorize = authorize;
    }

    @POST
    @Path("credentials/authorize")
    public AuthorizeAnswer authorize(@Context SecurityContext security, AuthorizeRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return authorize.authorize(caller, request);
    }
}
