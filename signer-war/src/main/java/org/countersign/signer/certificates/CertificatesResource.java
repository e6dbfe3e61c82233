package org.countersign.signer.certificates;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Base64;
import java.util.List;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.signer.certificates.StoredCertificates.Wanted;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;

/** Certificates: of one new credential, and across the tenants of a trusted lister. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CertificatesResource {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final AddCertificate add;
    private final StoredCertificates stored;

    public CertificatesResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            AddCertificate add,
            StoredCertificates stored) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.add = add;
        this.stored = stored;
    }

    /** @param pkcs7 PEM, or base64 of DER */
    public record CertificateRequest(String pkcs7) {}

    /** One certificate; times in ISO 8601. */
    public record CertificateEntry(
            String credentialId,
            String tenant,
            String seat,
            String issuer,
            String subject,
            String serialNumber,
            String validFrom,
            String validTo,
            String certificate) {

        static CertificateEntry of(StoredCertificates.Stored entry) {
            var chain = entry.chain();
            var endEntity = chain.endEntity();
            return new CertificateEntry(
                    entry.credentialId().toString(),
                    entry.seat().tenant(),
                    entry.seat().seat(),
                    chain.issuer(),
                    chain.subject(),
                    chain.serialNumber().toString(16).toUpperCase(java.util.Locale.ROOT),
                    endEntity.getNotBefore().toInstant().toString(),
                    endEntity.getNotAfter().toInstant().toString(),
                    Base64.getEncoder().encodeToString(chain.der().get(0)));
        }
    }

    /** A page of certificates. */
    public record CertificateList(List<CertificateEntry> certificates, int page, int pageSize, long total) {}

    @POST
    @Path("credentials/{credentialId}/certificate")
    public void add(
            @Context SecurityContext security,
            @PathParam("credentialId") String credentialId,
            CertificateRequest request) {
        var caller = Caller.of(security);
        var reached = CredentialInReach.of(caller, credentialId, credentials, authorizations);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        add.add(caller, reached.credential(), request.pkcs7());
    }

    /** Certificates of all tenants of a trusted lister whose token names no seat. */
    @POST
    @Path("certificates/list")
    public CertificateList list(@Context SecurityContext security, ListRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.LISTER);
        if (!caller.authorities().trusted() || caller.seat().isPresent()) {
            throw new ProtocolException(
                    OAuth2Error.ACCESS_DENIED, "A trusted client with a token without a seat lists across tenants");
        }
        var wanted = request == null ? ListRequest.ALL : request;
        var page = Page.of(wanted.page(), wanted.pageSize());
        if (wanted.tenant() != null) {
            caller.requireTenant(wanted.tenant());
        }
        var filter = Wanted.of(caller.authorities(), wanted);
        return new CertificateList(
                stored.find(filter, page).stream().map(CertificateEntry::of).toList(),
                page.number(),
                page.size(),
                stored.count(filter));
    }
}
