package org.countersign.wallet.keyattestations;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.core.x509.TrustAnchors;

/**
 * Certificates as a device sends them, the key's own first: path validation (RFC 5280 §6) by the JDK, without fetching anything.
 *
 * @param certificates those below the root, the key's own first
 * @param root of the configuration
 */
record AttestationPath(List<X509Certificate> certificates, X509Certificate root) {

    private static final int MOST = 6;
    private static final int LONGEST = 4_096;
    /** In bits (RFC 5280 §4.1.2.2). */
    private static final int LONGEST_SERIAL = 160;

    AttestationPath {
        certificates = List.copyOf(certificates);
    }

    /** @param der as sent; a root at their end may be left out */
    static AttestationPath verify(List<byte[]> der, TrustAnchors roots, Instant at) throws BadKeyAttestation {
        var path = decode(der);
        if (roots.certificates().contains(path.get(path.size() - 1))) {
            path.remove(path.size() - 1);
        }
        BadKeyAttestation.require(!path.isEmpty(), "number of certificates");
        return new AttestationPath(path, validate(path, roots, at));
    }

    /** One at least. */
    static List<X509Certificate> decode(List<byte[]> der) throws BadKeyAttestation {
        BadKeyAttestation.require(!der.isEmpty() && der.size() <= MOST, "number of certificates");
        var certificates = new ArrayList<X509Certificate>();
        for (byte[] one : der) {
            BadKeyAttestation.require(one.length <= LONGEST, "length of a certificate");
            try {
                certificates.add(CertificateEncoding.decode(one));
            } catch (IllegalArgumentException malformed) {
                throw new BadKeyAttestation("form of a certificate");
            }
        }
        for (X509Certificate certificate : certificates) {
            BadKeyAttestation.require(
                    certificate.getSerialNumber().bitLength() <= LONGEST_SERIAL, "length of a serial number");
        }
        return certificates;
    }

    /**
     * @param path without the root
     * @return the root
     */
    static X509Certificate validate(List<X509Certificate> path, TrustAnchors roots, Instant at)
            throws BadKeyAttestation {
        try {
            var parameters = new PKIXParameters(roots.certificates().stream()
                    .map(root -> new TrustAnchor(root, null))
                    .collect(Collectors.toSet()));
            // No responder is asked; what is revoked stands in the configuration.
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            var valid = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return valid.getTrustAnchor().getTrustedCert();
        } catch (GeneralSecurityException invalid) {
            throw new BadKeyAttestation("chain of certificates");
        }
    }

    /** The key that a certificate is about. */
    static P256PublicKey key(X509Certificate certificate) throws BadKeyAttestation {
        if (certificate.getPublicKey() instanceof java.security.interfaces.ECPublicKey key) {
            try {
                return P256PublicKey.of(key);
            } catch (IllegalArgumentException otherCurve) {
                throw new BadKeyAttestation("kind of key");
            }
        }
        throw new BadKeyAttestation("kind of key");
    }
}
