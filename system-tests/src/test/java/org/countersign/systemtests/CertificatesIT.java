package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.bouncycastle.cert.X509CertificateHolder;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which certificates a tenant with trust anchors accepts, and how they are listed across tenants. */
@ExtendWith(RunningServer.class)
class CertificatesIT {

    private static final String SECRET = "secret of globex";

    private final Platform platform;
    private final SignerApi globex;
    private final TestAuthority authority;
    private final Caller generator;

    CertificatesIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
        this.authority = platform.authority();
        this.generator = globex.as("globex", SECRET, "");
    }

    @Nested
    class AChain {

        private final String credential =
                generator.create("globex", "chain", "pin", 1).ok().text("credentialId");
        private final String csr = csr(credential);

        @Test
        void isAcceptedInAnyOrderAndWithoutItsRootWhichIsKnown() {
            generator
                    .certificate(credential, TestAuthority.pkcs7(List.of(authority.issuing(), authority.issue(csr))))
                    .ok();
            assertThat(globex.as("globex", SECRET, "seat:chain@globex")
                            .info(credential, Map.of("certificates", "chain"))
                            .ok()
                            .json()
                            .at("/cert/certificates"))
                    .hasSize(3);
        }

        @Test
        void isAcceptedAsBase64OfItsDer() {
            var pem = authority.pkcs7(authority.issue(csr));
            generator
                    .certificate(credential, pem.replaceAll("-----[A-Z0-9 ]+-----|\\s", ""))
                    .ok();
        }

        @Test
        void withAnotherPublicKeyIsRefused() {
            var other = generator.create("globex", "chain", "pin", 1).ok().text("credentialId");

            refused(authority.issue(csr(other)), "No certificate carries the public key of the credential");
        }

        @Test
        void thatEndsAtARootOfItsOwnIsRefusedAlthoughTheRootCameAlong() {
            var stranger = new TestAuthority("Trusted authority of the tests");

            generator
                    .certificate(credential, stranger.pkcs7(stranger.issue(csr)))
                    .refused(
                            400,
                            "invalid_request",
                            "The certificate chain does not end at a trust anchor of the tenant");
        }

        @Test
        void whoseIssuerOnlyHasTheNameOfATrustedOneIsRefused() {
            var stranger = new TestAuthority("Trusted authority of the tests");
            var forged = TestAuthority.pkcs7(List.of(stranger.issue(csr), authority.issuing(), authority.root()));

            generator
                    .certificate(credential, forged)
                    .refused(400, "invalid_request", "The certificate chain does not verify");
        }

        @Test
        void withAGapIsRefused() {
            generator
                    .certificate(credential, TestAuthority.pkcs7(List.of(authority.issue(csr))))
                    .refused(
                            400,
                            "invalid_request",
                            "The certificate chain is incomplete: an issuer's certificate is missing");
        }

        @Test
        void thatHasExpiredOrIsNotYetValidIsRefused() {
            var now = Instant.now();
            refused(
                    authority.issue(csr, now.minus(Duration.ofDays(1)), now.minusSeconds(60)),
                    "A certificate of the chain has expired");
            refused(
                    authority.issue(csr, now.plusSeconds(3600), now.plus(Duration.ofDays(1))),
                    "A certificate of the chain is not yet valid");
        }

        @Test
        void thatIsNoneIsRefused() {
            var description = "pkcs7 is not a PKCS#7 of certificates, in PEM or as the base64 of its DER";
            for (String text :
                    new String[] {"x", "AAAA", "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", authority.rootPem()
                    }) {
                generator.certificate(credential, text).refused(400, "invalid_request", description);
            }
            generator.certificate(credential, "").refused(400, "invalid_request", "pkcs7 is required");
        }

        private void refused(X509CertificateHolder certificate, String why) {
            generator.certificate(credential, authority.pkcs7(certificate)).refused(400, "invalid_request", why);
        }
    }

    @Test
    void aCredentialWhoseCertificateHasExpiredSignsNoMore() throws InterruptedException {
        var credential = generator.create("globex", "expiring", "pin", 2).ok().text("credentialId");
        var csr = csr(credential);
        var until = Instant.now().plusSeconds(6);
        generator
                .certificate(credential, authority.pkcs7(authority.issue(csr, until.minusSeconds(600), until)))
                .ok();
        var signer = globex.as("globex", SECRET, "seat:expiring@globex");
        var hashes = List.of(KeyKind.P_256.hash("document"));
        var sad = signer.authorize(credential, hashes, Map.of("PIN", "271828"))
                .ok()
                .text("SAD");
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), until).toMillis()) + 1_100);

        signer.sign(credential, sad, hashes, "SHA256WITHECDSA")
                .refused(409, "conflict", "The certificate of the credential is not valid");
        // The same in the consortium's words.
        new CscClient(globex, signer.token())
                .call(
                        "signatures/signHash",
                        Map.of(
                                "credentialID",
                                credential,
                                "SAD",
                                sad,
                                "hash",
                                Caller.base64(hashes),
                                "signAlgo",
                                "1.2.840.10045.4.3.2"))
                .refused(400, "invalid_request", "Signing certificate 'O=,CN=expiring@globex' is expired");
        signer.authorize(credential, hashes, Map.of("PIN", "271828"))
                .refused(409, "conflict", "The certificate of the credential is not valid");
    }

    @Nested
    class TheListAcrossTenants {

        private final Caller lister = globex.as("globex", SECRET, "");

        @Test
        void showsTheCertificatesOfAllTenantsOfATrustedListerInPages() {
            platform.atGlobex().enrol("paged-1");
            platform.atGlobex().enrol("paged-2");
            platform.atGlobex().tenant("initech").enrol("paged-3");

            var first = lister.certificates(Map.of("subject", "paged-", "pageSize", 2))
                    .ok();
            var second = lister.certificates(Map.of("subject", "PAGED-", "pageSize", 2, "page", 1))
                    .ok();

            assertThat(first.json().path("total").asInt()).isEqualTo(3);
            assertThat(seats(first)).containsExactly("paged-1", "paged-2");
            assertThat(seats(second)).containsExactly("paged-3");
            var entry = first.json().at("/certificates/0");
            assertThat(entry.path("tenant").asText()).isEqualTo("globex");
            assertThat(Base64.getDecoder().decode(entry.path("certificate").asText()))
                    .isNotEmpty();
        }

        @Test
        void isFilteredByTenantIssuerSubjectAndExpiry() {
            platform.atGlobex().enrol("filtered");
            platform.atGlobex().tenant("initech").enrol("filtered");
            var soon = Instant.now().plus(Duration.ofDays(10)).toString();
            var later = Instant.now().plus(Duration.ofDays(60)).toString();

            assertThat(seats(with("tenant", "initech"))).containsExactly("filtered");
            assertThat(seats(with("tenant", "globex"))).containsExactly("filtered");
            assertThat(seats(with("issuer", "Authority of the TESTS"))).hasSize(2);
            assertThat(seats(with("issuer", "another authority"))).isEmpty();
            assertThat(seats(with("expiresBefore", soon))).isEmpty();
            assertThat(seats(with("expiresBefore", later))).hasSize(2);
            assertThat(seats(with("expiresAfter", soon))).hasSize(2);
            assertThat(seats(with("issuer", "%")))
                    .as("a percent sign is no wildcard")
                    .isEmpty();
        }

        @Test
        void isNotForUntrustedClientsNorForTokensOfASeatNorOverForeignTenants() {
            globex.as("globex-page", "secret of globex-page", "")
                    .certificates(Map.of())
                    .refused(403, "access_denied", "A trusted client with a token without a seat lists across tenants");
            globex.as("globex", SECRET, "seat:jdoe@globex")
                    .certificates(Map.of())
                    .refused(403, "access_denied", "A trusted client with a token without a seat lists across tenants");
            var secret =
                    platform.newClient("initech-lister", "trustLevel:trustedClient,apiGroup:lister,tenantName:initech");
            var other = globex.as("initech-lister", secret, "");
            platform.atGlobex().enrol("hidden");

            assertThat(seats(other.certificates(Map.of("subject", "hidden")))).isEmpty();
            other.certificates(Map.of("tenant", "globex")).refused(403, "access_denied", "Access is denied");
            other.certificates(Map.of("tenant", "nowhere")).refused(403, "access_denied", "Access is denied");
        }

        @Test
        void refusesATimeThatIsNone() {
            lister.certificates(Map.of("expiresBefore", "tomorrow"))
                    .refused(
                            400,
                            "invalid_request",
                            "expiresBefore and expiresAfter are times such as 2027-01-01T00:00:00Z");
        }

        private Answer with(String filter, String value) {
            return lister.certificates(Map.of("subject", "filtered", filter, value));
        }

        private List<String> seats(Answer answer) {
            return StreamSupport.stream(answer.ok().json().path("certificates").spliterator(), false)
                    .map(entry -> entry.path("seat").asText())
                    .toList();
        }
    }

    private String csr(String credential) {
        generator.setPin(credential, "271828").ok();
        return generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
    }
}
