package org.countersign.signer.acts;

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
import org.countersign.signer.acts.RenewCredential.RenewalRequest;
import org.countersign.signer.certificates.CertificatesResource.CertificateRequest;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.keypairs.GenerateKeyPair.KeyPairAnswer;

/** Renewal of a living credential: its holder asks for it, and the generator that set it up brings the certificate. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class RenewalResource {

    private final RenewCredential renew;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;

    public RenewalResource(RenewCredential renew, Credentials credentials, AuthorizationConfigurations authorizations) {
        this.renew = renew;
        this.credentials = credentials;
        this.authorizations = authorizations;
    }

    @POST
    @Path("credentials/{credentialId}/renewal")
    public KeyPairAnswer ask(
            @Context SecurityContext security, @PathParam("credentialId") String credentialId, RenewalRequest request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return new KeyPairAnswer(renew.ask(Caller.of(security), credentialId, request));
    }

    @POST
    @Path("credentials/{credentialId}/renewal/certificate")
    public void addCertificate(
            @Context SecurityContext security,
            @PathParam("credentialId") String credentialId,
            CertificateRequest request) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        renew.addCertificate(caller, reached.credential(), request.pkcs7());
    }
}
