package org.countersign.core.x509;

import java.io.IOException;
import java.security.PublicKey;
import java.util.function.UnaryOperator;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** A PKCS#10 request (RFC 2986) for a key that lives elsewhere. */
public final class CertificateRequest {

    static final String LABEL = "CERTIFICATE REQUEST";

    private CertificateRequest() {}

    /**
     * Builds and signs.
     *
     * @param algorithm of the signature, with its parameters
     * @param signature from the octets to be signed (unhashed) to the signature's octets
     * @return PEM, lines ended by a line feed
     */
    public static String pem(
            PublicKey key, X500Principal subject, AlgorithmIdentifier algorithm, UnaryOperator<byte[]> signature) {
        try {
            var request = new PKCS10CertificationRequestBuilder(
                            X500Name.getInstance(subject.getEncoded()),
                            SubjectPublicKeyInfo.getInstance(key.getEncoded()))
                    .build(new SignatureFunction(algorithm, signature));
            return Pem.write(LABEL, request.getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException("A certificate request does not encode", impossible);
        }
    }
}
