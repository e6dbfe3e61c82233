package org.countersign.systemtests.harness;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A device with a key and a clock of its own, which may be wrong. It signs its calls without any code of the product. */
public final class DsDevice {

    private final SignerApi api;
    private final UUID uuid;
    private final DeviceKeys keys;
    private Duration clockOffset = Duration.ZERO;

    private DsDevice(SignerApi api, UUID uuid, DeviceKeys keys) {
        this.api = api;
        this.uuid = uuid;
        this.keys = keys;
    }

    public static DsDevice at(SignerApi api) {
        return new DsDevice(api, UUID.randomUUID(), DeviceKeys.generate());
    }

    /** Another one that says it is this one. */
    public DsDevice withAnotherKey() {
        return new DsDevice(api, uuid, DeviceKeys.generate());
    }

    /** Sets the clock wrong, or right. */
    public DsDevice clockOffset(Duration offset) {
        clockOffset = offset;
        return this;
    }

    /** Puts the clock right by the time that an answer tells. */
    public void learnTime(Answer answer) {
        clockOffset = Duration.between(
                Instant.now(), Instant.parse(answer.header("X-Server-Time").orElseThrow()));
    }

    public UUID uuid() {
        return uuid;
    }

    public PublicKey tlsKey() {
        return keys.tlsKey();
    }

    public Map<String, Object> registration(String registrationKey) {
        var body = new LinkedHashMap<String, Object>();
        if (registrationKey != null) {
            body.put("registrationKey", registrationKey);
        }
        body.put("deviceKey", keys.jwk());
        body.put("tlsKeyProof", tlsKeyProof(uuid.toString()));
        body.put("version", "1.0.0");
        body.put("os", "UNIX");
        body.put("architecture", "x86_64");
        body.put("host", "host-of-" + uuid);
        return body;
    }

    public String tlsKeyProof(String subject) {
        return keys.tlsKeyProof(subject);
    }

    public Answer register(String registrationKey) {
        return put(registration(registrationKey));
    }

    public Answer put(Map<String, ?> body) {
        var bytes = json(body);
        return send("PUT", "", "application/json", bytes, proof("PUT", "", bytes));
    }

    public Answer sync(Map<String, ?> body) {
        return post("/sync", body);
    }

    public Answer post(String path, Object body) {
        var bytes = json(body);
        return send("POST", path, "application/json", bytes, proof("POST", path, bytes));
    }

    public Answer get(String path) {
        return Http.send(request(path)
                .setHeader("Accept", "*/*")
                .header("Device-Signature", proof("GET", path, new byte[0]))
                .GET());
    }

    public Answer logs(byte[] bundle) {
        return send("POST", "/logs", "application/gzip", bundle, proof("POST", "/logs", bundle));
    }

    public String proof(String method, String path, byte[] body) {
        return proof(method, path, body, UUID.randomUUID().toString());
    }

    public String proof(String method, String path, byte[] body, String jti) {
        return keys.proof(
                method,
                "/v3/devices/" + uuid + path,
                body,
                Instant.now().plus(clockOffset).getEpochSecond(),
                jti);
    }

    public Answer send(String method, String path, String contentType, byte[] body, String... proofs) {
        return send(method, path, contentType, BodyPublishers.ofByteArray(body), proofs);
    }

    public Answer send(String method, String path, String contentType, BodyPublisher body, String... proofs) {
        var request = request(path).header("Content-Type", contentType).method(method, body);
        for (var proof : proofs) {
            request.header("Device-Signature", proof);
        }
        return Http.send(request);
    }

    public HttpRequest.Builder request(String path) {
        return api.request("/v3/devices/" + uuid + path);
    }

    public static byte[] json(Object body) {
        return DeviceKeys.json(body);
    }
}
