package org.countersign.core.x509;

import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate as text: RFC 7468 §5. */
public final class CertificatePem {

    private CertificatePem() {}

    /**
     * One certificate or more, in their order.
     *
     * @throws IllegalArgumentException when there is none or one does not decode
     */
    public static List<X509Certificate> read(String pem) {
        return Pem.certificates(pem);
    }

    /** Lines end with a line feed. */
    public static String write(X509Certificate certificate) {
        return Pem.write("CERTIFICATE", CertificateEncoding.encode(certificate));
    }
}
