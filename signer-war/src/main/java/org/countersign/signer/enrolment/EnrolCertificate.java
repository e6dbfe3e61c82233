package org.countersign.signer.enrolment;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.SubjectName;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.core.x509.VerifiedRequest;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.acts.RenewCredential;
import org.countersign.signer.certificates.AddCertificate;
import org.countersign.signer.configuration.EnrolmentSettings.Subjects;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.enrolment.EstServer.Issued;
import org.countersign.signer.enrolment.EstServer.Pending;

/**
 * Has the authority of a credential's tenant certify its key, and puts the certificate in as if the caller had brought it. The
 * caller sends the request that it was given with the key pair: it is not kept here, so that asking again needs nothing but it.
 */
public final class EnrolCertificate {

    private static final String FAILED = "enrolment.failed";
    private static final String PENDING = "enrolment.pending";
    private static final String NOT_ACCEPTED = "The certificate of the certification authority is not accepted: ";

    private final Map<String, EstServer> authorities;
    private final AddCertificate add;
    private final RenewCredential renew;
    private final AuditLog audit;

    /** @param authorities of the tenants that have one */
    public EnrolCertificate(
            Map<String, EstServer> authorities, AddCertificate add, RenewCredential renew, AuditLog audit) {
        this.authorities = Map.copyOf(authorities);
        this.add = add;
        this.renew = renew;
        this.audit = audit;
    }

    /** Whether a tenant has an authority that can be asked. */
    boolean certifies(String tenant) {
        return authorities.containsKey(tenant);
    }

    /**
     * The first certificate of a credential.
     *
     * @param credential in the reach of the caller
     * @param csr PKCS#10 in PEM, as it came with the key pair
     * @return how long to wait before the same is asked for again; empty when the certificate is there
     */
    public Optional<Duration> first(Caller caller, Credential credential, String csr) {
        var authority = authority(credential);
        add.requireWanted(credential);
        var request = VerifiedRequest.of(csr, credential.keyPair().orElseThrow().decodedPublicKey());
        requireSubject(caller, credential, request, authority.settings().subjects());
        return enrol(caller, credential, authority, request, chain -> add.add(caller, credential, chain));
    }

    /** Likewise, of a renewal that the holder asked for; the present certificate stays until the next one is there. */
    public Optional<Duration> renewal(Caller caller, Credential credential, String csr) {
        var authority = authority(credential);
        var key = renew.requireAsked(caller, credential);
        var request = VerifiedRequest.of(csr, key.decodedPublicKey());
        var present = credential.chain().orElseThrow().endEntity();
        requireSubjectOfRenewal(
                caller, credential, request, authority.settings().subjects(), present.getSubjectX500Principal());
        return enrol(caller, credential, authority, request, chain -> renew.addCertificate(caller, credential, chain));
    }

    /** The present one may have been brought from elsewhere, so that its name is good for those alone who may name anybody. */
    static void requireSubjectOfRenewal(
            Caller caller, Credential credential, VerifiedRequest request, Subjects subjects, X500Principal present) {
        if (caller.isPerson() || subjects != Subjects.ANY) {
            requireSubject(caller, credential, request, subjects);
        } else if (!isSame(request.subject(), present)) {
            throw ProtocolException.invalidRequest("The subject of csr is not that of the present certificate");
        }
    }

    /** Nobody but this server stands between who made the request and the authority that trusts it. */
    static void requireSubject(Caller caller, Credential credential, VerifiedRequest request, Subjects subjects) {
        if (!caller.isPerson() && subjects == Subjects.ANY) {
            return;
        }
        var name = credential.seat().toString();
        if (!isSame(request.subject(), SubjectName.ofCommonName(name))) {
            throw ProtocolException.invalidRequest("The subject of csr is not the seat's common name");
        }
        if (!SubjectName.fitsCommonName(name)) {
            // Cut, it may be another seat's as well.
            throw ProtocolException.invalidRequest("The seat's name is too long for a common name");
        }
    }

    /** To the byte: names that are equal by RFC 5280 §7.1, such as in another case, are different people here. */
    private static boolean isSame(X500Principal one, X500Principal other) {
        return MessageDigest.isEqual(one.getEncoded(), other.getEncoded());
    }

    /** @throws ProtocolException when the tenant's authority does not answer */
    void requireReachable(String tenant) {
        authorities.get(tenant).authorities();
    }

    private EstServer authority(Credential credential) {
        return Optional.ofNullable(authorities.get(credential.seat().tenant()))
                .orElseThrow(() -> new ProtocolException(
                        SignerError.CONFLICT, "The tenant has no certification authority that can be asked"));
    }

    private Optional<Duration> enrol(
            Caller caller,
            Credential credential,
            EstServer authority,
            VerifiedRequest request,
            Consumer<UnverifiedCertificates> put) {
        try {
            // Before a certificate is asked for, of which the answer brings no issuers (RFC 7030 §4.2.3).
            var issuers = authority.authorities();
            var answer = authority.enrol(request);
            if (answer instanceof Pending pending) {
                audit.append(CredentialEvent.success(PENDING, caller, credential)
                        .detail("retryAfter", pending.retryAfter().toSeconds()));
                return Optional.of(pending.retryAfter());
            }
            put(both(((Issued) answer).certificates(), issuers), put);
            return Optional.empty();
        } catch (ProtocolException failed) {
            audit.append(CredentialEvent.failure(FAILED, caller, credential).detail("reason", failed.description()));
            throw failed;
        }
    }

    private static UnverifiedCertificates both(UnverifiedCertificates issued, UnverifiedCertificates issuers) {
        var all = new LinkedHashSet<>(issued.certificates());
        all.addAll(issuers.certificates());
        return new UnverifiedCertificates(List.copyOf(all));
    }

    /** What would be the caller's mistake is the authority's here. */
    private static void put(UnverifiedCertificates certificates, Consumer<UnverifiedCertificates> put) {
        try {
            put.accept(certificates);
        } catch (ProtocolException refused) {
            throw refused.code() == OAuth2Error.INVALID_REQUEST
                    ? new ProtocolException(SignerError.ENROLMENT_FAILED, NOT_ACCEPTED + refused.description())
                    : refused;
        }
    }
}
