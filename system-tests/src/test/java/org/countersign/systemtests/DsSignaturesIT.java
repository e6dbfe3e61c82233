package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;

/** Devices of the distribution service: the signatures of their calls. */
class DsSignaturesIT extends DsDeviceRig {

    DsSignaturesIT(Platform platform) {
        super(platform);
    }

    @Test
    void aDeviceWithAWrongClockPutsItRight() {
        var device = registered(newKey(Map.of()));
        for (var wrong :
                List.of(Duration.ofHours(3), Duration.ofHours(-3), Duration.ofDays(30), Duration.ofDays(-30))) {
            device.clockOffset(wrong);
            var refusal = refused(device.sync(Map.of()), 401, CLOCK);
            assertThat(Instant.parse(refusal.text("serverTime")))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
            device.learnTime(refusal);
            device.sync(Map.of()).ok();
        }
    }

    @Test
    void aSignatureIsForOneCall() {
        var device = registered(newKey(Map.of()));
        var body = DsDevice.json(Map.of());
        var good = device.proof("POST", "/sync", body);

        refused(send(device, "/transactions", body, good), 401, SIGNATURE);
        refused(send(device, "/sync", DsDevice.json(Map.of("consents", 1)), good), 401, SIGNATURE);
        refused(send(device, "/sync", body), 401, SIGNATURE);
        refused(send(device, "/sync", body, good, good), 401, SIGNATURE);
        refused(send(device, "/sync", body, good + "A"), 401, SIGNATURE);
        refused(send(device, "/sync", body, device.proof("PUT", "/sync", body)), 401, SIGNATURE);
        refused(send(device, "/sync", body, registered(newKey(Map.of())).proof("POST", "/sync", body)), 401, SIGNATURE);
        send(device, "/sync", body, good).ok();
        refused(send(device, "/sync", body, good), 401, REPLAY);
    }

    @Test
    void ofCallsWithOneSignatureAtOnceOnePasses() {
        var device = registered(newKey(Map.of()));
        var body = DsDevice.json(List.of(transaction("only")));
        // made anew, the signature is another text, and its identifier the same
        var answers = atOnce(
                8,
                () -> send(
                        device,
                        "/transactions",
                        body,
                        device.proof("POST", "/transactions", body, "0123456789abcdef")));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !answer.isOk())
                .hasSize(7)
                .allSatisfy(answer -> refused(answer, 401, REPLAY));
    }
}
