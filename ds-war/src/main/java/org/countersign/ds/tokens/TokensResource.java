package org.countersign.ds.tokens;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.applications.Application;
import org.countersign.ds.applications.Requester;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/** Tokens for applications, which show their API key. */
@Path("")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class TokensResource {

    private static final String API_KEY = "apikey";
    private static final String CLIENT_TIME = ConnectorTokens.CLIENT_TIME;

    private final ApplicationTokens tokens;
    private final Admission admission;
    private final ClientAddress addresses;

    public TokensResource(ApplicationTokens tokens, Admission admission, ClientAddress addresses) {
        this.tokens = tokens;
        this.admission = admission;
        this.addresses = addresses;
    }

    /** @param originalJWT a token of the same application that has not expired */
    public record RefreshRequest(String originalJWT) {

        @Override
        public String toString() {
            return "a token to be refreshed";
        }
    }

    @GET
    @Path("v3/tokens/application")
    public Envelope<String> token(
            @HeaderParam(API_KEY) String apiKey,
            @HeaderParam(CLIENT_TIME) String clientTime,
            @Context HttpServletRequest request) {
        return Envelope.of(tokens.issue(admit(apiKey, request), clientTime));
    }

    /** The same at the other version's address. */
    @GET
    @Path("v3_5/tokens/application")
    public Envelope<String> token35(
            @HeaderParam(API_KEY) String apiKey,
            @HeaderParam(CLIENT_TIME) String clientTime,
            @Context HttpServletRequest request) {
        return token(apiKey, clientTime, request);
    }

    /** The same at the first version's address. */
    @GET
    @Path("token")
    public Envelope<String> firstToken(
            @HeaderParam(API_KEY) String apiKey,
            @HeaderParam(CLIENT_TIME) String clientTime,
            @Context HttpServletRequest request) {
        return token(apiKey, clientTime, request);
    }

    /** A new token for one that lives. */
    @POST
    @Path("security/jwt/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    public Envelope<String> refresh(
            @HeaderParam(API_KEY) String apiKey,
            @HeaderParam(CLIENT_TIME) String clientTime,
            @Context HttpServletRequest request,
            RefreshRequest original) {
        var application = admit(apiKey, request);
        if (original == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return Envelope.of(tokens.refresh(application, original.originalJWT(), clientTime));
    }

    private Application admit(String apiKey, HttpServletRequest request) {
        return admission.admit(
                apiKey, Requester.of(addresses.of(request), request.getAttribute(Requester.CERTIFICATES)));
    }
}
