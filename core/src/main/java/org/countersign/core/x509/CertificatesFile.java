package org.countersign.core.x509;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/**
 * Certificates as files have them: PEM labelled CERTIFICATE, one block or more; one in DER; or a PKCS#7 of certificates only, in PEM or
 * DER. 10 certificates and 98,304 bytes at most, with keys of 1,300 bytes: RSA of 8,192 bits has 1,062, and what takes minutes to verify has more.
 */
public final class CertificatesFile {

    private static final String PEM = "-----BEGIN ";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LONGEST_KEY = 1_300;

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

    /** @throws ProtocolException {@code invalid_request} */
    public static void requireUsualKeys(List<X509Certificate> certificates) {
        if (certificates.stream().anyMatch(each -> each.getPublicKey().getEncoded().length > LONGEST_KEY)) {
            throw ProtocolException.invalidRequest("The key of a certificate is longer than 1300 bytes");
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
