package org.countersign.signer.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.countersign.server.keys.SignatureAlgorithm.ED25519;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificatePem;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.documents.SigningSeat;
import org.countersign.signer.enrolment.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCertificatesTest {

    private static final TestAuthority TRUSTED = new TestAuthority("Trusted");
    private static final X509Certificate LEAF = TRUSTED.issue("Jane Doe", TestAuthority.keys());

    @TempDir
    private Path folder;

    @Test
    void one_of_a_trusted_authority_is_valid_and_told_of() throws Exception {
        var found = judge(pem(LEAF));
        assertThat(found.indication()).as("%s", found).isEqualTo("PASSED");
        assertThat(found.subIndication()).isNull();
        assertThat(found.subject()).isEqualTo("CN=Jane Doe");
        assertThat(found.issuer()).isEqualTo("CN=Trusted");
        assertThat(found.serialNumber()).isEqualTo(LEAF.getSerialNumber().toString(16));
        assertThat(found.notBefore()).isEqualTo(LEAF.getNotBefore().toInstant().toString());
        assertThat(found.notAfter()).isEqualTo(LEAF.getNotAfter().toInstant().toString());
        assertThat(found.certificates()).containsExactly("Jane Doe", "Trusted");
        assertThat(found.errors()).isEmpty();
        assertThat(found.revokedAt()).isNull();
        assertThat(found.detailed()).isNull();
    }

    @Test
    void every_form_of_a_file_is_read() throws Exception {
        var pkcs7 = pkcs7(LEAF);
        var labelled =
                "-----BEGIN PKCS7-----\n" + Base64.getMimeEncoder().encodeToString(pkcs7) + "\n-----END PKCS7-----\n";
        for (var file : List.of(LEAF.getEncoded(), pem(LEAF), pkcs7, labelled.getBytes(StandardCharsets.US_ASCII))) {
            assertThat(judge(file).indication()).isEqualTo("PASSED");
        }
    }

    @Test
    void a_signature_is_no_file_of_certificates() throws Exception {
        var keys = TestAuthority.keys();
        var certificate = TRUSTED.issue("Jane Doe", keys);
        var generator = new CMSSignedDataGenerator();
        generator.addCertificate(new JcaX509CertificateHolder(certificate));
        generator.addSignerInfoGenerator(
                new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", keys.getPrivate(), certificate));
        var signed = generator.generate(new CMSProcessableByteArray(new byte[] {1}), true);
        var explanation = explain(signed.getEncoded(), Optional.empty(), Clock.systemUTC());
        assertThat(explanation.certificates()).isEmpty();
        assertThat(explanation.signaturesCount()).isEqualTo(1);
    }

    @Test
    void all_of_a_file_are_judged_in_its_order_and_may_be_of_a_chain() throws Exception {
        var other = new TestAuthority("Other");
        var explanation =
                explain(pem(other.certificate, LEAF, TRUSTED.certificate), Optional.empty(), Clock.systemUTC());
        assertThat(explanation.signaturesCount()).isZero();
        assertThat(explanation.certificates())
                .extracting(Explanation.Certificate::subject, Explanation.Certificate::indication)
                .containsExactly(
                        tuple("CN=Other", "INDETERMINATE"),
                        tuple("CN=Jane Doe", "PASSED"),
                        tuple("CN=Trusted", "PASSED"));
    }

    @Test
    void one_of_another_authority_is_not_valid_whatever_it_brings() throws Exception {
        // By the same name.
        var other = new TestAuthority("Trusted");
        var found = judge(pem(other.issue("Jane Doe", TestAuthority.keys()), other.certificate));
        assertThat(found.indication()).isEqualTo("INDETERMINATE");
        assertThat(found.subIndication()).isEqualTo("NO_CERTIFICATE_CHAIN_FOUND");
        assertThat(found.errors()).isNotEmpty();
    }

    @Test
    void one_below_a_certificate_that_is_no_authority_is_not_valid() throws Exception {
        var keys = TestAuthority.keys();
        var person = TRUSTED.issue("Jane Doe", keys);
        var forged = TestAuthority.certificate("Jane Doe", keys, "Mallory", TestAuthority.keys(), false);
        var found = explain(pem(forged, person), Optional.empty(), Clock.systemUTC())
                .certificates();
        assertThat(found.get(0).indication()).as("%s", found.get(0)).isEqualTo("INDETERMINATE");
        assertThat(found.get(0).certificates()).containsExactly("Mallory", "Jane Doe", "Trusted");
        assertThat(found.get(0).errors()).isNotEmpty();
        assertThat(found.get(1).indication()).isEqualTo("PASSED");
    }

    @Test
    void what_has_the_name_and_key_of_an_anchor_is_none() throws Exception {
        var anchorKey = new KeyPair(TRUSTED.certificate.getPublicKey(), null);
        for (var issuer : List.of("Trusted", "Evil")) {
            var copy = TestAuthority.certificate(issuer, TestAuthority.keys(), "Trusted", anchorKey, true);
            var found = judge(pem(copy));
            assertThat(found.indication()).isEqualTo("INDETERMINATE");
            assertThat(found.subIndication()).isEqualTo("NO_CERTIFICATE_CHAIN_FOUND");
            assertThat(found.errors()).hasSize(1);
        }
    }

    @Test
    void an_anchor_that_is_over_is_not_valid() throws Exception {
        var then = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
        var found = explain(pem(TRUSTED.certificate), Optional.empty(), then)
                .certificates()
                .get(0);
        assertThat(found.indication()).isEqualTo("INDETERMINATE");
        assertThat(found.subIndication()).isEqualTo("OUT_OF_BOUNDS_NO_POE");
    }

    @Test
    void what_is_trusted_for_time_stamps_is_not_for_people() throws Exception {
        var stamping = new ValidateDocument(
                new Trust(List.of(), List.of(TRUSTED.certificate), Optional.empty()), Clock.systemUTC());
        var file = Files.write(folder.resolve("stamping"), pem(LEAF));
        assertThat(stamping.validate(file, Optional.empty(), false)
                        .certificates()
                        .get(0)
                        .indication())
                .isEqualTo("INDETERMINATE");
    }

    @Test
    void one_that_is_over_or_not_yet_begun_says_so() throws Exception {
        for (var days : List.of(-2, 2)) {
            var then = Clock.offset(Clock.systemUTC(), Duration.ofDays(days));
            var found =
                    explain(pem(LEAF), Optional.empty(), then).certificates().get(0);
            assertThat(found.indication()).isEqualTo("INDETERMINATE");
            assertThat(found.subIndication()).startsWith("OUT_OF_BOUNDS");
        }
    }

    @Test
    void one_changed_byte_is_told() throws Exception {
        var der = LEAF.getEncoded();
        der[der.length - 1] ^= 1;
        assertThat(judge(der).indication()).isNotEqualTo("PASSED");
    }

    @Test
    void ed25519_is_taken() throws Exception {
        var seat = SigningSeat.of(ED25519);
        var validate =
                new ValidateDocument(new Trust(List.of(SigningSeat.root()), Optional.empty()), Clock.systemUTC());
        var file = Files.write(
                folder.resolve("ed"), pem(seat.chain().certificates().get(0)));
        assertThat(validate.validate(file, Optional.empty(), false)
                        .certificates()
                        .get(0)
                        .indication())
                .isEqualTo("PASSED");
    }

    @Test
    void each_check_is_told_to_who_asks() throws Exception {
        var file = Files.write(folder.resolve("detailed"), pem(LEAF));
        var explanation = validating(Clock.systemUTC()).validate(file, Optional.empty(), true);
        assertThat(explanation.detailed()).isNull();
        assertThat(explanation.certificates().get(0).detailed()).contains("<DetailedReport");
    }

    @Test
    void bad_files_are_refused() throws Exception {
        refused(
                pem(Collections.nCopies(11, LEAF).toArray(X509Certificate[]::new)),
                "There are more than 10 certificates");
        refused(
                ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").getBytes(StandardCharsets.US_ASCII),
                "A certificate does not decode");
        refused("-----BEGIN CERTIFICATE-----\nMIIB".getBytes(StandardCharsets.US_ASCII), "A PEM block has no end");
        refused(
                ("-----BEGIN CERTIFICATE-----\n" + "A".repeat(98_304)).getBytes(StandardCharsets.US_ASCII),
                "Certificates are longer than 98304 bytes");
        refused(
                pkcs7(Stream.generate(() -> TRUSTED.issue("One of many", TestAuthority.keys()))
                        .limit(11)
                        .toArray(X509Certificate[]::new)),
                "more than 10 certificates");
        var slow = TRUSTED.issue("Slow", SlowKey.pair());
        refused(pem(slow), "The key of a certificate is longer than is usual");
        refused(unknownAlgorithm(), "A certificate has something that is not known here");
        refused(new byte[] {0x30, 0}, "The document is in no format of signatures that is known here");
        assertThatThrownBy(() -> explain(pem(LEAF), Optional.of(folder.resolve("document")), Clock.systemUTC()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("original is for detached signatures, not for certificates");
    }

    private void refused(byte[] file, String description) {
        assertThatThrownBy(() -> explain(file, Optional.empty(), Clock.systemUTC()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(description);
    }

    private Explanation.Certificate judge(byte[] file) throws IOException {
        return explain(file, Optional.empty(), Clock.systemUTC()).certificates().get(0);
    }

    private Explanation explain(byte[] file, Optional<Path> original, Clock clock) throws IOException {
        return validating(clock).validate(Files.write(folder.resolve("document"), file), original, false);
    }

    private static ValidateDocument validating(Clock clock) {
        return new ValidateDocument(new Trust(List.of(TRUSTED.certificate), Optional.empty()), clock);
    }

    private static byte[] pem(X509Certificate... certificates) {
        return Arrays.stream(certificates)
                .map(CertificatePem::write)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Signed by what nobody knows: the last arc of ecdsa-with-SHA256, in both places. */
    private static byte[] unknownAlgorithm() throws Exception {
        var der = LEAF.getEncoded();
        var oid = new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02};
        for (int i = 0; i + oid.length <= der.length; i++) {
            if (Arrays.equals(der, i, i + oid.length, oid, 0, oid.length)) {
                der[i + oid.length - 1] = 0x7f;
            }
        }
        return der;
    }

    private static byte[] pkcs7(X509Certificate... certificates) throws Exception {
        var generator = new CMSSignedDataGenerator();
        for (var certificate : certificates) {
            generator.addCertificate(new JcaX509CertificateHolder(certificate));
        }
        return generator.generate(new CMSAbsentContent(), false).getEncoded();
    }
}
