package org.countersign.core.x509;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.countersign.core.error.ProtocolException;

/**
 * A PKCS#10 request (RFC 2986) that is of a certain key, as its signature proves, and asks for a name and nothing else: no
 * attributes.
 *
 * @param der as it came
 */
public record VerifiedRequest(X500Principal subject, byte[] der) {

    /** In characters of PEM; one of a key of 4096 bits has 1,700. */
    static final int MAX_LENGTH = 16_384;

    private static final String PSS = "RSASSA-PSS";

    /**
     * Reads and verifies.
     *
     * @param csr PEM labelled CERTIFICATE REQUEST (RFC 7468 §7)
     * @param key whose request it has to be
     * @throws ProtocolException invalid_request, each reason with its own description
     */
    public static VerifiedRequest of(String csr, PublicKey key) {
        if (csr == null || csr.isBlank()) {
            throw ProtocolException.invalidRequest("csr is null or empty");
        }
        if (csr.length() > MAX_LENGTH) {
            throw ProtocolException.invalidRequest("csr is longer than 16384 characters");
        }
        var read = read(csr);
        var info = read.request().getCertificationRequestInfo();
        if (!MessageDigest.isEqual(encoded(info.getSubjectPublicKeyInfo()), key.getEncoded())) {
            throw ProtocolException.invalidRequest("csr is not of the credential's key");
        }
        if (info.getAttributes() != null && info.getAttributes().size() > 0) {
            throw ProtocolException.invalidRequest("csr has attributes");
        }
        if (!isSigned(read.request(), encoded(info), key)) {
            throw ProtocolException.invalidRequest("The signature of csr does not verify");
        }
        return new VerifiedRequest(read.subject(), read.der());
    }

    private record Read(CertificationRequest request, X500Principal subject, byte[] der) {}

    /** Nothing but a request in its one encoding. */
    private static Read read(String csr) {
        try {
            var der = der(csr);
            var request = CertificationRequest.getInstance(ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der)));
            if (!MessageDigest.isEqual(der, encoded(request))) {
                throw malformed();
            }
            var subject = request.getCertificationRequestInfo().getSubject();
            return new Read(request, new X500Principal(encoded(subject)), der);
        } catch (IOException | RuntimeException malformed) {
            // Whatever the libraries make of it.
            throw malformed();
        }
    }

    private static byte[] encoded(ASN1Object object) {
        try {
            return object.getEncoded(ASN1Encoding.DER);
        } catch (IOException impossible) {
            throw new IllegalStateException("What was decoded does not encode", impossible);
        }
    }

    private static byte[] der(String csr) {
        var blocks = Pem.blocks(csr);
        if (blocks.size() != 1 || !CertificateRequest.LABEL.equals(blocks.get(0).label())) {
            throw malformed();
        }
        return blocks.get(0).der();
    }

    private static boolean isSigned(CertificationRequest request, byte[] toBeSigned, PublicKey key) {
        try {
            var signature = signature(request.getSignatureAlgorithm());
            signature.initVerify(key);
            signature.update(toBeSigned);
            return signature.verify(request.getSignature().getOctets());
        } catch (GeneralSecurityException | IOException | RuntimeException notOfThisKey) {
            return false;
        }
    }

    /** The JDK knows all of ours by their object identifiers. */
    private static Signature signature(AlgorithmIdentifier algorithm) throws GeneralSecurityException, IOException {
        if (!PKCSObjectIdentifiers.id_RSASSA_PSS.equals(algorithm.getAlgorithm())) {
            return Signature.getInstance(algorithm.getAlgorithm().getId());
        }
        var parameters = AlgorithmParameters.getInstance(PSS);
        parameters.init(algorithm.getParameters().toASN1Primitive().getEncoded());
        var signature = Signature.getInstance(PSS);
        signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
        return signature;
    }

    private static ProtocolException malformed() {
        return ProtocolException.invalidRequest("csr is not a PKCS#10 request in PEM");
    }
}
