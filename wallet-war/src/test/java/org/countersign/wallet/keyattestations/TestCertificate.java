package org.countersign.wallet.keyattestations;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.x509.CertificateEncoding;

/** What a certificate says: of a key, for a month, until a test changes it. */
final class TestCertificate {

    private static final AtomicLong SERIALS = new AtomicLong(1000);

    private final String subject;
    private final Map<String, byte[]> extensions = new LinkedHashMap<>();
    private BasicConstraints constraints = new BasicConstraints(false);
    private KeyUsage usage;
    private BigInteger serial = BigInteger.valueOf(SERIALS.incrementAndGet());
    private String critical;
    private Instant from = TestMaker.NOW.minus(Duration.ofDays(1000));
    private Instant until = TestMaker.NOW.plus(Duration.ofDays(30));
    private String signature = "SHA256withECDSA";

    TestCertificate(String subject) {
        this.subject = subject;
    }

    String subject() {
        return subject;
    }

    TestCertificate authority() {
        constraints = new BasicConstraints(true);
        return this;
    }

    /** @param length how many authorities may come below it */
    TestCertificate authority(int length) {
        constraints = new BasicConstraints(length);
        return this;
    }

    TestCertificate usage(int allowed) {
        usage = new KeyUsage(allowed);
        return this;
    }

    TestCertificate with(Map<String, ASN1Encodable> more) {
        more.forEach((extension, value) -> with(extension, encoded(value)));
        return this;
    }

    private static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @param octets whatever they are */
    TestCertificate with(String extension, byte[] octets) {
        extensions.put(extension, octets);
        return this;
    }

    /** One of its extensions is not to be passed over. */
    TestCertificate critical(String extension) {
        critical = extension;
        return this;
    }

    TestCertificate serial(BigInteger number) {
        serial = number;
        return this;
    }

    TestCertificate from(Instant begin) {
        from = begin;
        return this;
    }

    TestCertificate until(Instant end) {
        until = end;
        return this;
    }

    TestCertificate signature(String algorithm) {
        signature = algorithm;
        return this;
    }

    X509Certificate issue(KeyPair keys, String issuer, KeyPair issuerKeys) {
        try {
            var builder = new X509v3CertificateBuilder(
                    new X500Name(issuer),
                    serial,
                    Date.from(from),
                    Date.from(until),
                    new X500Name(subject),
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, constraints);
            if (usage != null) {
                builder.addExtension(Extension.keyUsage, true, usage);
            }
            for (var extension : extensions.entrySet()) {
                builder.addExtension(
                        new ASN1ObjectIdentifier(extension.getKey()),
                        extension.getKey().equals(critical),
                        extension.getValue());
            }
            return CertificateEncoding.decode(
                    builder.build(new JcaContentSignerBuilder(signature).build(issuerKeys.getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
