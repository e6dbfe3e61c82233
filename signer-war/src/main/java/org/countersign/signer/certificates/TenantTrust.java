package org.countersign.signer.certificates;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.signer.configuration.TenantSettings;
import org.countersign.signer.credentials.Credential;

/** Which certificates a tenant accepts for its credentials. */
public final class TenantTrust {

    private final Map<String, TenantSettings> tenants;
    private final Clock clock;

    public TenantTrust(Map<String, TenantSettings> tenants, Clock clock) {
        this.tenants = tenants;
        this.clock = clock;
    }

    /** @throws ProtocolException {@code invalid_request}, with the reason the chain is not accepted for */
    public CertificateChain verify(Credential credential, UnverifiedCertificates certificates) {
        var tenant = tenants.get(credential.seat().tenant());
        var key = publicKey(credential);
        if (tenant.demonstration() && tenant.trustAnchors().isEmpty()) {
            return certificates.verifyDemonstration(key, clock.instant());
        }
        return certificates.verify(key, clock.instant(), tenant.trustAnchors().orElse(TrustAnchors.NONE));
    }

    public boolean isDemonstration(String tenant) {
        return tenants.get(tenant).demonstration();
    }

    private static PublicKey publicKey(Credential credential) {
        var algorithm = credential.keyAlgorithm().map(KeyAlgorithm::family).orElseThrow();
        try {
            return KeyFactory.getInstance(algorithm.wireName())
                    .generatePublic(
                            new X509EncodedKeySpec(credential.publicKey().orElseThrow()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("A stored public key does not decode", impossible);
        }
    }
}
