package org.countersign.core.x509;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/**
 * Certificates as files have them: PEM labelled CERTIFICATE, one block or more; one in DER; or a PKCS#7 of certificates only, in PEM or
 * DER. 10 certificates and 98,304 bytes at most.
 */
public final class CertificatesFile {

    private static final String PEM = "-----BEGIN ";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LONGEST_KEY = 2_700;
    private static final int LONGEST_EXPONENT = 64;

    private CertificatesFile() {}

    /**
     * In the order of the file.
     *
     * @return empty when the file is something else
     * @throws ProtocolException {@code invalid_request} when it is labelled as certificates and has none that can be read, too many, or one with too long a key
     */
    public static Optional<List<X509Certificate>> read(Path file) {
        var certificates = decode(file);
        certificates.ifPresent(CertificatesFile::requireUsualKeys);
        return certificates;
    }

    /**
     * Refuses what somebody made to take long to verify. RSA of 16,384 bits has 2,086 bytes, ML-DSA-87 2,614.
     *
     * @throws ProtocolException {@code invalid_request}
     */
    public static void requireUsualKeys(List<X509Certificate> certificates) {
        for (var certificate : certificates) {
            // Of an algorithm that is not known, there may be none.
            var key = certificate.getPublicKey();
            if (key != null && key.getEncoded().length > LONGEST_KEY
                    || key instanceof RSAPublicKey rsa
                            && rsa.getPublicExponent().bitLength() > LONGEST_EXPONENT) {
                throw ProtocolException.invalidRequest("The key of a certificate is longer than is usual");
            }
        }
    }

    private static Optional<List<X509Certificate>> decode(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(Pkcs7.MAX_LENGTH + 1);
            var text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (text.startsWith(PEM + CERTIFICATE + "-----")) {
                return Optional.of(labelled(text));
            }
            if (bytes.length > Pkcs7.MAX_LENGTH) {
                return Optional.empty();
            }
            return text.startsWith(PEM) ? ofPkcs7(text) : ofDer(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<X509Certificate> labelled(String text) {
        if (text.length() > Pkcs7.MAX_LENGTH) {
            throw ProtocolException.invalidRequest("Certificates are longer than 98304 bytes");
        }
        try {
            var certificates = Pem.certificates(text);
            if (certificates.size() > Pkcs7.MAX_CERTIFICATES) {
                throw ProtocolException.invalidRequest("There are more than 10 certificates");
            }
            return certificates;
        } catch (IllegalArgumentException malformed) {
            throw ProtocolException.invalidRequest(malformed.getMessage());
        }
    }

    private static Optional<List<X509Certificate>> ofPkcs7(String text) {
        try {
            var blocks = Pem.blocks(text);
            return blocks.size() == 1 && Pkcs7.LABELS.contains(blocks.get(0).label())
                    ? Pkcs7.certificatesOnly(blocks.get(0).der())
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<List<X509Certificate>> ofDer(byte[] der) {
        try {
            return Optional.of(List.of(CertificateEncoding.decode(der)));
        } catch (IllegalArgumentException other) {
            return Pkcs7.certificatesOnly(der);
        }
    }
}
