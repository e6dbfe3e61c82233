package org.countersign.signer.enrolment;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.CollectionStore;

/** A self-signed authority that certifies keys, and writes certificates as its server does. */
public final class TestAuthority {

    private static long serial = 1;

    final KeyPair keys = keys();
    public final X509Certificate certificate;

    public TestAuthority(String name) {
        certificate = certificate(name, keys, name, keys, true);
    }

    /** For a key, with 127.0.0.1 as alternative name. */
    public X509Certificate issue(String name, KeyPair of) {
        return certificate(certificate.getSubjectX500Principal().getName().substring(3), keys, name, of, false);
    }

    public static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    public static X509Certificate certificate(
            String issuer, KeyPair issuerKeys, String name, KeyPair of, boolean authority) {
        try {
            var now = Instant.now();
            var builder = new X509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    BigInteger.valueOf(serial++),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    new X500Name("CN=" + name),
                    SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
            var built = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()));
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(built.getEncoded()));
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The body of an answer: PKCS#7 in base64. */
    static byte[] body(X509Certificate... certificates) {
        try {
            var holders = new ArrayList<JcaX509CertificateHolder>();
            for (var certificate : certificates) {
                holders.add(new JcaX509CertificateHolder(certificate));
            }
            var generator = new CMSSignedDataGenerator();
            generator.addCertificates(new CollectionStore<>(List.copyOf(holders)));
            var der = generator.generate(new CMSAbsentContent(), false).getEncoded();
            return Base64.getMimeEncoder().encodeToString(der).getBytes(StandardCharsets.US_ASCII);
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }
}
