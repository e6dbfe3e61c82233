package org.countersign.core.x509;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.countersign.core.error.ProtocolException;

/** The degenerate SignedData that carries certificates (RFC 5652 §5.2: "certificates only"). */
final class Pkcs7 {

    /** In characters of PEM or base64: ten certificates of 6 KiB. */
    static final int MAX_LENGTH = 98_304;

    static final int MAX_CERTIFICATES = 10;

    static final Set<String> LABELS = Set.of("PKCS7", "CMS");

    private Pkcs7() {}

    /**
     * @return empty when it is none, or one that carries anything but certificates
     * @throws ProtocolException {@code invalid_request} for how many there are, or one that does not decode
     */
    static Optional<List<X509Certificate>> certificatesOnly(byte[] der) {
        SignedData signedData;
        try {
            signedData = signedData(der);
        } catch (ProtocolException
                | IOException
                | IllegalArgumentException
                | ClassCastException
                | NoSuchElementException other) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(signedData));
        } catch (IOException | IllegalArgumentException malformed) {
            throw malformed();
        }
    }

    static List<X509Certificate> certificates(String pkcs7) {
        if (pkcs7 == null || pkcs7.isBlank()) {
            throw ProtocolException.invalidRequest("pkcs7 is null or empty");
        }
        if (pkcs7.length() > MAX_LENGTH) {
            throw ProtocolException.invalidRequest("pkcs7 is longer than 98304 characters");
        }
        try {
            return read(signedData(der(pkcs7)));
        } catch (IOException | IllegalArgumentException | ClassCastException | NoSuchElementException malformed) {
            throw malformed();
        }
    }

    private static byte[] der(String pkcs7) {
        if (!pkcs7.contains("-----BEGIN")) {
            return Pem.base64(pkcs7);
        }
        var blocks = Pem.blocks(pkcs7);
        if (blocks.size() != 1 || !LABELS.contains(blocks.get(0).label())) {
            throw malformed();
        }
        return blocks.get(0).der();
    }

    private static SignedData signedData(byte[] der) throws IOException {
        // One value and nothing behind it: fromByteArray refuses trailing bytes.
        var content = ContentInfo.getInstance(ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der)));
        // Of no bytes at all, there is none.
        if (content == null
                || !CMSObjectIdentifiers.signedData.equals(content.getContentType())
                || content.getContent() == null) {
            throw malformed();
        }
        var signedData = SignedData.getInstance(content.getContent());
        if (signedData.getSignerInfos().size() != 0
                || signedData.getEncapContentInfo().getContent() != null) {
            throw ProtocolException.invalidRequest("pkcs7 must carry certificates only");
        }
        return signedData;
    }

    private static List<X509Certificate> read(SignedData signedData) throws IOException {
        var set = signedData.getCertificates();
        if (set == null || set.size() == 0) {
            throw ProtocolException.invalidRequest("pkcs7 carries no certificate");
        }
        if (set.size() > MAX_CERTIFICATES) {
            throw ProtocolException.invalidRequest("pkcs7 carries more than 10 certificates");
        }
        var certificates = new ArrayList<X509Certificate>();
        for (var element : set) {
            certificates.add(
                    CertificateEncoding.decode(element.toASN1Primitive().getEncoded(ASN1Encoding.DER)));
        }
        return certificates;
    }

    private static ProtocolException malformed() {
        return ProtocolException.invalidRequest(
                "pkcs7 is not a PKCS#7 of certificates, in PEM or as the base64 of its DER");
    }
}
