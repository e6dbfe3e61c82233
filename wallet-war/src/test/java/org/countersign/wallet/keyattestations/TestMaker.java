package org.countersign.wallet.keyattestations;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.core.x509.TrustAnchors;

/** Who makes devices: a root, and an authority below it whose certificates are for keys. */
public final class TestMaker {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final String NAME = "CN=Maker";

    private final KeyPair rootKeys = keys();
    private final KeyPair issuingKeys = keys();
    private final X509Certificate root;
    private final X509Certificate issuing;

    TestMaker() {
        this(Map.of());
    }

    /** @param extensions of the authority's own certificate */
    TestMaker(Map<String, ASN1Encodable> extensions) {
        this(new TestCertificate("CN=Device").authority().with(extensions));
    }

    /** @param authority its certificate */
    TestMaker(TestCertificate authority) {
        root = new TestCertificate(NAME)
                .authority()
                .until(NOW.plus(Duration.ofDays(90)))
                .issue(rootKeys, NAME, rootKeys);
        issuing = authority.until(NOW.plus(Duration.ofDays(60))).issue(issuingKeys, NAME, rootKeys);
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

    /** Of somebody. */
    public static String rootPem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(new TestMaker().root())
                + "\n-----END CERTIFICATE-----\n";
    }

    KeyOrigin origin(X509Certificate own, boolean development) {
        return new KeyOrigin(KeyOrigin.id(root), Set.of(own.getSerialNumber(), issuing.getSerialNumber()), development);
    }

    /** The root's certificate anew, of the same key, and expired. */
    byte[] rootOfBefore() {
        return CertificateEncoding.encode(
                new TestCertificate(NAME).authority().until(NOW.minusSeconds(1)).issue(rootKeys, NAME, rootKeys));
    }

    /** Another authority below the root. */
    X509Certificate issueByRoot(KeyPair keys, TestCertificate certificate) {
        return certificate.issue(keys, NAME, rootKeys);
    }

    X509Certificate issue(KeyPair keys, Map<String, ASN1Encodable> extensions) {
        return issue(keys, new TestCertificate("CN=Key").with(extensions));
    }

    X509Certificate issue(KeyPair keys, TestCertificate certificate) {
        return issueByIssuing(keys, issuing.getSubjectX500Principal().getName(), certificate);
    }

    /** @param issuer by which name */
    X509Certificate issueByIssuing(KeyPair keys, String issuer, TestCertificate certificate) {
        return certificate.issue(keys, issuer, issuingKeys);
    }
}
