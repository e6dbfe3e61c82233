package org.countersign.wallet.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.core.specification.Rfc6749;
import org.countersign.core.specification.Rfc7523;
import org.countersign.server.web.OpenToAll;

/** The metadata (RFC 8414, RFC 9728) that lead to the keys, and say how to be let in. */
@Path(".well-known")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class WellKnownResource {

    private static final List<String> ES256 = List.of("ES256");

    private final Metadata metadata;
    private final ResourceMetadata resource;

    /** @param compatible whether attestations are given at the token endpoint, too */
    public WellKnownResource(URI issuer, boolean compatible) {
        this.metadata = new Metadata(
                issuer.toString(),
                issuer + "/token",
                issuer + "/.well-known/jwks.json",
                issuer + "/challenge",
                compatible
                        ? List.of(Rfc6749.CLIENT_CREDENTIALS, Rfc7523.GRANT_TYPE)
                        : List.of(Rfc6749.CLIENT_CREDENTIALS),
                List.of(),
                List.of("private_key_jwt", AttestationBasedClientAuthentication.METHOD),
                ES256,
                ES256,
                ES256,
                List.of(AttestationBasedClientAuthentication.POP_METHOD),
                ES256);
        this.resource =
                new ResourceMetadata(issuer.toString(), List.of(issuer.toString()), List.of("header"), ES256, true);
    }

    /** RFC 8414 §2, RFC 9449 §5.1, and what Attestation-Based Client Authentication adds. */
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

            @JsonProperty("client_attestation_signing_alg_values_supported")
            List<String> attestationAlgorithms,

            @JsonProperty("client_attestation_pop_signing_alg_values_supported")
            List<String> attestationProofAlgorithms,

            @JsonProperty("client_attestation_pop_methods_supported")
            List<String> attestationProofMethods,

            @JsonProperty("dpop_signing_alg_values_supported")
            List<String> proofAlgorithms) {}

    /**
     * RFC 9728 §2, of the calls that a wallet's token opens. Every token is bound to a key, and none counts without a proof, whatever
     * its type.
     */
    public record ResourceMetadata(
            String resource,
            @JsonProperty("authorization_servers") List<String> authorizationServers,
            @JsonProperty("bearer_methods_supported") List<String> bearerMethods,

            @JsonProperty("dpop_signing_alg_values_supported")
            List<String> proofAlgorithms,

            @JsonProperty("dpop_bound_access_tokens_required")
            boolean bound) {}

    @GET
    @Path("oauth-protected-resource")
    public ResourceMetadata protectedResource() {
        return resource;
    }

    @GET
    @Path("oauth-authorization-server")
    public Metadata authorizationServer() {
        return metadata;
    }
}
