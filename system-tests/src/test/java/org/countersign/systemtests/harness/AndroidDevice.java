package org.countersign.systemtests.harness;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An Android device of which the test's wallet providers know the maker, and how it attests that it keeps a key. */
public final class AndroidDevice {

    private static final KeyPair MAKER = keys();
    private static final X509CertificateHolder ROOT = certificate("CN=Maker", MAKER.getPublic(), true, null);
    private static final ASN1ObjectIdentifier DESCRIPTION = new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17");

    private AndroidDevice() {}

    /** What the provider's configuration has. */
    public static String rootPem() {
        return TestAuthority.pem(ROOT);
    }

    /**
     * What goes into {@code key_attestation}: the key is in the trusted environment, and used by fingerprint.
     *
     * @param nonce of the provider
     */
    public static String attest(PublicKey key, String nonce) {
        var hardware = new DERSequence(new ASN1Encodable[] {
            new DERTaggedObject(true, 1, new DERSet(new ASN1Integer(2))),
            new DERTaggedObject(true, 504, new ASN1Integer(2)),
            new DERTaggedObject(true, 702, new ASN1Integer(0)),
            new DERTaggedObject(true, 704, new DERSequence(new ASN1Encodable[] {
                new DEROctetString(new byte[32]), ASN1Boolean.TRUE, new ASN1Enumerated(0)
            }))
        });
        var description = new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(300),
            new ASN1Enumerated(1),
            new ASN1Integer(300),
            new ASN1Enumerated(1),
            new DEROctetString(nonce.getBytes(StandardCharsets.US_ASCII)),
            new DEROctetString(new byte[0]),
            new DERSequence(new DERTaggedObject(true, 509, DERNull.INSTANCE)),
            hardware
        });
        try {
            return "android-key:"
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(certificate("CN=Key", key, false, description)
                                    .getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509CertificateHolder certificate(
            String subject, PublicKey key, boolean authority, ASN1Encodable description) {
        try {
            var now = Instant.now();
            var builder = new X509v3CertificateBuilder(
                    new X500Name("CN=Maker"),
                    BigInteger.valueOf(now.toEpochMilli()),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(30))),
                    new X500Name(subject),
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (description != null) {
                builder.addExtension(DESCRIPTION, false, description);
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(MAKER.getPrivate()));
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
