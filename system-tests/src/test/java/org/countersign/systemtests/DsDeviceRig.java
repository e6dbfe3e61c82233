package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tests of devices share: an organisation, its operator, and devices that register there. */
@ExtendWith(RunningServer.class)
abstract class DsDeviceRig {

    static final String KEYS = "/admin/v1/registration-keys";
    static final int SIGNATURE = 204_001;
    static final int CLOCK = 204_002;
    static final int REPLAY = 204_003;
    static final int UNKNOWN = 204_004;
    static final int BLOCKED = 204_005;
    static final int KEY_REFUSED = 204_006;
    static final int CONFLICT = 204_409;

    final TestServer server;
    final SignerApi ds;
    final Caller operator;
    final String organisation;

    DsDeviceRig(Platform platform) {
        server = platform.server();
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
        organisation = operator.post("/admin/v1/organisations", Map.of("name", "devices " + UUID.randomUUID()))
                .ok()
                .text("id");
    }

    Answer newKey(Map<String, ?> more) {
        var body = new HashMap<String, Object>(more);
        body.put("organisation", organisation);
        body.put("name", "of a test");
        return operator.post(KEYS, body).ok();
    }

    Answer key(Answer created) {
        var all = operator.get(KEYS + "?organisation=" + organisation).ok();
        for (var key : all.json()) {
            if (key.path("id").asText().equals(created.text("id"))) {
                assertThat(key.has("key")).isFalse();
                return new Answer(200, all.headers(), key.toString());
            }
        }
        throw new AssertionError("The key is not listed");
    }

    int uses(Answer created) {
        return key(created).json().path("uses").asInt();
    }

    DsDevice registered(Answer key) {
        var device = DsDevice.at(ds);
        device.register(key.text("key")).ok();
        return device;
    }

    Answer show(DsDevice device) {
        return operator.get("/admin/v1/devices/" + device.uuid()).ok();
    }

    static Answer send(DsDevice device, String path, byte[] body, String... proofs) {
        return device.send("POST", path, "application/json", body, proofs);
    }

    static Map<String, Object> transaction(String id) {
        return Map.of(
                "label", "shop",
                "module", "beid",
                "useCase", "sign",
                "txDate", "2026-06-01T12:00:00+02:00",
                "tag", "a tag",
                "id", id);
    }

    static Answer refused(Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("success").asBoolean(true)).isFalse();
        assertThat(answer.json().path("code").asInt()).as(answer.body()).isEqualTo(code);
        assertThat(answer.header("X-Server-Time")).isPresent();
        return answer;
    }

    static List<Answer> atOnce(int calls, Callable<Answer> call) {
        var barrier = new CyclicBarrier(calls);
        var executor = Executors.newFixedThreadPool(calls);
        try {
            var futures = IntStream.range(0, calls)
                    .mapToObj(i -> executor.submit(() -> {
                        barrier.await();
                        return call.call();
                    }))
                    .toList();
            var answers = new ArrayList<Answer>();
            for (var future : futures) {
                answers.add(future.get());
            }
            return answers;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        } finally {
            executor.shutdownNow();
        }
    }
}
