package org.countersign.core.x509;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** DER to certificate and back; nothing but one certificate is read. */
public final class CertificateEncoding {

    /** Of one certificate, in bytes; real ones are below 10 KiB. */
    static final int MAX_LENGTH = 65_536;

    private static final int SEQUENCE = 0x30;

    private CertificateEncoding() {}

    /** @throws IllegalArgumentException when it does not decode or more follows */
    public static X509Certificate decode(byte[] der) {
        // The first byte: the factory would read PEM as well.
        if (der.length == 0 || der.length > MAX_LENGTH || der[0] != SEQUENCE) {
            throw new IllegalArgumentException("A certificate does not decode");
        }
        try {
            var in = new ByteArrayInputStream(der);
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            if (in.available() > 0) {
                throw new IllegalArgumentException("A certificate is followed by something else");
            }
            return certificate;
        } catch (CertificateException malformed) {
            throw new IllegalArgumentException("A certificate does not decode", malformed);
        }
    }

    public static byte[] encode(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }
}
