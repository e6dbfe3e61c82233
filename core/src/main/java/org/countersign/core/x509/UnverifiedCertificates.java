package org.countersign.core.x509;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.countersign.core.error.ProtocolException;

/**
 * Certificates as a caller brought them, in any order; nothing about them is known yet.
 *
 * @param certificates 1 to 10
 */
public record UnverifiedCertificates(List<X509Certificate> certificates) {

    public UnverifiedCertificates {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads {@code pkcs7}: PEM labelled PKCS7 or CMS, or the base64 of the DER; a SignedData with certificates only (RFC
     * 5652 §5).
     *
     * @throws ProtocolException invalid_request
     */
    public static UnverifiedCertificates parse(String pkcs7) {
        return new UnverifiedCertificates(Pkcs7.certificates(pkcs7));
    }

    /**
     * The chain of the credential's key up to a trust anchor.
     *
     * @throws ProtocolException invalid_request, each reason with its own description
     */
    public CertificateChain verify(PublicKey credentialKey, Instant at, TrustAnchors anchors) {
        return ChainVerification.verify(certificates, credentialKey, at, anchors);
    }

    /**
     * The chain of a key up to the self-signed root that came along. It says that they belong together, not that anybody is to trust them:
     * enough for a demonstration tenant, or when others are to judge.
     *
     * @throws ProtocolException invalid_request, each reason with its own description
     */
    public CertificateChain verifyAmongThemselves(PublicKey key, Instant at) {
        return ChainVerification.verify(certificates, key, at, TrustAnchors.selfSigned(certificates));
    }
}
