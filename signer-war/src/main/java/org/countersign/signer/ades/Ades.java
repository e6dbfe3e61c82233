package org.countersign.signer.ades;

import eu.europa.esig.dss.alert.SilentOnStatusAlert;
import eu.europa.esig.dss.spi.DSSSecurityProvider;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;

/** DSS, ready to be used. It is set up by the first use, not by the start of the context. */
public final class Ades {

    private static final Ades INSTANCE = new Ades();

    private Ades() {
        DSSSecurityProvider.setSecurityProvider(new OwnProvider());
        XmlSignatures.setUp();
    }

    public static Ades ready() {
        return INSTANCE;
    }

    /**
     * Knows no certificate and fetches nothing. What a credential's certificate has to be is decided elsewhere, so that dates are no
     * concern here.
     */
    public CertificateVerifier offlineVerifier() {
        var verifier = new CommonCertificateVerifier(true);
        verifier.setAIASource(null);
        verifier.setAlertOnExpiredCertificate(new SilentOnStatusAlert());
        verifier.setAlertOnNotYetValidCertificate(new SilentOnStatusAlert());
        return verifier;
    }
}
