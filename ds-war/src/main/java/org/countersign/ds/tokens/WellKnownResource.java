package org.countersign.ds.tokens;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.web.OpenToAll;

/** The metadata (RFC 8414) that lead to the keys. */
@Path(".well-known")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class WellKnownResource {

    private final SigningKeys keys;
    private final URI issuer;

    public WellKnownResource(SigningKeys keys, URI issuer) {
        this.keys = keys;
        this.issuer = issuer;
    }

    /** RFC 8414 §2, and the two members that OpenID Connect Discovery wants besides. */
    public record Metadata(
            String issuer,
            @JsonProperty("token_endpoint") String tokenEndpoint,
            @JsonProperty("introspection_endpoint") String introspectionEndpoint,
            @JsonProperty("revocation_endpoint") String revocationEndpoint,
            @JsonProperty("jwks_uri") String jwksUri,
            @JsonProperty("grant_types_supported") List<String> grantTypes,
            @JsonProperty("response_types_supported") List<String> responseTypes,

            @JsonProperty("token_endpoint_auth_methods_supported")
            List<String> authMethods,

            @JsonProperty("subject_types_supported") List<String> subjectTypes,

            @JsonProperty("id_token_signing_alg_values_supported")
            List<String> algorithms) {}

    @GET
    @Path("oauth-authorization-server")
    public Metadata authorizationServer() {
        return new Metadata(
                issuer.toString(),
                issuer + "/oauth/token",
                issuer + "/oauth/introspect",
                issuer + "/oauth/revoke",
                issuer + "/.well-known/jwks.json",
                List.of(Rfc6749.CLIENT_CREDENTIALS),
                List.of(),
                List.of("client_secret_basic", "client_secret_post"),
                List.of("public"),
                List.of(keys.algorithm().name()));
    }

    /** The same where OpenID Connect's clients look for it. */
    @GET
    @Path("openid-configuration")
    public Metadata openIdConfiguration() {
        return authorizationServer();
    }
}
