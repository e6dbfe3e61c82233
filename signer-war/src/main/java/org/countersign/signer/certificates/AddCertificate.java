package org.countersign.signer.certificates;

import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.Credentials;

/** Gives a credential its certificate chain (seed, "Add a Certificate"). */
public final class AddCertificate {

    private final Credentials credentials;
    private final TenantTrust trust;
    private final AuditLog audit;

    public AddCertificate(Credentials credentials, TenantTrust trust, AuditLog audit) {
        this.credentials = credentials;
        this.trust = trust;
        this.audit = audit;
    }

    public void add(Caller caller, Credential credential, String pkcs7) {
        if (pkcs7 == null || pkcs7.isEmpty()) {
            throw ProtocolException.invalidRequest("pkcs7 is required");
        }
        requireKeyPair(credential);
        add(caller, credential, UnverifiedCertificates.parse(pkcs7));
    }

    /** @param credential with its key pair */
    public void add(Caller caller, Credential credential, UnverifiedCertificates certificates) {
        var chain = trust.verify(credential, certificates);
        if (!credentials.setCertificates(credential.id(), chain)) {
            throw hasOne();
        }
        try {
            audit.append(CredentialEvent.success("certificate.added", caller, credential)
                    .detail("serialNumber", chain.serialNumber().toString(16)));
        } catch (RuntimeException failed) {
            // Nothing comes into service that the log does not know.
            try {
                credentials.removeCertificates(credential.id(), chain);
            } catch (RuntimeException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
    }

    /** @throws ProtocolException {@code conflict} unless the credential lacks its certificate, and that alone */
    public void requireWanted(Credential credential) {
        requireKeyPair(credential);
        if (credential.chain().isPresent()) {
            throw hasOne();
        }
    }

    private static void requireKeyPair(Credential credential) {
        if (credential.publicKey().isEmpty()) {
            throw new ProtocolException(SignerError.CONFLICT, "The key pair comes before the certificate");
        }
    }

    private static ProtocolException hasOne() {
        return new ProtocolException(SignerError.CONFLICT, "The credential has its certificate already");
    }
}
