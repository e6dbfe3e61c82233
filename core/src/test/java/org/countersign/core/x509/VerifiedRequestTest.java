package org.countersign.core.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;

/** Every algorithm of ours is in the server's {@code CertificateRequestTest}. */
class VerifiedRequestTest {

    private static final String MALFORMED = "csr is not a PKCS#10 request in PEM";

    private final KeyPair keys = keys();
    private final byte[] good = request(keys.getPublic(), keys, false);

    @Test
    void a_request_of_the_key_is_read() {
        var read = VerifiedRequest.of(pem(good), keys.getPublic());
        assertThat(read.subject()).isEqualTo(new X500Principal("CN=Jane Doe,O=ACME"));
        assertThat(read.der()).isEqualTo(good);
    }

    @Test
    void a_request_of_another_key_is_refused() {
        refused(pem(good), keys().getPublic(), "csr is not of the credential's key");
    }

    @Test
    void a_request_with_the_key_and_the_signature_of_another_is_refused() {
        refused(pem(request(keys.getPublic(), keys(), false)), "The signature of csr does not verify");
    }

    @Test
    void a_changed_request_is_refused() {
        var changed = good.clone();
        int at = new String(good, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("Jane");
        changed[at] = 'D';
        refused(pem(changed), "The signature of csr does not verify");
    }

    /** They would ask the authority for more than the subject says. */
    @Test
    void a_request_with_attributes_is_refused() {
        refused(pem(request(keys.getPublic(), keys, true)), "csr has attributes");
    }

    @Test
    void what_is_no_request_is_refused() {
        refused(null, "csr is null or empty");
        refused(" ", "csr is null or empty");
        refused("x".repeat(16_385), "csr is longer than 16384 characters");
        refused("x", MALFORMED);
        refused(pem(good) + pem(good), MALFORMED);
        refused(Pem.write("CERTIFICATE", good), MALFORMED);
        refused(pem(Arrays.copyOf(good, good.length - 1)), MALFORMED);
        refused(pem(Arrays.copyOf(good, good.length + 1)), MALFORMED);
        refused(pem(new byte[] {0x30, 0}), MALFORMED);
        refused(pem(new byte[] {2, 1, 1}), MALFORMED);
        refused(pem(new byte[0]), MALFORMED);
    }

    private void refused(String csr, String why) {
        refused(csr, keys.getPublic(), why);
    }

    private static void refused(String csr, PublicKey key, String why) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> VerifiedRequest.of(csr, key))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.INVALID_REQUEST))
                .satisfies(refusal -> assertThat(refusal.description()).isEqualTo(why));
    }

    private static String pem(byte[] der) {
        return Pem.write("CERTIFICATE REQUEST", der);
    }

    private static byte[] request(PublicKey key, KeyPair signer, boolean attributes) {
        try {
            var builder = new PKCS10CertificationRequestBuilder(
                    X500Name.getInstance(new X500Principal("CN=Jane Doe,O=ACME").getEncoded()),
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            if (attributes) {
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword, new DERUTF8String("x"));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                    .getEncoded();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }
}
