package org.countersign.signer.activation;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.SecurityContext;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeRequest;
import org.countersign.signer.activation.AuthorizeCredential.Authorized;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.activation.CheckAuthorization.CheckRequest;

/** Authorization of signatures in the seed's dialect. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ActivationResource {

    private final AuthorizeCredential authorize;
    private final CheckAuthorization check;

    public ActivationResource(AuthorizeCredential authorize, CheckAuthorization check) {
        this.authorize = authorize;
        this.check = check;
    }

    @POST
    @Path("credentials/authorize")
    public Response authorize(@Context SecurityContext security, AuthorizeRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return answer(authorize.authorize(caller, request));
    }

    @POST
    @Path("credentials/authorize/check")
    public Response check(@Context SecurityContext security, CheckRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.SIGNER);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return answer(check.check(caller, request.handle()));
    }

    private static Response answer(Authorized authorized) {
        return Response.status(authorized instanceof WaitingAnswer ? Status.ACCEPTED : Status.OK)
                .entity(authorized)
                .build();
    }
}
