package org.countersign.wallet.keyattestations;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
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

/** Certificates as a device sends them, the key's own first: path validation (RFC 5280 §6) by the JDK, without fetching anything. */
final class AttestationPath {

    private static final int MOST = 6;
    private static final int LONGEST = 4_096;

    private AttestationPath() {}

    /**
     * @param der as sent; a root at their end may be left out
     * @return those below the root, the key's own first
     */
    static List<X509Certificate> verify(List<byte[]> der, TrustAnchors roots, Instant at) throws BadKeyAttestation {
        BadKeyAttestation.require(!der.isEmpty() && der.size() <= MOST, "number of certificates");
        var path = new ArrayList<X509Certificate>();
        for (byte[] one : der) {
            BadKeyAttestation.require(one.length <= LONGEST, "length of a certificate");
            try {
                path.add(CertificateEncoding.decode(one));
            } catch (IllegalArgumentException malformed) {
                throw new BadKeyAttestation("form of a certificate");
            }
        }
        if (roots.certificates().contains(path.get(path.size() - 1))) {
            path.remove(path.size() - 1);
        }
        BadKeyAttestation.require(!path.isEmpty(), "number of certificates");
        validate(path, roots, at);
        return List.copyOf(path);
    }

    private static void validate(List<X509Certificate> path, TrustAnchors roots, Instant at) throws BadKeyAttestation {
        try {
            var parameters = new PKIXParameters(roots.certificates().stream()
                    .map(root -> new TrustAnchor(root, null))
                    .collect(Collectors.toSet()));
            // No responder is asked; what is revoked stands in the configuration.
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
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
