package org.countersign.signer.documents;

import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.SignatureAlgorithm;

/** A key with a certificate of a root of its own, and what signs with it. */
public record SigningSeat(CertificateChain chain, PrivateKey key) {

    private static final X500Name ROOT = new X500Name("CN=Root of documents");
    private static final KeyPair ROOT_KEYS = keys("EC", 256);
    private static final X509Certificate ROOT_CERTIFICATE = certificate(ROOT, ROOT_KEYS, true);

    public static SigningSeat of(SignatureAlgorithm algorithm) {
        var keys = switch (algorithm.family()) {
            case RSA -> keys("RSA", 2048);
            case EC -> keys("EC", 256);
            case ED25519 -> keys("Ed25519", 255);
        };
        var certificate = certificate(new X500Name("CN=Jane Doe"), keys, false);
        return new SigningSeat(new CertificateChain(List.of(certificate, ROOT_CERTIFICATE)), keys.getPrivate());
    }

    public static X509Certificate root() {
        return ROOT_CERTIFICATE;
    }

    /** As a vault would sign its hash. */
    public byte[] sign(SignatureAlgorithm algorithm, byte[] data) {
        try {
            var name = switch (algorithm) {
                case SHA256WITHRSA -> "SHA256withRSA";
                case SHA256WITHRSAANDMGF1 -> "RSASSA-PSS";
                case SHA256WITHECDSA -> "SHA256withECDSA";
                case ED25519 -> "Ed25519";
                default -> throw new IllegalArgumentException(algorithm.wireName());
            };
            var signature = Signature.getInstance(name);
            if (algorithm == SignatureAlgorithm.SHA256WITHRSAANDMGF1) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static KeyPair keys(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static X509Certificate certificate(X500Name subject, KeyPair keys, boolean authority) {
        return certificate(subject, keys, authority, null);
    }

    private static X509Certificate certificate(
            X500Name subject, KeyPair keys, boolean authority, KeyPurposeId purpose) {
        try {
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    ROOT,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(30))),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(ROOT_KEYS.getPrivate())));
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Time stamps by an authority below the same root. */
    public static TSPSource stamps() {
        return stamps(List.of());
    }

    /** @param more certificates that come with them */
    public static TSPSource stamps(List<X509CertificateHolder> more) {
        var keys = keys("EC", 256);
        var certificate = certificate(new X500Name("CN=Stamps"), keys, false, KeyPurposeId.id_kp_timeStamping);
        return (algorithm, digest) -> {
            try {
                var generator = new TimeStampTokenGenerator(
                        new JcaSimpleSignerInfoGeneratorBuilder()
                                .build("SHA256withECDSA", keys.getPrivate(), certificate),
                        new JcaDigestCalculatorProviderBuilder()
                                .build()
                                .get(new AlgorithmIdentifier(TSPAlgorithms.SHA256)),
                        new ASN1ObjectIdentifier("1.2.3"));
                var certificates = new ArrayList<>(more);
                certificates.add(new JcaX509CertificateHolder(certificate));
                generator.addCertificates(new CollectionStore<>(certificates));
                var request = new TimeStampRequestGenerator();
                request.setCertReq(true);
                var oid = new ASN1ObjectIdentifier(algorithm.getOid());
                return new TimestampBinary(generator
                        .generate(request.generate(oid, digest), BigInteger.valueOf(System.nanoTime()), new Date())
                        .getEncoded());
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        };
    }
}
