package org.countersign.signer.keypairs;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.keypairs.GenerateKeyPair.KeyPairAnswer;
import org.countersign.signer.keypairs.GenerateKeyPair.KeyPairRequest;

/** The key pair of a new credential. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class KeyPairsResource {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final GenerateKeyPair generate;

    public KeyPairsResource(
            Credentials credentials, AuthorizationConfigurations authorizations, GenerateKeyPair generate) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.generate = generate;
    }

    @POST
    @Path("credentials/{credentialId}/key-pair")
    public KeyPairAnswer generate(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, KeyPairRequest request) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return generate.generate(caller, reached, request);
    }
}
