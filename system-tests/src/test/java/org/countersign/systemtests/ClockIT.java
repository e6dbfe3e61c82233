package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.NtpServer;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A company whose NTP server says another time than the machine's clock. */
@ExtendWith(RunningServer.class)
class ClockIT {

    private static final Duration AHEAD = Duration.ofHours(3);
    private static final Duration A_SYNCHRONISATION_LATER = Duration.ofSeconds(100);

    private final Platform platform;

    ClockIT(Platform platform) {
        this.platform = platform;
    }

    /** Takes a minute: the time from one synchronisation to the next, which fails. */
    @Test
    void oneTimePasswordsGoByTheServersTimeAndStillDoWhenItIsAway() throws Exception {
        var server = platform.server();
        try (var ntp = new NtpServer(AHEAD)) {
            var settings = "\"ntp\": {\"url\": \"" + ntp.address()
                    + "\", \"timeoutInSeconds\": 1, \"syncTimeInMinutes\": 1," + " \"maxOffsetInSeconds\": 86400}";
            try (var guest = Guest.deploy(server, Guest.CLOCK, Guest.file(server, Guest.CLOCK, settings))) {
                assertThat(clock(guest.api())).isEqualTo("SYNCHRONISED");
                var enrolled = enrol(guest.api());
                onlyTheServersTimeCounts(enrolled);
                ntp.goAway();
                long began = System.nanoTime();
                while (clock(guest.api()).equals("SYNCHRONISED")
                        && System.nanoTime() - began < A_SYNCHRONISATION_LATER.toNanos()) {
                    Thread.sleep(200);
                }
                assertThat(clock(guest.api())).isEqualTo("HOLDING");
                onlyTheServersTimeCounts(enrolled);
                assertThat(server.log())
                        .contains("The clock is synchronised with " + ntp.address())
                        .contains("The clock is not synchronised with " + ntp.address());
            }
        }
    }

    @Test
    void withoutAServerTheClockIsTheMachines() {
        assertThat(clock(platform.acme())).isEqualTo("MACHINE");
    }

    private static String clock(SignerApi api) {
        return api.get("/health/ready").ok().text("clock");
    }

    private record Enrolled(Holder holder, Authenticator byTheMachine) {}

    private Enrolled enrol(SignerApi api) {
        var generator = api.as("acme", "acme_password", "");
        var credential = generator.create("acme", "clock", "otp", 1).ok().text("credentialId");
        var secret = generator.newOtp(credential).ok().text("secret");
        generator
                .confirmOtp(credential, new Authenticator(secret).next())
                .refused(400, "invalid_otp", "The OTP is invalid");
        var authenticator = new Authenticator(secret, AHEAD);
        generator.confirmOtp(credential, authenticator.next()).ok();
        var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
        generator
                .certificate(
                        credential,
                        platform.authority().pkcs7(platform.authority().issue(csr)))
                .ok();
        var signer = api.as("acme", "acme_password", "seat:clock@acme");
        return new Enrolled(
                new Holder(signer, credential, KeyKind.P_256, null, authenticator), new Authenticator(secret));
    }

    private static void onlyTheServersTimeCounts(Enrolled enrolled) {
        var holder = enrolled.holder();
        var hashes = holder.hashes("one");
        holder.caller()
                .authorize(
                        holder.credential(),
                        hashes,
                        Map.of("OTP", enrolled.byTheMachine().next()))
                .refused(400, "invalid_otp", "The OTP is invalid");
        assertThat(holder.sign(holder.sad(hashes), hashes).ok().texts("signatures"))
                .hasSize(1);
    }
}
