package org.countersign.agent.link;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.countersign.agent.keys.P256Key;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.agent.outgoing.Reply;
import org.countersign.agent.trust.CorrectedClock;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.jose.DeviceSignature;

/** Makes calls of a device, each signed anew. The time that answers tell puts the clock right. */
final class ServiceCalls {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The list of all cards is the longest. */
    private static final int LARGEST = 8 << 20;

    private static final int OK = 200;
    private static final int CREATED = 201;

    private final URI service;
    private final P256Key key;
    private final Outgoing outgoing;
    private final CorrectedClock clock;
    private final Entropy entropy;

    ServiceCalls(URI service, P256Key key, Outgoing outgoing, CorrectedClock clock, Entropy entropy) {
        this.service = service;
        this.key = key;
        this.outgoing = outgoing;
        this.clock = clock;
        this.entropy = entropy;
    }

    /**
     * The data of a good answer.
     *
     * @param path after the device's own address, such as {@code /sync}
     * @throws IOException when the service is away, or what answers is not it
     * @throws RefusedException when it refuses
     */
    JsonObject send(String method, String device, String path, String type, byte[] body)
            throws IOException, RefusedException {
        var refusal = new RefusedException(0);
        // Once more when the clock was wrong, or an answer was lost and its request repeated on the way.
        for (int attempt = 0; attempt < 2; attempt++) {
            var reply = attempt(method, "/v3/devices/" + device + path, type, body);
            reply.time().ifPresent(clock::learn);
            var json = Jsons.parse(reply.body())
                    .orElseThrow(() -> new IOException("the answer " + reply.status() + " is none of the service's"));
            if (reply.status() == OK || reply.status() == CREATED) {
                return json.get("data") instanceof JsonObject data ? data : JsonObject.EMPTY_JSON_OBJECT;
            }
            int code = json.getInt("code", 0);
            if (code == 0 || reply.status() >= 500) {
                throw new IOException("the service answers " + reply.status());
            }
            refusal = new RefusedException(code);
            if (!refusal.is(DsError.DEVICE_CLOCK) && !refusal.is(DsError.DEVICE_REPLAY)) {
                break;
            }
        }
        throw refusal;
    }

    private Reply attempt(String method, String path, String type, byte[] body) throws IOException {
        var address = service + path;
        var request = HttpRequest.newBuilder(URI.create(address))
                .method(method, BodyPublishers.ofByteArray(body))
                .header("Content-Type", type)
                .header("Accept", "application/json")
                .header(
                        DeviceSignature.HEADER,
                        DeviceSignature.of(
                                key.publicKey(),
                                key.privateKey(),
                                method,
                                address,
                                body,
                                clock.instant(),
                                entropy.uuid().toString()))
                .build();
        return outgoing.send(request, PATIENCE, LARGEST, true);
    }
}
