package org.countersign.core.x509;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** The certificates a tenant, or a service, trusts. */
public record TrustAnchors(Set<X509Certificate> certificates) {

    /** Trusts nobody. */
    public static final TrustAnchors NONE = new TrustAnchors(Set.of());

    public TrustAnchors {
        certificates = Set.copyOf(certificates);
    }

    /**
     * Reads one or more PEM blocks labelled CERTIFICATE (RFC 7468 §5); text between blocks is explanatory.
     *
     * @throws IllegalArgumentException when there is none or one does not decode; messages fit a configuration's problems
     */
    public static TrustAnchors read(String pem) {
        return new TrustAnchors(Set.copyOf(Pem.certificates(pem)));
    }

    static TrustAnchors selfSigned(List<X509Certificate> certificates) {
        return new TrustAnchors(Set.copyOf(
                certificates.stream().filter(ChainVerification::isSelfSigned).toList()));
    }
}
