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
    private final Set<X509Certificate> stamping;
    private final Optional<RevocationSources> revocation;

    /** @param revocation without them, nothing is fetched */
    public Trust(Collection<X509Certificate> anchors, Optional<RevocationSources> revocation) {
        this(anchors, Set.of(), revocation);
    }

    /**
     * As the other one.
     *
     * @param stamping anchors for time stamps alone
     */
    public Trust(
            Collection<X509Certificate> anchors,
            Collection<X509Certificate> stamping,
            Optional<RevocationSources> revocation) {
        this.anchors = Set.copyOf(anchors);
        this.stamping = Set.copyOf(stamping);
        this.revocation = revocation;
    }

    /** Whether a chain of certificates ends where a signer's may, and not only a time stamp's. @param ids DSS's, of the chain */
    public boolean isSigners(Collection<String> ids) {
        return anchors.stream().map(CertificateToken::new).anyMatch(anchor -> ids.contains(anchor.getDSSIdAsString()));
    }

    /** To the byte. */
    public boolean isAnchor(X509Certificate certificate) {
        return anchors.contains(certificate);
    }

    /** The same without what is for time stamps alone. */
    public Trust withoutStamping() {
        return new Trust(anchors, revocation);
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
        verifier.setAlertOnMissingRevocationData(status -> {
            throw Revocation.unknown();
        });
        verifier.setAlertOnNotYetValidCertificate(new SilentOnStatusAlert());
        var trusted = new CommonTrustedCertificateSource();
        anchors.forEach(anchor -> trusted.addCertificate(new CertificateToken(anchor)));
        stamping.forEach(anchor -> trusted.addCertificate(new CertificateToken(anchor)));
        verifier.setTrustedCertSources(trusted);
        revocation.ifPresent(sources -> sources.into(verifier));
        return verifier;
    }
}
