package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holders and administrators do with credentials that sign. */
@ExtendWith(RunningServer.class)
class LivingCredentialIT extends LivingCredentials {

    LivingCredentialIT(Platform platform) {
        super(platform);
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
}
