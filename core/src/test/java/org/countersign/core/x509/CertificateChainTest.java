package org.countersign.core.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateChainTest {

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static TrustAnchors anchors;
    private static PublicKey key;
    private static Instant now;

    @BeforeAll
    static void issue() {
        certificates = new TestCertificates(folder);
        certificates.root("root");
        certificates.root("other-root");
        certificates.issue("intermediate", "root", true, 1000);
        certificates.issue("jane", "intermediate", false, 365);
        certificates.issue("john", "intermediate", false, 365);
        certificates.issue("by-john", "john", false, 365);
        anchors = TrustAnchors.read(certificates.pem("root"));
        key = certificates.certificate("jane").getPublicKey();
        now = certificates.certificate("jane").getNotBefore().toInstant().plus(Duration.ofDays(1));
    }

    private static CertificateChain verify(String... names) {
        return UnverifiedCertificates.parse(certificates.pkcs7(names)).verify(key, now, anchors);
    }

    private static void refused(String description, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.description()).isEqualTo(description));
    }

    @Nested
    class Verified {

        @Test
        void a_chain_is_put_in_order_whatever_order_it_came_in() {
            for (var names : List.of(
                    new String[] {"root", "intermediate", "jane"},
                    new String[] {"jane", "intermediate", "root"},
                    new String[] {"intermediate", "root", "jane"})) {
                assertThat(verify(names).certificates())
                        .containsExactly(
                                certificates.certificate("jane"),
                                certificates.certificate("intermediate"),
                                certificates.certificate("root"));
            }
        }

        @Test
        void the_root_may_be_left_out_when_it_is_a_trust_anchor() {
            assertThat(verify("jane", "intermediate").certificates()).hasSize(3);
        }

        @Test
        void an_anchor_in_the_middle_ends_the_chain() {
            var chain = UnverifiedCertificates.parse(certificates.pkcs7("jane", "intermediate", "root"))
                    .verify(key, now, TrustAnchors.read(certificates.pem("intermediate")));
            assertThat(chain.certificates()).hasSize(2);
        }

        @Test
        void certificates_of_others_do_not_disturb() {
            assertThat(verify("john", "other-root", "jane", "intermediate", "root")
                            .certificates())
                    .hasSize(3);
        }

        @Test
        void its_facts_are_those_of_the_end_entity_and_its_validity_the_narrowest() {
            var chain = verify("jane", "intermediate", "root");
            var jane = certificates.certificate("jane");
            assertThat(chain.subject()).isEqualTo("CN=jane,O=ACME,C=DE");
            assertThat(chain.issuer()).isEqualTo("CN=intermediate,O=ACME,C=DE");
            assertThat(chain.serialNumber()).isEqualTo(jane.getSerialNumber());
            assertThat(chain.notAfter()).isEqualTo(jane.getNotAfter().toInstant());
            assertThat(CertificateChain.ofStored(chain.der())).isEqualTo(chain);
        }

        @Test
        void a_demonstration_tenant_takes_the_root_that_came_along() {
            var unverified = UnverifiedCertificates.parse(certificates.pkcs7("jane", "intermediate", "root"));
            assertThat(unverified.verifyAmongThemselves(key, now).certificates())
                    .hasSize(3);
        }
    }

    @Nested
    class Refused {

        @Test
        void a_chain_of_another_key() {
            refused(
                    "No certificate carries the public key of the credential",
                    () -> verify("john", "intermediate", "root"));
        }

        @Test
        void a_chain_without_its_intermediate() {
            refused(
                    "The certificate chain is incomplete: an issuer's certificate is missing",
                    () -> verify("jane", "root"));
        }

        @Test
        void a_demonstration_chain_without_its_root() {
            var unverified = UnverifiedCertificates.parse(certificates.pkcs7("jane", "intermediate"));
            refused(
                    "The certificate chain is incomplete: an issuer's certificate is missing",
                    () -> unverified.verifyAmongThemselves(key, now));
        }

        @Test
        void a_root_that_came_along_and_is_no_anchor() {
            var unverified = UnverifiedCertificates.parse(certificates.pkcs7("jane", "intermediate", "root"));
            refused(
                    "The certificate chain does not end at a trust anchor of the tenant",
                    () -> unverified.verify(key, now, TrustAnchors.read(certificates.pem("other-root"))));
        }

        @Test
        void a_chain_after_its_end() {
            var chain = verify("jane", "intermediate", "root");
            refused(
                    "A certificate of the chain has expired",
                    () -> new UnverifiedCertificates(chain.certificates())
                            .verify(key, chain.notAfter().plusSeconds(1), anchors));
        }

        @Test
        void a_chain_before_its_beginning() {
            var chain = verify("jane", "intermediate", "root");
            refused(
                    "A certificate of the chain is not yet valid",
                    () -> new UnverifiedCertificates(chain.certificates())
                            .verify(key, chain.notBefore().minusSeconds(1), anchors));
        }

        @Test
        void a_certificate_whose_signature_was_changed() {
            var jane = CertificateEncoding.encode(certificates.certificate("jane"));
            // In the middle of s, whose change still decodes.
            jane[jane.length - 8] ^= 1;
            var changed = new ArrayList<X509Certificate>(
                    List.of(certificates.certificate("intermediate"), certificates.certificate("root")));
            changed.add(CertificateEncoding.decode(jane));
            refused(
                    "The certificate chain does not verify",
                    () -> new UnverifiedCertificates(changed).verify(key, now, anchors));
        }

        @Test
        void a_certificate_issued_by_an_end_entity() {
            var byJohn = certificates.certificate("by-john").getPublicKey();
            var unverified =
                    UnverifiedCertificates.parse(certificates.pkcs7("by-john", "john", "intermediate", "root"));
            refused("The certificate chain does not verify", () -> unverified.verify(byJohn, now, anchors));
        }
    }
}
