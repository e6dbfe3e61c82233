package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.countersign.core.error.CscError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.oauth.TokenGrants;
import org.countersign.server.oauth.TokenGrants.Given;
import org.countersign.server.web.CurrentRequest;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;

/**
 * Service authorization, by HTTP Basic and by OAuth 2.0: the same in CSC API 1.0.4.0 (§8.2 to §8.4, §11.2, §11.3) and
 * 2.0.0.2 (§8.1, §8.4, §11.2, §11.3).
 */
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public abstract class ServiceAuthorizationResource {

    private static final String TOKEN = "token";
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final String SERVICE = "service";
    private static final String BEARER = "Bearer";

    private final TokenGrants grants;
    private final CscGate gate;

    ServiceAuthorizationResource(TokenGrants grants, CscGate gate) {
        this.grants = grants;
        this.gate = gate;
    }

    /** {@code expires_in} in seconds. */
    public record CscLogin(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("refresh_token") String refreshToken,
            @JsonProperty("expires_in") long expiresIn) {

        @Override
        public String toString() {
            return "a token";
        }
    }

    /** RFC 6749 §5.1. */
    public record CscToken(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn,
            String scope) {

        static CscToken of(Given given) {
            return new CscToken(
                    given.accessToken(),
                    BEARER,
                    given.lifetime().toSeconds(),
                    given.scope().toString());
        }

        @Override
        public String toString() {
            return "a token";
        }
    }

    @POST
    @Path("auth/login")
    public CscLogin login(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var request = CscRequest.of(body);
        boolean remember = request.flag("rememberMe");
        if (!request.has(REFRESH_TOKEN)) {
            return login(authorization, remember);
        }
        var refreshToken = refreshToken(request);
        var given = grants.refresh(refreshToken, Optional.empty(), CurrentRequest.get())
                .orElseThrow(() -> ProtocolException.invalidRequest("Invalid refresh_token"));
        // It goes on until its end; it is not prolonged by use.
        return new CscLogin(
                given.accessToken(),
                remember ? refreshToken : null,
                given.lifetime().toSeconds());
    }

    /** For clients that send no parameters. */
    @GET
    @Path("auth/login")
    public CscLogin login(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return login(authorization, false);
    }

    private CscLogin login(String authorization, boolean remember) {
        var shown = BasicCredentials.of(authorization);
        OAuthClient client;
        try {
            client = grants.authenticate(shown.name(), shown.password(), CurrentRequest.get());
        } catch (ProtocolException refused) {
            throw refused.code() == OAuth2Error.INVALID_CLIENT ? failed() : refused;
        }
        var given = grants.login(client, remember).orElseThrow(ServiceAuthorizationResource::failed);
        return new CscLogin(
                given.accessToken(),
                given.refreshToken().orElse(null),
                given.lifetime().toSeconds());
    }

    @POST
    @Path("auth/revoke")
    public void revoke(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization);
        var request = CscRequest.of(body);
        var token = request.requiredText(TOKEN);
        var hint = request.text("token_type_hint");
        if (hint.isPresent()
                && !hint.get().equals("access_token")
                && !hint.get().equals(REFRESH_TOKEN)) {
            throw ProtocolException.invalidRequest("Invalid string parameter token_type_hint");
        }
        // The hint is not needed to find it (RFC 7009 §2.1).
        grants.revoke(token, caller.clientId());
    }

    /** Client credentials (RFC 6749 §4.4) and refresh tokens (§6). */
    @POST
    @Path("oauth2/token")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public CscToken token(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, Form parameters) {
        var form = Form.required(parameters);
        var client = grants.authenticate(authorization, form, CurrentRequest.get());
        var grantType = form.get(Rfc6749.GRANT_TYPE).orElseThrow(() -> CscRequest.missing("string", "grant_type"));
        return switch (grantType) {
            case Rfc6749.CLIENT_CREDENTIALS -> CscToken.of(grants.give(client, scope(client, form)));
            case REFRESH_TOKEN ->
                grants.refresh(
                                form.get(REFRESH_TOKEN).orElseThrow(() -> CscRequest.missing("string", REFRESH_TOKEN)),
                                Optional.of(client),
                                CurrentRequest.get())
                        .map(CscToken::of)
                        .orElseThrow(() -> new ProtocolException(CscError.INVALID_GRANT, "Invalid refresh_token"));
            default -> throw new ProtocolException(OAuth2Error.UNSUPPORTED_GRANT_TYPE, "Unsupported grant type");
        };
    }

    @POST
    @Path("oauth2/revoke")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public void revokeByClient(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, Form parameters) {
        var form = Form.required(parameters);
        var client = grants.authenticate(authorization, form, CurrentRequest.get());
        grants.revoke(form.get(TOKEN).orElseThrow(() -> CscRequest.missing("string", TOKEN)), client.clientId());
    }

    private static String refreshToken(CscRequest request) {
        try {
            return request.requiredText(REFRESH_TOKEN);
        } catch (ProtocolException otherType) {
            throw ProtocolException.invalidRequest("Invalid string parameter: refresh_token");
        }
    }

    /** {@code service}, or nothing, is the client's default; anything else is the seed's. */
    private static Scope scope(OAuthClient client, Form form) {
        var text = form.get(Rfc6749.SCOPE);
        return text.isEmpty() || text.get().equals(SERVICE) ? new Scope(client.defaultSeat()) : Scope.parse(text.get());
    }

    private static ProtocolException failed() {
        return new ProtocolException(CscError.AUTHENTICATION_ERROR, "An error occurred during authentication process");
    }
}
