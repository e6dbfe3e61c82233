package org.countersign.systemtests.harness;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.CollectionStore;

/** A root and an issuing authority below it. */
public final class TestAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
    private static final Duration LIFE = Duration.ofDays(30);

    private final KeyPair rootKeys = keys();
    private final KeyPair issuingKeys = keys();
    private final X509CertificateHolder root;
    private final X509CertificateHolder issuing;

    /** @param name in the names of its certificates */
    public TestAuthority(String name) {
        var rootName = new X500Name("CN=" + name + " root");
        var now = Instant.now();
        var from = now.minus(Duration.ofDays(1));
        this.root = certificate(rootName, rootKeys, rootName, info(rootKeys), from, now.plus(LIFE), true);
        this.issuing = certificate(
                rootName,
                rootKeys,
                new X500Name("CN=" + name + " issuing"),
                info(issuingKeys),
                from,
                now.plus(LIFE),
                true);
    }

    public String rootPem() {
        return pem(root);
    }

    public X509CertificateHolder root() {
        return root;
    }

    public X509CertificateHolder issuing() {
        return issuing;
    }

    /** @param csr PKCS#10 in PEM, whose own signature is checked by {@link OpenSsl} */
    public X509CertificateHolder issue(String csr) {
        return issue(
                csr, Instant.now().minus(Duration.ofMinutes(5)), Instant.now().plus(LIFE));
    }

    public X509CertificateHolder issue(String csr, Instant from, Instant until) {
        var request = request(csr);
        return certificate(
                issuing.getSubject(),
                issuingKeys,
                request.getSubject(),
                request.getSubjectPublicKeyInfo(),
                from,
                until,
                false);
    }

    /** End entity, issuing authority and root in one envelope. */
    public String pkcs7(X509CertificateHolder endEntity) {
        return pkcs7(List.of(endEntity, issuing, root));
    }

    public static String pkcs7(List<X509CertificateHolder> certificates) {
        try {
            var generator = new CMSSignedDataGenerator();
            generator.addCertificates(new CollectionStore<>(certificates));
            return pem(generator.generate(new CMSAbsentContent(), false).toASN1Structure());
        } catch (CMSException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static PKCS10CertificationRequest request(String csr) {
        try (var parser = new PEMParser(new StringReader(csr))) {
            return (PKCS10CertificationRequest) parser.readObject();
        } catch (IOException malformed) {
            throw new AssertionError("The answer is no request for a certificate: " + csr, malformed);
        }
    }

    public static String pem(Object object) {
        try {
            var text = new StringWriter();
            try (var writer = new JcaPEMWriter(text)) {
                writer.writeObject(object);
            }
            return text.toString();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509CertificateHolder certificate(
            X500Name issuer,
            KeyPair issuerKeys,
            X500Name subject,
            SubjectPublicKeyInfo key,
            Instant from,
            Instant until,
            boolean authority) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()));
        } catch (IOException | OperatorCreationException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static SubjectPublicKeyInfo info(KeyPair keys) {
        return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
