package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cert.X509CertificateHolder;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holders and administrators do with credentials that sign. */
@ExtendWith(RunningServer.class)
class LivingCredentialIT {

    private static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex";
    private static final String NEW_PIN = "314159";

    private final Platform platform;

    LivingCredentialIT(Platform platform) {
        this.platform = platform;
    }

    @Nested
    class AChangeOfPin {

        @Test
        void takesTheOldOneAwayAndKeepsTheKey() {
            var holder = enrolled("pin-change", "pin");
            var certificate = certificate(holder);

            change(holder, Enrolment.PIN, NEW_PIN).ok();

            authorize(holder, Map.of("PIN", Enrolment.PIN)).refused(400, "invalid_pin", "The PIN is invalid");
            var hashes = holder.hashes("document");
            var sad = authorize(holder, Map.of("PIN", NEW_PIN)).ok().text("SAD");
            var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
            assertThat(certificate(holder)).isEqualTo(certificate);
            assertThat(OpenSsl.verifies(holder.kind(), certificate, hashes.get(0), signature))
                    .isTrue();
            assertThat(audited(holder)).contains("pin.changed SUCCESS");
        }

        @Test
        void endsWhatTheFormerPinAuthorized() {
            var holder = enrolled("pin-change-sad", "pin");
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);

            change(holder, Enrolment.PIN, NEW_PIN).ok();

            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
        }

        @Test
        void countsWrongPinsAndLocksLikeAnAuthorization() {
            var holder = enrolled("pin-change-wrong", "pin");
            change(holder, "000000", NEW_PIN).refused(400, "invalid_pin", "The PIN is invalid");
            authorize(holder, Map.of("PIN", "000000")).refused(400, "invalid_pin", "The PIN is invalid");
            change(holder, "000000", NEW_PIN).refused(400, "invalid_pin", "The PIN is invalid");

            change(holder, Enrolment.PIN, NEW_PIN).refused(403, "credential_locked", "The credential is locked");
            authorize(holder, holder.factors()).refused(403, "credential_locked", "The credential is locked");
            assertThat(audited(holder))
                    .contains("pin.changed FAILURE", "credential.locked SUCCESS")
                    .doesNotContain("pin.changed SUCCESS");
        }

        @Test
        void wantsEveryFactorAndUsesUpTheOneTimePassword() {
            var holder = enrolled("pin-change-otp", "pin-otp");
            change(holder, Enrolment.PIN, NEW_PIN).refused(400, "invalid_request", "OTP is required");
            var otp = holder.authenticator().next();

            act(holder, "pin/change", Map.of("PIN", Enrolment.PIN, "OTP", otp, "newPIN", NEW_PIN))
                    .ok();

            authorize(holder, Map.of("PIN", NEW_PIN, "OTP", otp)).refused(400, "invalid_otp", "The OTP is invalid");
            authorize(
                            holder,
                            Map.of("PIN", NEW_PIN, "OTP", holder.authenticator().next()))
                    .ok();
        }

        @Test
        void followsThePolicyAndCostsNoTryWhereItDoesNot() {
            var holder = enrolled("pin-change-policy", "pin-digits");
            for (int i = 0; i < 2; i++) {
                change(holder, Enrolment.PIN, "12345")
                        .refused(400, "invalid_request", "The PIN must have 6 to 8 characters");
                change(holder, "000000", "12345a").refused(400, "invalid_request", "The PIN must have digits only");
                change(holder, Enrolment.PIN, Enrolment.PIN)
                        .refused(400, "invalid_request", "newPIN must differ from PIN");
                act(holder, "pin/change", Map.of("PIN", Enrolment.PIN))
                        .refused(400, "invalid_request", "newPIN is required");
            }
            change(holder, Enrolment.PIN, "12345678").ok();
        }

        @Test
        void isForCredentialsThatHaveOne() {
            var holder = enrolled("pin-change-none", "otp");
            act(holder, "pin/change", Map.of("OTP", holder.authenticator().next(), "newPIN", NEW_PIN))
                    .refused(409, "conflict", "The authorization configuration of the credential has no PIN");
        }

        private Answer change(Holder holder, String pin, String newPin) {
            return act(holder, "pin/change", Map.of("PIN", pin, "newPIN", newPin));
        }
    }

    @Nested
    class ANewOneTimePassword {

        @Test
        void takesThePlaceOfTheOldOneOnceItIsConfirmedAndTheKeyStays() {
            var holder = enrolled("otp-new", "pin-otp");
            var hashes = holder.hashes("document");

            var shown = act(holder, "otp/replace", holder.factors()).ok();
            var newer = new Authenticator(shown.text("secret"));
            assertThat(shown.text("user")).isEqualTo("otp-new@globex");
            var sad = holder.sad(hashes);
            act(holder, "otp/replace/confirm", Map.of("value", newer.wrong()))
                    .refused(400, "invalid_otp", "The OTP is invalid");
            act(holder, "otp/replace/confirm", Map.of("value", newer.next())).ok();

            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            authorize(holder, holder.factors()).refused(400, "invalid_otp", "The OTP is invalid");
            var after = new Holder(holder.caller(), holder.credential(), holder.kind(), holder.pin(), newer);
            var signature = after.sign(after.sad(hashes), hashes)
                    .ok()
                    .texts("signatures")
                    .get(0);
            assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                    .isTrue();
            act(after, "otp/replace/confirm", Map.of("value", newer.next()))
                    .refused(409, "conflict", "No new OTP waits for its confirmation");
            assertThat(audited(holder))
                    .contains("otp.replacement-requested SUCCESS", "otp.replaced FAILURE", "otp.replaced SUCCESS");
        }

        @Test
        void wantsThePinAndTheOldOne() {
            var holder = enrolled("otp-new-factors", "pin-otp");
            act(holder, "otp/replace", Map.of("PIN", Enrolment.PIN)).refused(400, "invalid_request", "OTP is required");
            act(holder, "otp/replace", Map.of("OTP", holder.authenticator().next()))
                    .refused(400, "invalid_request", "PIN is required");
            act(
                            holder,
                            "otp/replace",
                            Map.of(
                                    "PIN",
                                    "000000",
                                    "OTP",
                                    holder.authenticator().next()))
                    .refused(400, "invalid_pin", "The PIN is invalid");
            act(holder, "otp/replace/confirm", Map.of("value", "123456"))
                    .refused(409, "conflict", "No new OTP waits for its confirmation");
            var pinOnly = enrolled("otp-new-none", "pin");
            act(pinOnly, "otp/replace", pinOnly.factors())
                    .refused(409, "conflict", "The authorization configuration of the credential has no OTP");
        }

        @Test
        void isTheLastOneThatWasAskedFor() {
            var holder = enrolled("otp-new-twice", "otp");
            var first = new Authenticator(
                    act(holder, "otp/replace", holder.factors()).ok().text("secret"));
            var second = new Authenticator(
                    act(holder, "otp/replace", holder.factors()).ok().text("secret"));

            act(holder, "otp/replace/confirm", Map.of("value", first.next()))
                    .refused(400, "invalid_otp", "The OTP is invalid");
            act(holder, "otp/replace/confirm", Map.of("value", second.next())).ok();
            authorize(holder, Map.of("OTP", second.next())).ok();
        }

        @Test
        void isNotGuessed() {
            var holder = enrolled("otp-new-guessed", "otp");
            var newer = new Authenticator(
                    act(holder, "otp/replace", holder.factors()).ok().text("secret"));
            for (int i = 0; i < 3; i++) {
                act(holder, "otp/replace/confirm", Map.of("value", newer.wrong()))
                        .refused(400, "invalid_otp", "The OTP is invalid");
            }
            act(holder, "otp/replace/confirm", Map.of("value", newer.next()))
                    .refused(403, "credential_locked", "The credential is locked");
        }
    }

    @Nested
    class ARenewal {

        @Test
        void keepsTheKeyAndTakesTheNewCertificate() {
            var holder = enrolled("renew-same", "pin");
            var former = certificate(holder);
            var key = keyId(holder);
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);
            renewed(holder, former(former)).refused(409, "conflict", "No renewal waits for its certificate");

            var csr = asked(holder, Map.of());

            assertThat(TestAuthority.request(csr).getSubject())
                    .isEqualTo(former(former).getSubject());
            assertThat(TestAuthority.request(csr).getSubjectPublicKeyInfo())
                    .isEqualTo(former(former).getSubjectPublicKeyInfo());
            renewed(holder, former(former))
                    .refused(400, "invalid_request", "The credential has this certificate already");
            assertThat(certificate(holder)).isEqualTo(former);
            renewed(holder, platform.authority().issue(csr)).ok();

            var certificate = certificate(holder);
            assertThat(certificate).isNotEqualTo(former);
            assertThat(keyId(holder)).isEqualTo(key);
            // The key is the one that was authorized.
            var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
            assertThat(OpenSsl.verifies(holder.kind(), certificate, hashes.get(0), signature))
                    .isTrue();
            renewed(holder, platform.authority().issue(csr))
                    .refused(409, "conflict", "No renewal waits for its certificate");
            assertThat(audited(holder)).contains("renewal.requested SUCCESS", "certificate.renewed SUCCESS");
        }

        /** The keys of one tenant are in a folder, the other's in the database. */
        @ParameterizedTest
        @ValueSource(strings = {"globex", "initech"})
        void withANewKeySignsByTheFormerOneUntilTheCertificateIsThere(String tenant) {
            var name = "renew-" + tenant;
            var holder = new Enrolment(
                            platform.globex(),
                            name,
                            platform.newClient(name, ALL + ",tenantName:initech"),
                            platform.authority())
                    .tenant(tenant)
                    .enrol(name);
            var former = certificate(holder);
            var formerKey = keyId(holder);
            var hashes = holder.hashes("document");

            var first = asked(holder, Map.of("newKey", true));
            var replaced = one("SELECT new_key_id FROM credential WHERE id = '" + holder.credential() + "'");
            var csr = asked(holder, Map.of("newKey", true, "keyAlgorithm", "RSA", "keyLength", 2048));

            assertThat(OpenSsl.verifiesRequest(csr)).isTrue();
            assertThat(isKept(replaced)).isFalse();
            var signature = holder.sign(holder.sad(hashes), hashes)
                    .ok()
                    .texts("signatures")
                    .get(0);
            assertThat(certificate(holder)).isEqualTo(former);
            assertThat(OpenSsl.verifies(holder.kind(), former, hashes.get(0), signature))
                    .isTrue();
            var sad = holder.sad(hashes);
            renewed(holder, platform.authority().issue(first))
                    .refused(400, "invalid_request", "No certificate carries the public key of the credential");

            renewed(holder, platform.authority().issue(csr)).ok();

            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            var rsa = new Holder(holder.caller(), holder.credential(), KeyKind.RSA_2048, holder.pin(), null);
            signature =
                    rsa.sign(rsa.sad(hashes), hashes).ok().texts("signatures").get(0);
            assertThat(certificate(rsa)).isNotEqualTo(former);
            assertThat(OpenSsl.verifies(KeyKind.RSA_2048, certificate(rsa), hashes.get(0), signature))
                    .isTrue();
            assertThat(keyId(rsa)).isNotEqualTo(formerKey);
            assertThat(isKept(formerKey)).isFalse();
            assertThat(isKept(keyId(rsa))).isTrue();
            assertThat(audited(rsa)).contains("certificate.renewed SUCCESS", "key.destroyed SUCCESS");
        }

        /** Who asked may be the one that the holder shuts out. */
        @Test
        void endsWithAChangeOfPinAndWithANewOneTimePassword() {
            var changed = enrolled("renew-pin", "pin");
            var csr = asked(changed, Map.of("newKey", true));
            act(changed, "pin/change", with(changed.factors(), "newPIN", NEW_PIN))
                    .ok();
            renewed(changed, platform.authority().issue(csr))
                    .refused(409, "conflict", "No renewal waits for its certificate");

            var holder = enrolled("renew-otp", "otp");
            csr = asked(holder, Map.of());
            var newer = new Authenticator(
                    act(holder, "otp/replace", holder.factors()).ok().text("secret"));
            act(holder, "otp/replace/confirm", Map.of("value", newer.next())).ok();
            renewed(holder, platform.authority().issue(csr))
                    .refused(409, "conflict", "No renewal waits for its certificate");

            // Asked for by the new factor, the new key is opened by it.
            var owner = new Holder(holder.caller(), holder.credential(), holder.kind(), null, newer);
            csr = asked(owner, Map.of("newKey", true));
            renewed(owner, platform.authority().issue(csr)).ok();
            var hashes = owner.hashes("document");
            var signature = owner.sign(owner.sad(hashes), hashes)
                    .ok()
                    .texts("signatures")
                    .get(0);
            assertThat(OpenSsl.verifies(owner.kind(), certificate(owner), hashes.get(0), signature))
                    .isTrue();
        }

        /** What protects a key is not what the database says at the moment. */
        @Test
        void givesNoKeyThatOpensWithLess() {
            var holder = enrolled("renew-weaker", "pin-otp");
            var credential = " WHERE id = '" + holder.credential() + "'";
            one("UPDATE credential SET configuration_id = 'pin'" + credential + " RETURNING id");
            assertThat(act(holder, "renewal", Map.of("PIN", Enrolment.PIN, "newKey", true))
                            .refusal()
                            .text("error"))
                    .isEqualTo("server_error");
            assertThat(one("SELECT count(*) FROM credential" + credential + " AND renewal_at IS NULL"))
                    .isEqualTo("1");
            one("UPDATE credential SET configuration_id = 'pin-otp'" + credential + " RETURNING id");
            holder.sign(holder.sad(holder.hashes("document")), holder.hashes("document"))
                    .ok();
        }

        @Test
        void countsWrongFactorsAndLocks() {
            var holder = enrolled("renew-wrong", "pin");
            act(holder, "renewal", Map.of()).refused(400, "invalid_request", "PIN is required");
            for (int i = 0; i < 3; i++) {
                act(holder, "renewal", Map.of("PIN", "000000", "newKey", true))
                        .refused(400, "invalid_pin", "The PIN is invalid");
            }
            act(holder, "renewal", holder.factors()).refused(403, "credential_locked", "The credential is locked");
            assertThat(audited(holder))
                    .contains("renewal.requested FAILURE", "credential.locked SUCCESS")
                    .doesNotContain("renewal.requested SUCCESS");
        }

        @Test
        void endsWithASuspensionAndIsAskedForInServiceOnly() {
            var holder = enrolled("renew-suspended", "pin");
            var csr = asked(holder, Map.of("newKey", true));
            act(holder, "suspend", holder.factors()).ok();

            renewed(holder, platform.authority().issue(csr)).refused(409, "conflict", "The credential is suspended");
            act(holder, "renewal", holder.factors()).refused(409, "conflict", "The credential is suspended");
            act(holder, "resume", holder.factors()).ok();
            renewed(holder, platform.authority().issue(csr))
                    .refused(409, "conflict", "No renewal waits for its certificate");
            assertThat(audited(holder)).contains("renewal.requested FAILURE", "certificate.renewed FAILURE");
            holder.sign(holder.sad(holder.hashes("document")), holder.hashes("document"))
                    .ok();
        }

        @Test
        void saysWhatIsWrongWithTheRequestAndCostsNoTry() {
            var holder = enrolled("renew-request", "pin");
            act(holder, "renewal", Map.of("PIN", "000000", "keyAlgorithm", "RSA", "keyLength", 2048))
                    .refused(400, "invalid_request", "keyAlgorithm, keyLength and curve are for a newKey");
            act(holder, "renewal", Map.of("PIN", "000000", "csrSignatureAlgorithm", "SHA256WITHRSA"))
                    .refusal();
            var csr = asked(holder, Map.of("subject", "CN=Jane Doe,O=Globex"));
            assertThat(TestAuthority.request(csr).getSubject()).hasToString("O=Globex,CN=Jane Doe");
            generator(holder)
                    .act(holder.credential(), "renewal/certificate", Map.of("pkcs7", ""))
                    .refused(400, "invalid_request", "pkcs7 is required");
        }

        @Test
        void isBroughtByWhoSetTheCredentialUp() {
            var holder = enrolled("renew-stranger", "pin");
            var body = Map.of(
                    "pkcs7", platform.authority().pkcs7(platform.authority().issue(asked(holder, Map.of()))));
            var other = platform.newClient("renew-stranger-other", ALL);
            platform.globex()
                    .as("renew-stranger-other", other, "")
                    .act(holder.credential(), "renewal/certificate", body)
                    .refused(404, "not_found", "The credential was not found");
            platform.globex()
                    .as("renew-stranger", "secret of renew-stranger", "seat:somebody@globex")
                    .act(holder.credential(), "renewal/certificate", body)
                    .refused(404, "not_found", "The credential was not found");
            var signer = platform.newClient(
                    "renew-stranger-signer", "trustLevel:trustedClient,apiGroup:signer,tenantName:globex");
            platform.globex()
                    .as("renew-stranger-signer", signer, "seat:renew-stranger@globex")
                    .act(holder.credential(), "renewal/certificate", body)
                    .refused(403, "access_denied", "Access is denied");
            generator(holder)
                    .act(holder.credential(), "renewal/certificate", body)
                    .ok();
        }

        private String asked(Holder holder, Map<String, ?> request) {
            var body = new LinkedHashMap<String, Object>(holder.factors());
            body.putAll(request);
            return act(holder, "renewal", body).ok().text("csr");
        }

        private Answer renewed(Holder holder, X509CertificateHolder certificate) {
            return generator(holder)
                    .act(
                            holder.credential(),
                            "renewal/certificate",
                            Map.of("pkcs7", platform.authority().pkcs7(certificate)));
        }

        private Caller generator(Holder holder) {
            var client = one("SELECT created_by FROM credential WHERE id = '" + holder.credential() + "'");
            return platform.globex().as(client, "secret of " + client, "");
        }

        private X509CertificateHolder former(String certificate) {
            try {
                return new X509CertificateHolder(Base64.getDecoder().decode(certificate));
            } catch (java.io.IOException malformed) {
                throw new AssertionError(malformed);
            }
        }

        private String keyId(Holder holder) {
            return one("SELECT key_id FROM credential WHERE id = '" + holder.credential() + "'");
        }
    }

    @Nested
    class ASuspension {

        @Test
        void endsSignaturesUntilTheHolderResumes() {
            var holder = enrolled("suspend", "pin");
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);

            act(holder, "suspend", holder.factors()).ok();

            var info = holder.caller().info(holder.credential()).ok();
            assertThat(info.text("status")).isEqualTo("suspended");
            assertThat(info.text("suspendedBy")).isEqualTo("holder");
            assertThat(info.json().at("/key/status").asText()).isEqualTo("disabled");
            authorize(holder, holder.factors()).refused(409, "conflict", "The credential is suspended");
            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            act(holder, "suspend", holder.factors()).refused(409, "conflict", "The credential is suspended");

            act(holder, "resume", holder.factors()).ok();

            info = holder.caller().info(holder.credential()).ok();
            assertThat(info.text("status")).isEqualTo("enabled");
            assertThat(info.json().has("suspendedBy")).isFalse();
            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            holder.sign(holder.sad(hashes), hashes).ok();
            act(holder, "resume", holder.factors()).refused(409, "conflict", "The credential is not suspended");
            assertThat(audited(holder))
                    .contains(
                            "credential.suspended SUCCESS",
                            "credential.suspended FAILURE",
                            "credential.authorized FAILURE",
                            "credential.resumed SUCCESS",
                            "credential.resumed FAILURE");
        }

        @Test
        void isToldToTheConsortiumsClients() {
            var holder = enrolled("suspend-csc", "pin");
            var csc = new CscClient(platform.globex(), holder.caller().token());
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);
            act(holder, "suspend", holder.factors()).ok();

            assertThat(csc.call("credentials/info", CscClient.of(holder))
                            .ok()
                            .json()
                            .at("/key/status")
                            .asText())
                    .isEqualTo("disabled");
            csc.call(
                            "credentials/authorize",
                            CscClient.of(
                                    holder, "numSignatures", 1, "hash", Caller.base64(hashes), "PIN", Enrolment.PIN))
                    .refused(400, "invalid_request", "The credential identified by credentialID is disabled");
            csc.call("credentials/extendTransaction", CscClient.of(holder, "SAD", sad, "hash", Caller.base64(hashes)))
                    .refused(400, "invalid_request", "Invalid parameter SAD");
            csc.call(
                            "signatures/signHash",
                            CscClient.of(
                                    holder,
                                    "SAD",
                                    sad,
                                    "hash",
                                    Caller.base64(hashes),
                                    "signAlgo",
                                    "1.2.840.10045.4.3.2"))
                    .refused(400, "invalid_request", "Invalid parameter SAD");
        }

        @Test
        void countsWrongFactorsOfWhoWantsToResume() {
            var holder = enrolled("suspend-wrong", "pin");
            act(holder, "suspend", holder.factors()).ok();
            for (int i = 0; i < 3; i++) {
                act(holder, "resume", Map.of("PIN", "000000")).refused(400, "invalid_pin", "The PIN is invalid");
            }
            act(holder, "resume", holder.factors()).refused(403, "credential_locked", "The credential is locked");

            platform.globex().asAdministrator().unlock(holder.credential()).ok();
            authorize(holder, holder.factors()).refused(409, "conflict", "The credential is suspended");
            act(holder, "resume", holder.factors()).ok();
            authorize(holder, holder.factors()).ok();
        }

        @Test
        void byAnAdministratorIsTheAdministratorsToLift() {
            var holder = enrolled("suspend-admin", "pin");
            var administrator = platform.globex().asAdministrator();
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);

            administrator.act(holder.credential(), "suspend", Map.of()).ok();

            assertThat(holder.caller().info(holder.credential()).ok().text("suspendedBy"))
                    .isEqualTo("administrator");
            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            act(holder, "resume", holder.factors())
                    .refused(409, "conflict", "The credential was suspended by an administrator");
            administrator
                    .act(holder.credential(), "suspend", Map.of())
                    .refused(409, "conflict", "The credential was suspended by an administrator");
            administrator.act(holder.credential(), "resume", Map.of()).ok();
            administrator
                    .act(holder.credential(), "resume", Map.of())
                    .refused(409, "conflict", "The credential is not suspended");
            holder.sign(holder.sad(hashes), hashes).ok();
        }
    }

    @Nested
    class ARevocation {

        @Test
        void isForGoodAndSaysWhyAndWhen() {
            var holder = enrolled("revoke", "pin");
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);
            act(holder, "revoke", with(holder.factors(), "reason", "stolen"))
                    .refused(
                            400,
                            "invalid_request",
                            "reason must be unspecified, keyCompromise, affiliationChanged, superseded or"
                                    + " cessationOfOperation");

            act(holder, "revoke", with(holder.factors(), "reason", "keyCompromise"))
                    .ok();

            var info = holder.caller()
                    .info(holder.credential(), Map.of("certInfo", true))
                    .ok();
            assertThat(info.text("status")).isEqualTo("revoked");
            assertThat(info.text("revocationReason")).isEqualTo("keyCompromise");
            assertThat(info.text("revokedAt")).matches("\\d{14}Z");
            assertThat(info.json().at("/key/status").asText()).isEqualTo("disabled");
            // Of the certificate its authority has not said anything.
            assertThat(info.json().at("/cert/status").asText()).isEqualTo("valid");
            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            authorize(holder, holder.factors()).refused(409, "conflict", "The credential is revoked");
            act(holder, "resume", holder.factors()).refused(409, "conflict", "The credential is revoked");
            act(holder, "revoke", holder.factors()).refused(409, "conflict", "The credential is revoked");
            platform.globex()
                    .asAdministrator()
                    .act(holder.credential(), "resume", Map.of())
                    .refused(409, "conflict", "The credential is revoked");
            assertThat(audited(holder)).contains("credential.revoked SUCCESS", "credential.revoked FAILURE");
        }

        @Test
        void byAnAdministratorNeedsNoFactors() {
            var holder = enrolled("revoke-admin", "pin");

            platform.globex()
                    .asAdministrator()
                    .act(holder.credential(), "revoke", Map.of("reason", "affiliationChanged"))
                    .ok();

            assertThat(holder.caller().info(holder.credential()).ok().text("revocationReason"))
                    .isEqualTo("affiliationChanged");
            authorize(holder, holder.factors()).refused(409, "conflict", "The credential is revoked");
        }
    }

    @Nested
    class ADeletion {

        /** The keys of one tenant are in a folder, the other's in the database. */
        @ParameterizedTest
        @ValueSource(strings = {"globex", "initech"})
        void leavesNothingButTheEntriesOfTheAuditLog(String tenant) {
            var name = "delete-" + tenant;
            var holder = new Enrolment(
                            platform.globex(),
                            name,
                            platform.newClient(name, ALL + ",tenantName:initech"),
                            platform.authority())
                    .tenant(tenant)
                    .enrol(name);
            var hashes = holder.hashes("document");
            var sad = holder.sad(hashes);
            act(holder, "delete", Map.of("PIN", "000000")).refused(400, "invalid_pin", "The PIN is invalid");
            var keyId = one("SELECT key_id FROM credential WHERE id = '" + holder.credential() + "'");
            assertThat(isKept(keyId)).isTrue();

            assertThat(act(holder, "delete", holder.factors())
                            .ok()
                            .json()
                            .path("keyDestroyed")
                            .asBoolean())
                    .isTrue();

            holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
            holder.caller().info(holder.credential()).refused(404, "not_found", "The credential was not found");
            authorize(holder, holder.factors()).refused(404, "not_found", "The credential was not found");
            act(holder, "delete", holder.factors()).refused(404, "not_found", "The credential was not found");
            assertThat(holder.caller().list().ok().texts("credentialIds")).isEmpty();
            assertThat(isKept(keyId)).isFalse();
            assertThat(one("SELECT count(*) FROM condemned_key WHERE key_id = '" + keyId + "'"))
                    .isEqualTo("0");
            assertThat(one("SELECT count(*) FROM activation WHERE credential_id = '" + holder.credential() + "'"))
                    .isEqualTo("0");
            assertThat(audited(holder))
                    .contains(
                            "credential.created SUCCESS",
                            "credential.deleted FAILURE",
                            "credential.deleted SUCCESS",
                            "key.destroyed SUCCESS");
        }

        @Test
        void byAnAdministratorIsOfAnyCredential() {
            var locked = enrolled("delete-locked", "pin");
            for (int i = 0; i < 3; i++) {
                authorize(locked, Map.of("PIN", "000000")).refusal();
            }
            act(locked, "delete", locked.factors()).refused(403, "credential_locked", "The credential is locked");
            var unfinished = platform.globex()
                    .as("delete-locked", "secret of delete-locked", "")
                    .create("globex", "delete-unfinished", "pin", 1)
                    .ok()
                    .text("credentialId");
            var administrator = platform.globex().asAdministrator();
            administrator
                    .act(unfinished, "suspend", Map.of())
                    .refused(409, "conflict", "The credential has no certificate yet");

            administrator.act(locked.credential(), "delete", Map.of()).ok();
            administrator.act(unfinished, "delete", Map.of()).ok();
            administrator.act(unfinished, "delete", Map.of()).refused(404, "not_found", "The credential was not found");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pin/change",
                "otp/replace",
                "otp/replace/confirm",
                "renewal",
                "suspend",
                "resume",
                "revoke",
                "delete"
            })
    void everyActIsTheHoldersAlone(String act) {
        var name = "acts-" + act.replace('/', '-');
        var holder = enrolled(name, "pin");
        var body = new LinkedHashMap<String, Object>(holder.factors());
        if (act.equals("pin/change")) {
            body.put("newPIN", NEW_PIN);
        } else if (act.equals("otp/replace/confirm")) {
            body = new LinkedHashMap<>(Map.of("value", "123456"));
        }
        var secret = "secret of " + name;
        // Another seat of the tenant, by the same client.
        platform.globex()
                .as(name, secret, "seat:somebody@globex")
                .act(holder.credential(), act, body)
                .refused(404, "not_found", "The credential was not found");
        // Without a seat it would be an administrator's, or nobody's.
        platform.globex()
                .as(name, secret, "")
                .act(holder.credential(), act, body)
                .refusal();
        // A client of the seat that is no signer.
        var lister = platform.newClient(
                name + "-lister", "trustLevel:trustedClient,apiGroup:lister,apiGroup:generator,tenantName:globex");
        platform.globex()
                .as(name + "-lister", lister, "seat:" + name + "@globex")
                .act(holder.credential(), act, body)
                .refused(403, "access_denied", "Access is denied");
        // An administrator of another tenant.
        var other =
                platform.newClient(name + "-admin", "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:initech");
        var answer = platform.globex().as(name + "-admin", other, "").act(holder.credential(), act, body);
        if (act.contains("/") || act.equals("renewal")) {
            answer.refused(403, "access_denied", "Access is denied");
        } else {
            answer.refused(404, "not_found", "The credential was not found");
        }
        // Nothing of it changed anything.
        assertThat(holder.caller().info(holder.credential()).ok().text("status"))
                .isEqualTo("enabled");
        holder.sign(holder.sad(holder.hashes("document")), holder.hashes("document"))
                .ok();
    }

    private boolean isKept(String keyId) {
        var file = platform.server().folder().resolve("keys-globex").resolve(keyId + ".key");
        return Files.exists(file)
                || !one("SELECT count(*) FROM wrapped_key WHERE credential_id = '" + keyId + "'")
                        .equals("0");
    }

    /** With a client of its own, so that no test spends another's tries. */
    private Holder enrolled(String name, String configuration) {
        var secret = platform.newClient(name, ALL);
        return new Enrolment(platform.globex(), name, secret, platform.authority())
                .tenant("globex")
                .configuration(configuration)
                .enrol(name);
    }

    private static Answer act(Holder holder, String act, Map<String, ?> body) {
        return holder.caller().act(holder.credential(), act, body);
    }

    private static Map<String, Object> with(Map<String, String> factors, String name, String value) {
        var all = new LinkedHashMap<String, Object>(factors);
        all.put(name, value);
        return all;
    }

    private static Answer authorize(Holder holder, Map<String, String> factors) {
        return holder.caller().authorize(holder.credential(), holder.hashes("document"), factors);
    }

    private static String certificate(Holder holder) {
        return holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
    }

    /** Type and outcome of the credential's entries. */
    private List<String> audited(Holder holder) {
        return List.of(one("SELECT string_agg(type || ' ' || upper(outcome), ',' ORDER BY at, seq) FROM audit_entry"
                        + " WHERE credential = '" + holder.credential() + "'")
                .split(","));
    }

    private String one(String query) {
        try (var connection = platform.server().database().superuser("globex");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (java.sql.SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
