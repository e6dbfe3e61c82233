package org.countersign.wallet.keyattestations;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.core.x509.TrustAnchors;

/** Who makes devices: a root, and an authority below it whose certificates are for keys. */
final class TestMaker {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final AtomicLong SERIALS = new AtomicLong(1000);

    private final KeyPair rootKeys = keys();
    private final KeyPair issuingKeys = keys();
    private final X509Certificate root;
    private final X509Certificate issuing;

    TestMaker() {
        this(Map.of());
    }

    /** @param extensions of the authority's own certificate */
    TestMaker(Map<String, ASN1Encodable> extensions) {
        root = certificate("CN=Maker", rootKeys, "CN=Maker", rootKeys, true, Map.of(), NOW.plus(Duration.ofDays(90)));
        issuing = certificate(
                "CN=Maker", rootKeys, "CN=Device", issuingKeys, true, extensions, NOW.plus(Duration.ofDays(60)));
    }

    static KeyPair keys() {
        return keys("secp256r1");
    }

    static KeyPair keys(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static P256PublicKey publicKey(KeyPair keys) {
        return P256PublicKey.of((ECPublicKey) keys.getPublic());
    }

    TrustAnchors roots() {
        return new TrustAnchors(Set.of(root));
    }

    byte[] root() {
        return CertificateEncoding.encode(root);
    }

    byte[] issuing() {
        return CertificateEncoding.encode(issuing);
    }

    X509Certificate issue(KeyPair keys, Map<String, ASN1Encodable> extensions) {
        return issue(keys, extensions, NOW.plus(Duration.ofDays(30)));
    }

    X509Certificate issue(KeyPair keys, Map<String, ASN1Encodable> extensions, Instant until) {
        return certificate("CN=Device", issuingKeys, "CN=Key", keys, false, extensions, until);
    }

    /** What somebody signs who has an attested key, and is no authority. */
    static X509Certificate forge(KeyPair attested, KeyPair keys, Map<String, ASN1Encodable> extensions) {
        return certificate("CN=Key", attested, "CN=Forged", keys, false, extensions, NOW.plus(Duration.ofDays(30)));
    }

    private static X509Certificate certificate(
            String issuer,
            KeyPair issuerKeys,
            String subject,
            KeyPair keys,
            boolean authority,
            Map<String, ASN1Encodable> extensions,
            Instant until) {
        try {
            var builder = new X509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(SERIALS.incrementAndGet()),
                    Date.from(NOW.minus(Duration.ofDays(1))),
                    Date.from(until),
                    new X500Name(subject),
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            for (var extension : extensions.entrySet()) {
                builder.addExtension(new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
            }
            return CertificateEncoding.decode(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()))
                            .getEncoded());
        } catch (CertIOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
