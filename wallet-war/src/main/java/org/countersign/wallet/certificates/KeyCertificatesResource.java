package org.countersign.wallet.certificates;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.SubjectName;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Certificates of other authorities for the keys that sign attestations, for operators. */
@Path("admin/v1/key-certificates")
@Produces(MediaType.APPLICATION_JSON)
public final class KeyCertificatesResource {

    private final SigningKeys keys;
    private final KeyChains chains;
    private final AuditLog audit;
    private final Clock clock;

    public KeyCertificatesResource(SigningKeys keys, KeyChains chains, AuditLog audit, Clock clock) {
        this.keys = keys;
        this.chains = chains;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param subject as RFC 4514 has it, such as {@code CN=Wallet provider,O=ACME}: 1024 characters at most */
    public record CertificateRequestRequest(String subject) {}

    /** @param certificateRequest PKCS#10 in PEM */
    public record CertificateRequestAnswer(String certificateRequest) {}

    /** @param pkcs7 a SignedData with certificates only, in PEM or base64: the key's own, and all up to a self-signed root */
    public record KeyCertificateRequest(String pkcs7) {}

    /**
     * @param certificates DER in base64 as {@code x5c} has it: the key's own first, the root left out
     * @param notBefore as RFC 3339 has it, in UTC, like the other time
     * @param notAfter when the first of the chain ends; from a day before {@code x5c} has the certificate that the key gave itself
     */
    public record KeyCertificateDescription(String kid, List<String> certificates, String notBefore, String notAfter) {

        static KeyCertificateDescription of(KeyChains.Chain chain) {
            return new KeyCertificateDescription(
                    chain.kid(),
                    chain.certificates(),
                    chain.notBefore().toString(),
                    chain.notAfter().toString());
        }
    }

    /** Those of all keys that have one, the longest valid first. */
    @GET
    public List<KeyCertificateDescription> list(@Context SecurityContext security) {
        operator(security);
        return descriptions();
    }

    /** For the current key or the next one. */
    @POST
    @Path("{kid}/request")
    @Consumes(MediaType.APPLICATION_JSON)
    public CertificateRequestAnswer request(
            @Context SecurityContext security, @PathParam("kid") String kid, CertificateRequestRequest request) {
        var caller = operator(security);
        if (request == null || request.subject() == null) {
            throw ProtocolException.invalidRequest("subject is required");
        }
        var made =
                keys.request(kid, SubjectName.parse(request.subject())).orElseThrow(KeyCertificatesResource::notFound);
        tell("key-certificate.requested", caller, kid);
        return new CertificateRequestAnswer(made);
    }

    /** Checked, then shown as {@code x5c} of what this key signs, in place of any before. */
    @PUT
    @Path("{kid}")
    @Consumes(MediaType.APPLICATION_JSON)
    public List<KeyCertificateDescription> put(
            @Context SecurityContext security, @PathParam("kid") String kid, KeyCertificateRequest request) {
        var caller = operator(security);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var key = keys.publicKey(kid).orElseThrow(KeyCertificatesResource::notFound);
        var chain = UnverifiedCertificates.parse(request.pkcs7()).verifyAmongThemselves(key, clock.instant());
        requireAnothers(chain);
        requireForSignatures(chain);
        chains.put(kid, chain);
        audit.append(event("key-certificate.added", caller, kid)
                .detail("serialNumber", chain.serialNumber().toString(16))
                .detail("issuer", chain.issuer()));
        return descriptions();
    }

    /** {@code x5c} has the certificate that the key gave itself again. */
    @DELETE
    @Path("{kid}")
    public void remove(@Context SecurityContext security, @PathParam("kid") String kid) {
        var caller = operator(security);
        if (!chains.remove(kid)) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "The key has no such certificate");
        }
        tell("key-certificate.removed", caller, kid);
    }

    private static void requireAnothers(CertificateChain chain) {
        if (chain.certificates().size() == 1) {
            throw ProtocolException.invalidRequest("The key's own certificate is not another authority's");
        }
    }

    /** RFC 5280 §4.2.1.3, §4.2.1.9: of a key that signs, and not an authority's. */
    private static void requireForSignatures(CertificateChain chain) {
        X509Certificate own = chain.endEntity();
        var usage = own.getKeyUsage();
        if (own.getBasicConstraints() >= 0 || usage != null && !usage[0]) {
            throw ProtocolException.invalidRequest("The key's certificate is not one for digital signatures");
        }
    }

    private List<KeyCertificateDescription> descriptions() {
        return chains.all().stream().map(KeyCertificateDescription::of).toList();
    }

    private void tell(String type, Caller caller, String kid) {
        audit.append(event(type, caller, kid));
    }

    private static AuditEvent event(String type, Caller caller, String kid) {
        return AuditEvent.success(type).client(caller.clientId()).detail("kid", kid);
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "There is no such key, or it signs no more");
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }
}
