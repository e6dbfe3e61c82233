package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What must hold, 3 and 7: factors are checked in order, counted, used once, and are the holder's alone. */
@ExtendWith(RunningServer.class)
class FactorsIT {

    private static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex";

    private final Platform platform;

    FactorsIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void aWrongPinLeavesTheOneTimePasswordUsable() {
        var holder = enrolled("pin-first", "pin-otp");
        var otp = holder.authenticator().next();

        invalidPin(authorize(holder, "000000", otp));
        authorize(holder, Enrolment.PIN, otp).ok();
    }

    @Test
    void aOneTimePasswordIsAcceptedOnceAndNoneBeforeItAfterwards() {
        var holder = enrolled("otp-once", "pin-otp");
        var earlier = holder.authenticator().next();
        var later = holder.authenticator().next();

        authorize(holder, Enrolment.PIN, later).ok();
        invalidOtp(authorize(holder, Enrolment.PIN, later));
        invalidOtp(authorize(holder, Enrolment.PIN, earlier));
    }

    @Test
    void thePasswordOfTheConfirmationIsSpent() {
        var caller = client("otp-confirmed");
        var credential = caller.create("globex", "otp-confirmed", "otp", 1).ok().text("credentialId");
        var authenticator = new Authenticator(caller.newOtp(credential).ok().text("secret"));
        var otp = authenticator.next();
        caller.confirmOtp(credential, otp).ok();
        var csr = caller.keyPair(credential, org.countersign.systemtests.harness.KeyKind.P_256)
                .ok()
                .text("csr");
        var authority = platform.authority();
        caller.certificate(credential, authority.pkcs7(authority.issue(csr))).ok();
        var signer = platform.globex().as("otp-confirmed", "secret of otp-confirmed", "seat:otp-confirmed@globex");
        var hashes = java.util.List.of(new byte[32]);

        invalidOtp(signer.authorize(credential, hashes, Map.of("OTP", otp)));
        signer.authorize(credential, hashes, Map.of("OTP", authenticator.next()))
                .ok();
    }

    @Test
    void wrongPinsLockTheCredentialAndThenTheRightOneFailsToo() {
        var holder = enrolled("lock-pin", "pin");
        for (int i = 0; i < 3; i++) {
            invalidPin(authorize(holder, "000000", null));
        }

        locked(authorize(holder, Enrolment.PIN, null));
        locked(authorize(holder, "000000", null));
        assertThat(holder.caller().info(holder.credential()).ok().text("status"))
                .isEqualTo("locked");
    }

    @Test
    void wrongOneTimePasswordsLockTheCredentialAsWell() {
        var holder = enrolled("lock-otp", "pin-otp");
        for (int i = 0; i < 3; i++) {
            invalidOtp(authorize(holder, Enrolment.PIN, holder.authenticator().wrong()));
        }

        locked(authorize(holder, Enrolment.PIN, holder.authenticator().next()));
    }

    @Test
    void wrongPasswordsAtTheConfirmationLockToo() {
        var caller = client("lock-confirm");
        var credential = caller.create("globex", "lock-confirm", "otp", 1).ok().text("credentialId");
        var authenticator = new Authenticator(caller.newOtp(credential).ok().text("secret"));
        for (int i = 0; i < 3; i++) {
            invalidOtp(caller.confirmOtp(credential, authenticator.wrong()));
        }

        locked(caller.confirmOtp(credential, authenticator.next()));
    }

    @Test
    void rightFactorsSetTheCountBack() {
        var holder = enrolled("count", "pin");
        for (int round = 0; round < 2; round++) {
            invalidPin(authorize(holder, "000000", null));
            invalidPin(authorize(holder, "000000", null));
            authorize(holder, Enrolment.PIN, null).ok();
        }
    }

    @Test
    void aFactorThatIsNotSentIsNotCounted() {
        var holder = enrolled("not-sent", "pin-otp");
        for (int i = 0; i < 5; i++) {
            authorize(holder, null, holder.authenticator().wrong()).refused(400, "invalid_request", "PIN is required");
            authorize(holder, Enrolment.PIN, null).refused(400, "invalid_request", "OTP is required");
        }
        authorize(holder, Enrolment.PIN, holder.authenticator().next()).ok();
    }

    @Test
    void onlyTheAdministratorUnlocks() {
        var holder = enrolled("unlock", "pin");
        for (int i = 0; i < 3; i++) {
            invalidPin(authorize(holder, "000000", null));
        }
        holder.caller().unlock(holder.credential()).refused(403, "access_denied", "Access is denied");
        locked(authorize(holder, Enrolment.PIN, null));

        platform.globex().asAdministrator().unlock(holder.credential()).ok();

        authorize(holder, Enrolment.PIN, null).ok();
        platform.globex()
                .asAdministrator()
                .unlock(holder.credential())
                .refused(409, "conflict", "The credential is not locked");
        platform.globex().asAdministrator().unlock("nothing").refused(404, "not_found", "The credential was not found");
    }

    @Test
    void aClientWithTooManyWrongFactorsIsStoppedBeforeItLocksManySeatsAndOthersAreNot() {
        var secret = platform.newClient("guessing", ALL);
        var others =
                new Enrolment(platform.globex(), "globex", "secret of globex", platform.authority()).tenant("globex");
        var wrong = 0;
        for (int i = 0; i < 4; i++) {
            var seat = "guessed-" + i;
            var guesser = others.enrol(seat).by(platform.globex().as("guessing", secret, "seat:" + seat + "@globex"));
            for (int j = 0; j < 2 && wrong < 8; j++, wrong++) {
                invalidPin(authorize(guesser, "000000", null));
            }
        }
        var holder = others.enrol("guessed-last");
        var guesser = holder.by(platform.globex().as("guessing", secret, "seat:guessed-last@globex"));

        var stopped = authorize(guesser, "000000", null)
                .refused(429, "slow_down", "The client sent too many wrong factors; try again later");
        assertThat(stopped.header("Retry-After")).isPresent();
        authorize(guesser, Enrolment.PIN, null)
                .refused(429, "slow_down", "The client sent too many wrong factors; try again later");
        authorize(holder, Enrolment.PIN, null).ok();
    }

    @Nested
    class TheGenerator {

        @Test
        void canNotReplaceAFactorOfALivingCredential() {
            var holder = enrolled("living", "pin-otp");
            var generator = platform.globex().as("living", "secret of living", "");

            generator.setPin(holder.credential(), "999999").refused(409, "conflict", "The factor is set already");
            generator.newOtp(holder.credential()).refused(409, "conflict", "The factor is set already");
            generator
                    .confirmOtp(holder.credential(), holder.authenticator().next())
                    .refused(409, "conflict", "The OTP is confirmed already");
            authorize(holder, "999999", holder.authenticator().wrong())
                    .refused(400, "invalid_pin", "The PIN is invalid");
            holder.authorize(holder.hashes("document")).ok();
        }

        @Test
        void canNotAddAFactorThatTheConfigurationDoesNotAskFor() {
            var caller = client("no-factor");
            var pin = caller.create("globex", "no-factor", "pin", 1).ok().text("credentialId");
            var otp = caller.create("globex", "no-factor", "otp", 1).ok().text("credentialId");

            caller.newOtp(pin).refused(409, "conflict", "The authorization configuration of the credential has no OTP");
            caller.setPin(otp, "123456")
                    .refused(409, "conflict", "The authorization configuration of the credential has no PIN");
        }

        @Test
        void setsAPinThatFollowsThePolicy() {
            var caller = client("policy");
            var credential =
                    caller.create("globex", "policy", "pin-digits", 1).ok().text("credentialId");

            caller.setPin(credential, "").refused(400, "invalid_request", "value is required");
            caller.setPin(credential, "12345").refused(400, "invalid_request", "The PIN must have 6 to 8 characters");
            caller.setPin(credential, "123456789")
                    .refused(400, "invalid_request", "The PIN must have 6 to 8 characters");
            caller.setPin(credential, "12345a").refused(400, "invalid_request", "The PIN must have digits only");
            caller.setPin(credential, "123456").ok();
        }
    }

    /** With a client of its own, so that no test spends another's tries. */
    private Holder enrolled(String name, String configuration) {
        var secret = platform.newClient(name, ALL);
        return new Enrolment(platform.globex(), name, secret, platform.authority())
                .tenant("globex")
                .configuration(configuration)
                .enrol(name);
    }

    private Caller client(String name) {
        return platform.globex().as(name, platform.newClient(name, ALL), "");
    }

    private static Answer authorize(Holder holder, String pin, String otp) {
        var factors = new java.util.HashMap<String, String>();
        if (pin != null) {
            factors.put("PIN", pin);
        }
        if (otp != null) {
            factors.put("OTP", otp);
        }
        return holder.caller().authorize(holder.credential(), holder.hashes("document"), factors);
    }

    private static void invalidPin(Answer answer) {
        answer.refused(400, "invalid_pin", "The PIN is invalid");
    }

    private static void invalidOtp(Answer answer) {
        answer.refused(400, "invalid_otp", "The OTP is invalid");
    }

    private static void locked(Answer answer) {
        answer.refused(403, "credential_locked", "The credential is locked");
    }
}
