package org.countersign.server.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;

/** The authorization server: token (RFC 6749 §4.4), check_token (the seed), introspect (RFC 7662), revoke (RFC 7009). */
@Path("oauth")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class OAuthResource {

    private static final String TOKEN = "token";

    private final OAuthClients clients;
    private final AccessTokens tokens;
    private final SeatGroups groups;
    private final TokenGrants grants;
    private final AuditLog audit;
    private final ForeignClients foreign;
    private final AudienceTokens audiences;

    public OAuthResource(
            OAuthClients clients,
            AccessTokens tokens,
            SeatGroups groups,
            TokenGrants grants,
            AuditLog audit,
            ForeignClients foreign,
            AudienceTokens audiences) {
        this.clients = clients;
        this.tokens = tokens;
        this.groups = groups;
        this.grants = grants;
        this.audit = audit;
        this.foreign = foreign;
        this.audiences = audiences;
    }

    /** RFC 6749 §5.1. */
    public record TokenAnswer(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn,
            @JsonProperty("scope") String scope) {}

    /** What a token is good for; {@code exp} in seconds since 1970. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TokenDescription(
            Boolean active,
            @JsonProperty("client_id") String clientId,
            String scope,
            String seat,
            String tenant,
            List<String> authorities,
            @JsonProperty("token_type") String tokenType,
            Long iat,
            Long exp) {

        static final TokenDescription INACTIVE =
                new TokenDescription(false, null, null, null, null, null, null, null, null);
    }

    @POST
    @Path("token")
    public TokenAnswer token(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @Context HttpServletRequest request,
            Form parameters) {
        var form = Form.required(parameters);
        var shown = ClientAuthentication.of(authorization, form);
        var foreigner = foreign.authenticate(shown.clientId(), shown.secret(), request);
        if (foreigner.isPresent()) {
            requireClientCredentials(form);
            return foreigner.get().get();
        }
        var client = authenticate(shown, request);
        requireClientCredentials(form);
        var audience = form.get("audience");
        if (audience.isPresent()) {
            return forAudience(audience.get(), client, request);
        }
        var scope = Scope.parse(form.get(Rfc6749.SCOPE).orElse(null));
        var given = grants.give(client, scope);
        return new TokenAnswer(
                given.accessToken(), Rfc6749.BEARER, given.lifetime().toSeconds(), scope.toString());
    }

    /** A token for somebody else than this server: it opens nothing here. */
    private TokenAnswer forAudience(String audience, OAuthClient client, HttpServletRequest request) {
        var authorities = client.authorities(clients.tenants());
        var given = audiences
                .issue(
                        audience,
                        client.clientId(),
                        authorities,
                        client.tokenLifetime(authorities),
                        request.getHeader("X-Client-Time"))
                .orElseThrow(() -> ProtocolException.invalidRequest("No tokens are given for this audience"));
        audit.append(
                AuditEvent.success("token.issued").client(client.clientId()).detail("audience", printable(audience)));
        return new TokenAnswer(given.token(), Rfc6749.BEARER, given.lifetime().toSeconds(), "");
    }

    /** Who holds a token may ask about it; nothing else is shown. */
    @POST
    @Path("check_token")
    public TokenDescription check(@Context HttpServletRequest request, Form parameters) {
        var found = tokens.require(requiredToken(Form.required(parameters)), OAuth2Error.UNRECOGNIZED_TOKEN);
        Peer.of(request).admit(found.client());
        return describe(found)
                .orElseThrow(() -> new ProtocolException(OAuth2Error.UNRECOGNIZED_TOKEN, "Token was not recognized"));
    }

    @POST
    @Path("introspect")
    public TokenDescription introspect(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @Context HttpServletRequest request,
            Form parameters) {
        var form = Form.required(parameters);
        var client = authenticate(ClientAuthentication.of(authorization, form), request);
        return tokens.findActive(requiredToken(form), client.clientId())
                .flatMap(this::describe)
                .orElse(TokenDescription.INACTIVE);
    }

    /** RFC 7009 §2.2: an unknown token, or another client's, is answered like a revoked one. */
    @POST
    @Path("revoke")
    public Response revoke(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @Context HttpServletRequest request,
            Form parameters) {
        var form = Form.required(parameters);
        var client = authenticate(ClientAuthentication.of(authorization, form), request);
        grants.revoke(requiredToken(form), client.clientId());
        return Response.ok().build();
    }

    private static void requireClientCredentials(Form form) {
        var grantType = form.get(Rfc6749.GRANT_TYPE)
                .orElseThrow(() -> ProtocolException.invalidRequest("grant_type is required"));
        if (!grantType.equals(Rfc6749.CLIENT_CREDENTIALS)) {
            throw new ProtocolException(
                    OAuth2Error.UNSUPPORTED_GRANT_TYPE, "Unsupported grant type: " + printable(grantType));
        }
    }

    private OAuthClient authenticate(ClientAuthentication shown, HttpServletRequest request) {
        foreign.admitClient(shown.clientId(), request);
        try {
            return grants.authenticate(shown.clientId(), shown.secret(), request);
        } catch (ProtocolException refusal) {
            foreign.clientRefused(shown.clientId(), request);
            throw refusal;
        }
    }

    /** @return empty when the seat is out of the client's reach by now: then the token opens nothing */
    private Optional<TokenDescription> describe(AccessTokens.Found found) {
        var caller = tokens.caller(found);
        if (caller.seat().isPresent()
                && !groups.reaches(caller.authorities(), caller.seat().get())) {
            return Optional.empty();
        }
        return Optional.of(new TokenDescription(
                true,
                caller.clientId(),
                caller.scope().toString(),
                caller.seat().map(SeatName::seat).orElse(null),
                caller.seat().map(SeatName::tenant).orElse(null),
                List.of(caller.authorities().toString().split(",")),
                Rfc6749.BEARER,
                found.token().issuedAt().getEpochSecond(),
                found.token().expiresAt().getEpochSecond()));
    }

    private static String requiredToken(Form form) {
        return form.get(TOKEN).orElseThrow(() -> ProtocolException.invalidRequest("token is required"));
    }

    /** RFC 6749 §5.2: a description has printable ASCII without quotes and backslashes. */
    static String printable(String text) {
        var clean = text.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?");
        return clean.length() > 64 ? clean.substring(0, 64) : clean;
    }
}
