package org.countersign.wallet.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.web.OpenToAll;

/** The metadata (RFC 8414) that lead to the keys. */
@Path(".well-known")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class WellKnownResource {

    private static final List<String> ES256 = List.of("ES256");

    private final Metadata metadata;

    public WellKnownResource(URI issuer) {
        this.metadata = new Metadata(
                issuer.toString(),
                issuer + "/token",
                issuer + "/.well-known/jwks.json",
                issuer + "/challenge",
                List.of(Rfc6749.CLIENT_CREDENTIALS),
                List.of(),
                List.of("private_key_jwt"),
                ES256,
                ES256);
    }

    /** RFC 8414 §2, RFC 9449 §5.1, and the challenge endpoint of Attestation-Based Client Authentication. */
    public record Metadata(
            String issuer,
            @JsonProperty("token_endpoint") String tokenEndpoint,
            @JsonProperty("jwks_uri") String jwksUri,
            @JsonProperty("challenge_endpoint") String challengeEndpoint,
            @JsonProperty("grant_types_supported") List<String> grantTypes,
            @JsonProperty("response_types_supported") List<String> responseTypes,

            @JsonProperty("token_endpoint_auth_methods_supported")
            List<String> authMethods,

            @JsonProperty("token_endpoint_auth_signing_alg_values_supported")
            List<String> authAlgorithms,

            @JsonProperty("dpop_signing_alg_values_supported")
            List<String> proofAlgorithms) {}

    @GET
    @Path("oauth-authorization-server")
    public Metadata authorizationServer() {
        return metadata;
    }
}
