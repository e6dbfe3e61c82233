package org.countersign.signer.ades;

import eu.europa.esig.dss.alert.SilentOnStatusAlert;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Where chains of certificates may end, and what may be fetched to judge them. Safe for use by many threads. */
public final class Trust {

    private final Set<X509Certificate> anchors;
    private final Optional<RevocationLists> revocation;

    /** @param revocation without them, nothing is fetched */
    public Trust(Collection<X509Certificate> anchors, Optional<RevocationLists> revocation) {
        this.anchors = Set.copyOf(anchors);
        this.revocation = revocation;
    }

    public boolean tellsOfRevocation() {
        return revocation.isPresent();
    }

    /**
     * DSS's view of this, for one use. What a credential's certificate has to be is decided elsewhere, so that dates are no
     * concern when signing; certificates are never fetched.
     */
    public CertificateVerifier verifier() {
        Ades.ready();
        var verifier = new CommonCertificateVerifier(true);
        verifier.setAIASource(null);
        verifier.setAlertOnExpiredCertificate(new SilentOnStatusAlert());
        verifier.setAlertOnNotYetValidCertificate(new SilentOnStatusAlert());
        var trusted = new CommonTrustedCertificateSource();
        anchors.forEach(anchor -> trusted.addCertificate(new CertificateToken(anchor)));
        verifier.setTrustedCertSources(trusted);
        revocation.ifPresent(verifier::setCrlSource);
        return verifier;
    }
}
