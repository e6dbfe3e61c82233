package org.countersign.core.x509;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** A certificate (RFC 5280) that a service's key gives itself: it says whose the key is, and nobody vouches for it. */
public final class SelfSignedCertificate {

    /** RFC 5280 §4.1.2.5: no date is known. */
    private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

    private SelfSignedCertificate() {}

    /**
     * Builds and signs.
     *
     * @param serial positive, 20 octets at most
     * @param commonName of subject and issuer, 64 characters at most
     * @param owner the address of the service, its alternative name
     * @param algorithm of the signature, with its parameters
     * @param signature from the octets to be signed (unhashed) to the signature's octets
     * @return DER
     */
    public static byte[] der(
            PublicKey key,
            BigInteger serial,
            String commonName,
            URI owner,
            Instant notBefore,
            AlgorithmIdentifier algorithm,
            UnaryOperator<byte[]> signature) {
        var name = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
        var address = new GeneralName(GeneralName.uniformResourceIdentifier, owner.toString());
        try {
            return new X509v3CertificateBuilder(
                            name,
                            serial,
                            new Time(Date.from(notBefore)),
                            new Time(Date.from(NO_END)),
                            name,
                            SubjectPublicKeyInfo.getInstance(key.getEncoded()))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(address))
                    .build(new SignatureFunction(algorithm, signature))
                    .getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }
}
