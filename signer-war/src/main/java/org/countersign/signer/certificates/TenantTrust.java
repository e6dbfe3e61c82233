package org.countersign.signer.certificates;

import java.time.Clock;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.signer.configuration.TenantSettings;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.KeyPair;

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
        return verify(credential, credential.keyPair().orElseThrow(), certificates);
    }

    /**
     * As {@link #verify(Credential, UnverifiedCertificates)}.
     *
     * @param keyPair whose certificate it is to be
     */
    public CertificateChain verify(Credential credential, KeyPair keyPair, UnverifiedCertificates certificates) {
        var tenant = tenants.get(credential.seat().tenant());
        var key = keyPair.decodedPublicKey();
        if (tenant.demonstration() && tenant.trustAnchors().isEmpty()) {
            return certificates.verifyAmongThemselves(key, clock.instant());
        }
        return certificates.verify(key, clock.instant(), tenant.trustAnchors().orElse(TrustAnchors.NONE));
    }

    public boolean isDemonstration(String tenant) {
        return tenants.get(tenant).demonstration();
    }
}
