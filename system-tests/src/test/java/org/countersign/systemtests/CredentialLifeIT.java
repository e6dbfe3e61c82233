package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From the creation of a credential to signatures that openssl verifies. */
@ExtendWith(RunningServer.class)
class CredentialLifeIT {

    private final Platform platform;
    private final SignerApi acme;

    CredentialLifeIT(Platform platform) {
        this.platform = platform;
        this.acme = platform.acme();
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void aCredentialOfEveryKindOfKeySignsWhatOpensslVerifiesInTheOrderSent(KeyKind kind) {
        var holder = platform.atAcme().kind(kind).multiSignature(3).enrol("life-" + kind);
        var hashes = holder.hashes("first", "second", "third");

        var signatures = holder.sign(holder.sad(hashes), hashes).ok().texts("signatures");

        var certificate = holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
        assertThat(signatures).hasSize(3).doesNotHaveDuplicates();
        for (int i = 0; i < hashes.size(); i++) {
            assertThat(OpenSsl.verifies(kind, certificate, hashes.get(i), signatures.get(i)))
                    .as("signature %s", i)
                    .isTrue();
        }
        assertThat(OpenSsl.verifies(kind, certificate, hashes.get(0), signatures.get(1)))
                .as("the first hash with the second signature")
                .isFalse();
    }

    @Test
    void aThousandHashesAreAuthorizedAndSignedAtOnce() {
        var holder = platform.atAcme().multiSignature(1_000).enrol("thousand");
        var hashes = IntStream.range(0, 1_000)
                .mapToObj(i -> holder.hash("document " + i))
                .toList();

        var signatures = holder.sign(holder.sad(hashes), hashes).ok().texts("signatures");

        var certificate = holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
        assertThat(signatures).hasSize(1_000);
        for (int i : new int[] {0, 1, 499, 998, 999}) {
            assertThat(OpenSsl.verifies(holder.kind(), certificate, hashes.get(i), signatures.get(i)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSA, SHA-256",
        "RSA_2048, 1.2.840.113549.1.1.1, 2.16.840.1.101.3.4.2.1",
        "RSA_2048, 1.2.840.113549.1.1.11, ",
        "PSS_2048, RSASSA-PSS, SHA256",
        "PSS_2048, 1.2.840.113549.1.1.10, SHA-256",
        "P_256, ECDSA, SHA-256",
        "P_256, 1.2.840.10045.4.3.2, ",
        "ED25519, 1.3.101.112, "
    })
    void everySpellingOfTheAlgorithmIsUnderstood(KeyKind kind, String signAlgo, String hashAlgo) {
        var holder = platform.atAcme().kind(kind).enrol("spelling-" + kind);
        var hashes = holder.hashes("document");
        var body = new java.util.HashMap<String, Object>(Map.of(
                "credentialID",
                holder.credential(),
                "SAD",
                holder.sad(hashes),
                "hash",
                Caller.base64(hashes),
                "signAlgo",
                signAlgo));
        if (hashAlgo != null) {
            body.put("hashAlgo", hashAlgo);
        }

        var signature = holder.caller().sign(body).ok().texts("signatures").get(0);

        var certificate = holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
        assertThat(OpenSsl.verifies(kind, certificate, hashes.get(0), signature))
                .isTrue();
    }

    @Test
    void bothSpellingsOfIdentifierAndNumberAreAccepted() {
        var holder = platform.atAcme().enrol("spellings");
        var hashes = holder.hashes("document");
        var authorization = Map.of(
                "credentialID",
                holder.credential(),
                "numSignatures",
                1,
                "hash",
                Caller.base64(hashes),
                "PIN",
                Enrolment.PIN);

        var answer = holder.caller().authorize(authorization).ok();

        assertThat(answer.json().path("expiresIn").asInt()).isPositive();
        holder.sign(answer.text("SAD"), hashes).ok();
        holder.caller()
                .post("/api/v1/credentials/info", Map.of("credentialID", holder.credential()))
                .ok();
    }

    @Test
    void aHashAlgorithmBesideAWholeAlgorithmIsRefused() {
        var holder = platform.atAcme().enrol("twice-named");
        var hashes = holder.hashes("document");
        var body = Map.of(
                "credentialId", holder.credential(),
                "SAD", holder.sad(hashes),
                "hash", Caller.base64(hashes),
                "signAlgo", "SHA256WITHECDSA",
                "hashAlgo", "SHA-256");

        holder.caller()
                .sign(body)
                .refused(
                        400, "invalid_request", "hashAlgo must be absent: signAlgo already says how the hash was made");
    }

    @Nested
    class TheOrderOfSteps {

        private final Caller generator = acme.as("acme", "acme_password", "");

        @Test
        void isShownByTheStatus() {
            var created = generator.create("acme", "steps", "pin-otp", 1).ok();
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.text("status")).isEqualTo("factors_pending");
            var credential = created.text("credentialId");
            var seat = acme.as("acme", "acme_password", "seat:steps@acme");

            generator.setPin(credential, "123456").ok();
            assertThat(seat.info(credential).ok().text("status")).isEqualTo("factors_pending");
            var authenticator =
                    new Authenticator(generator.newOtp(credential).ok().text("secret"));
            assertThat(seat.info(credential).ok().text("status")).isEqualTo("factors_pending");
            generator.confirmOtp(credential, authenticator.next()).ok();
            assertThat(seat.info(credential).ok().text("status")).isEqualTo("key_pair_pending");
            var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
            assertThat(seat.info(credential).ok().text("status")).isEqualTo("certificate_pending");
            assertThat(seat.list().ok().texts("credentialIds")).doesNotContain(credential);
            var authority = platform.authority();
            generator
                    .certificate(credential, authority.pkcs7(authority.issue(csr)))
                    .ok();
            assertThat(seat.info(credential).ok().text("status")).isEqualTo("enabled");
            assertThat(seat.list().ok().texts("credentialIds")).contains(credential);
        }

        @Test
        void putsEveryFactorBeforeTheKeyPair() {
            var credential =
                    generator.create("acme", "order", "pin-otp", 1).ok().text("credentialId");
            tooEarly(credential);
            generator.setPin(credential, "123456").ok();
            tooEarly(credential);
            var authenticator =
                    new Authenticator(generator.newOtp(credential).ok().text("secret"));
            tooEarly(credential);
            generator.confirmOtp(credential, authenticator.next()).ok();
            generator.keyPair(credential, KeyKind.P_256).ok();
        }

        @Test
        void allowsEachStepOnce() {
            var credential = generator.create("acme", "once", "pin-otp", 1).ok().text("credentialId");
            generator.setPin(credential, "123456").ok();
            generator.setPin(credential, "654321").refused(409, "conflict", "The factor is set already");
            var authenticator =
                    new Authenticator(generator.newOtp(credential).ok().text("secret"));
            generator.newOtp(credential).refused(409, "conflict", "The factor is set already");
            generator.confirmOtp(credential, authenticator.next()).ok();
            generator
                    .confirmOtp(credential, authenticator.next())
                    .refused(409, "conflict", "The OTP is confirmed already");
            var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
            generator.keyPair(credential, KeyKind.P_256).refused(409, "conflict", "The key pair is generated already");
            var authority = platform.authority();
            generator
                    .certificate(credential, authority.pkcs7(authority.issue(csr)))
                    .ok();
            generator
                    .certificate(credential, authority.pkcs7(authority.issue(csr)))
                    .refused(409, "conflict", "The credential has its certificate already");
        }

        @Test
        void putsTheKeyPairBeforeTheCertificateAndTheCertificateBeforeTheAuthorization() {
            var credential = generator.create("acme", "pending", "pin", 1).ok().text("credentialId");
            generator
                    .certificate(credential, "x")
                    .refused(409, "conflict", "The key pair comes before the certificate");
            generator.setPin(credential, "123456").ok();
            generator.keyPair(credential, KeyKind.P_256).ok();
            acme.as("acme", "acme_password", "seat:pending@acme")
                    .authorize(credential, List.of(new byte[32]), Map.of("PIN", "123456"))
                    .refused(409, "conflict", "The credential has no certificate yet");
        }

        private void tooEarly(String credential) {
            generator
                    .keyPair(credential, KeyKind.P_256)
                    .refused(409, "conflict", "Every factor must be set and confirmed before the key pair");
        }
    }

    @Test
    void theRequestForACertificateIsSignedByTheNewKeyAndNamesTheSubject() {
        var generator = acme.as("acme", "acme_password", "");
        var credential = generator.create("acme", "csr", "pin", 1).ok().text("credentialId");
        generator.setPin(credential, "123456").ok();
        var request = new java.util.HashMap<>(KeyKind.PSS_2048.request());
        request.put("subject", "CN=John Doe\\, Esq.,O=ACME,C=DE");
        var csr = generator
                .post("/api/v1/credentials/" + credential + "/key-pair", request)
                .ok()
                .text("csr");

        assertThat(OpenSsl.verifiesRequest(csr)).isTrue();
        assertThat(TestAuthority.request(csr).getSubject().toString())
                .contains("John Doe")
                .contains("ACME");
    }

    @Nested
    class Info {

        @Test
        void showsAsMuchOfTheChainAsIsAsked() {
            var holder = platform.atAcme().multiSignature(7).enrol("info");
            var caller = holder.caller();

            assertThat(caller.info(holder.credential()).ok().json().at("/cert/certificates"))
                    .hasSize(1);
            assertThat(caller.info(holder.credential(), Map.of("certificates", "none"))
                            .ok()
                            .json()
                            .at("/cert/certificates")
                            .size())
                    .isZero();
            assertThat(caller.info(holder.credential(), Map.of("certificates", "chain"))
                            .ok()
                            .json()
                            .at("/cert/certificates"))
                    .hasSize(3);
            caller.info(holder.credential(), Map.of("certificates", "all"))
                    .refused(400, "invalid_request", "certificates must be none, single or chain");
        }

        @Test
        void showsNamesAndFactorsOnlyWhenAsked() {
            var holder =
                    platform.atAcme().configuration("pin").multiSignature(7).enrol("info-more");
            var plain = holder.caller().info(holder.credential()).ok().json();
            var more = holder.caller()
                    .info(holder.credential(), Map.of("certInfo", true, "authInfo", true))
                    .ok()
                    .json();

            assertThat(plain.at("/cert/subjectDN").isMissingNode()).isTrue();
            assertThat(plain.path("PIN").isMissingNode()).isTrue();
            assertThat(plain.path("multisign").asInt()).isEqualTo(7);
            assertThat(plain.path("SCAL").asText()).isEqualTo("2");
            assertThat(plain.at("/key/algo/0").asText()).isEqualTo("1.2.840.10045.4.3.2");
            assertThat(more.at("/cert/subjectDN").asText()).contains("info-more");
            assertThat(more.at("/cert/issuerDN").asText()).contains("issuing");
            assertThat(more.at("/cert/validTo").asText()).matches("\\d{14}Z");
            assertThat(more.at("/cert/status").asText()).isEqualTo("valid");
            assertThat(more.at("/PIN/presence").asText()).isEqualTo("true");
            assertThat(more.at("/OTP/presence").asText()).isEqualTo("false");
        }
    }

    @Test
    void theOneTimePasswordIsShownAsSecretAddressAndPicture() throws java.io.IOException {
        var generator = acme.as("acme", "acme_password", "");
        var credential = generator.create("acme", "j@x.org", "otp", 1).ok().text("credentialId");
        var shown = generator.newOtp(credential).ok();

        assertThat(shown.text("secret")).matches("[A-Z2-7]{32}");
        assertThat(shown.text("user")).isEqualTo("j@x.org@acme");
        assertThat(shown.text("uri"))
                .startsWith("otpauth://totp/")
                .contains("secret=" + shown.text("secret"))
                .contains("algorithm=SHA1")
                .contains("digits=6")
                .contains("period=30");
        var picture = javax.imageio.ImageIO.read(
                new java.io.ByteArrayInputStream(java.util.Base64.getDecoder().decode(shown.text("qrCode"))));
        assertThat(picture.getWidth()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void theAuthorizationConfigurationsAreListed() {
        var answer = acme.as("acme", "acme_password", "").configurations().ok().json();

        // After those that the tests add to the file of the demonstration.
        assertThat(answer).extracting(one -> one.path("id").asText()).endsWith("pin", "otp", "pin-otp");
    }

    @ParameterizedTest
    @CsvSource({
        "acme, x, nothing, 1, authorizationConfigurationId is not known; GET authorization-configurations lists them",
        "acme, x, pin, 0, multiSignature must be from 1 to 1000",
        "acme, x, pin, 1001, multiSignature must be from 1 to 1000",
        "acme, 'a b', pin, 1, seat must have 1 to 128 printable characters without white space",
        "'', x, pin, 1, tenant is required",
        "acme, '', pin, 1, seat is required"
    })
    void aCredentialThatCanNotBeIsNotCreated(String tenant, String seat, String configuration, int most, String why) {
        acme.as("acme", "acme_password", "")
                .create(tenant, seat, configuration, most)
                .refused(400, "invalid_request", why);
    }
}
