package org.countersign.core.x509;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A chain that was verified, end entity first, root last.
 *
 * @param certificates at least one
 */
public record CertificateChain(List<X509Certificate> certificates) {

    public CertificateChain {
        certificates = List.copyOf(certificates);
    }

    /**
     * A chain that was verified before it was stored.
     *
     * @param der end entity first
     * @throws IllegalArgumentException when one does not decode
     */
    public static CertificateChain ofStored(List<byte[]> der) {
        return new CertificateChain(
                der.stream().map(CertificateEncoding::decode).toList());
    }

    public X509Certificate endEntity() {
        return certificates.get(0);
    }

    /** DER of each, end entity first. */
    public List<byte[]> der() {
        return certificates.stream().map(CertificateEncoding::encode).toList();
    }

    /** The latest beginning in the chain: before it, the chain is not valid. */
    public Instant notBefore() {
        return certificates.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The earliest end in the chain: after it, the chain is not valid. */
    public Instant notAfter() {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Of the end entity; RFC 4514. */
    public String subject() {
        return endEntity().getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    /** Of the end entity; RFC 4514. */
    public String issuer() {
        return endEntity().getIssuerX500Principal().getName(X500Principal.RFC2253);
    }

    /** Of the end entity. */
    public BigInteger serialNumber() {
        return endEntity().getSerialNumber();
    }
}
