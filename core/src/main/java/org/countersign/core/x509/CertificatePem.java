package org.countersign.core.x509;

import java.security.cert.X509Certificate;

/** A certificate as text: RFC 7468 §5. */
public final class CertificatePem {

    private CertificatePem() {}

    /** Lines end with a line feed. */
    public static String write(X509Certificate certificate) {
        return Pem.write("CERTIFICATE", CertificateEncoding.encode(certificate));
    }
}
