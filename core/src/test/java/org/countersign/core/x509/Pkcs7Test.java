package org.countersign.core.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs7Test {

    private static final String MALFORMED = "pkcs7 is not a PKCS#7 of certificates, in PEM or as the base64 of its DER";

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static String pem;

    @BeforeAll
    static void issue() {
        certificates = new TestCertificates(folder);
        certificates.root("root");
        certificates.issue("jane", "root", false, 365);
        pem = certificates.pkcs7("root", "jane");
    }

    private static void refused(String description, String pkcs7) {
        assertThatThrownBy(() -> UnverifiedCertificates.parse(pkcs7))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.description()).isEqualTo(description));
    }

    private static byte[] der() {
        return Pem.blocks(pem).get(0).der();
    }

    @Test
    void pem_and_base64_of_der_carry_the_same_certificates() {
        var expected = new UnverifiedCertificates(
                java.util.List.of(certificates.certificate("root"), certificates.certificate("jane")));
        assertThat(UnverifiedCertificates.parse(pem).certificates())
                .containsExactlyInAnyOrderElementsOf(expected.certificates());
        assertThat(UnverifiedCertificates.parse(pem.replace("PKCS7", "CMS")).certificates())
                .hasSize(2);
        assertThat(UnverifiedCertificates.parse(pem.replace("\n", "\r\n")).certificates())
                .hasSize(2);
        assertThat(UnverifiedCertificates.parse(Base64.getEncoder().encodeToString(der()))
                        .certificates())
                .hasSize(2);
        assertThat(UnverifiedCertificates.parse(Base64.getMimeEncoder().encodeToString(der()))
                        .certificates())
                .hasSize(2);
    }

    @Test
    void nothing_is_refused() {
        refused("pkcs7 is null or empty", null);
        refused("pkcs7 is null or empty", " \n");
    }

    @Test
    void what_is_not_a_pkcs7_is_refused() {
        refused(MALFORMED, "not base64!");
        refused(MALFORMED, "AAAA");
        refused(MALFORMED, "MAA=");
        refused(MALFORMED, "-----BEGIN PKCS7-----\n-----END PKCS7-----\n");
        refused(MALFORMED, certificates.pem("root"));
        refused(MALFORMED, pem + pem);
        refused(MALFORMED, pem.replace("-----END", "-----"));
        refused(MALFORMED, Base64.getEncoder().encodeToString(Arrays.copyOf(der(), der().length - 1)));
        refused(MALFORMED, Base64.getEncoder().encodeToString(Arrays.copyOf(der(), der().length + 1)));
    }

    @Test
    void a_signed_message_is_refused() {
        certificates.write("text", "hello");
        refused(
                "pkcs7 must carry certificates only",
                certificates.openssl(
                        "cms", "-sign", "-in", "text", "-signer", "jane.pem", "-inkey", "jane.key", "-outform", "PEM"));
    }

    @Test
    void sizes_are_bounded() {
        refused("pkcs7 is longer than 98304 characters", "A".repeat(98_305));
        refused("pkcs7 carries no certificate", certificates.pkcs7());
        certificates.write("many.pem", manyRoots());
        refused("pkcs7 carries more than 10 certificates", certificates.pkcs7("many"));
    }

    @Test
    void any_cut_or_changed_byte_gives_a_refusal_and_never_another_exception() {
        var der = der();
        for (int i = 0; i < der.length; i++) {
            var changed = der.clone();
            changed[i] ^= 0x55;
            try {
                UnverifiedCertificates.parse(Base64.getEncoder().encodeToString(changed));
            } catch (ProtocolException expected) {
                assertThat(expected.description()).isNotEmpty();
            }
        }
    }

    @Test
    void trust_anchors_are_read_strictly() {
        var both = certificates.pem("root") + "\nsome explanation\n" + certificates.pem("jane");
        assertThat(TrustAnchors.read(both).certificates()).hasSize(2);
        for (var bad : Collections.unmodifiableList(Arrays.asList(
                "",
                "nothing",
                pem,
                certificates.pem("root").replace("-----END", "---"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))) {
            assertThatThrownBy(() -> TrustAnchors.read(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String manyRoots() {
        var text = new StringBuilder();
        for (int i = 0; i < 11; i++) {
            certificates.root("root" + i);
            text.append(certificates.pem("root" + i));
        }
        return text.toString();
    }
}
