package org.countersign.systemtests.simulation;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.DeviceKeys;

/** A device: its keys, its clock, and how many transactions it had so far. For one thread at a time. */
final class SimulatedDevice {

    private static final String ID = "t";

    private final int number;
    private final UUID uuid = UUID.randomUUID();
    private final DeviceKeys keys;
    private Duration clockOffset = Duration.ZERO;
    private int transactions;

    SimulatedDevice(int number, Provider provider) {
        this.number = number;
        this.keys = DeviceKeys.generate(provider);
    }

    /** From 0. */
    int number() {
        return number;
    }

    UUID uuid() {
        return uuid;
    }

    /** Of its calls, without what follows. */
    String address() {
        return "/v3/devices/" + uuid;
    }

    /** Puts the clock wrong by so much. */
    void clockIsWrongBy(Duration offset) {
        clockOffset = offset;
    }

    void learnTime(Instant serverTime) {
        clockOffset = Duration.between(Instant.now(), serverTime);
    }

    byte[] registration(String registrationKey) {
        var body = new LinkedHashMap<String, Object>();
        body.put("registrationKey", registrationKey);
        body.put("deviceKey", keys.jwk());
        body.put("tlsKeyProof", keys.tlsKeyProof(uuid.toString()));
        body.put("version", "1.0.0");
        body.put("os", "UNIX");
        body.put("architecture", "x86_64");
        body.put("host", "host-" + number);
        return DeviceKeys.json(body);
    }

    /** A signature of one call: made anew for each attempt. */
    String proof(String method, String path, byte[] body) {
        return keys.proof(method, address() + path, body, now(), newJti());
    }

    /** By this device's clock, in seconds. */
    private long now() {
        return Instant.now().plus(clockOffset).getEpochSecond();
    }

    private static String newJti() {
        return UUID.randomUUID().toString();
    }

    /** The same call as if it was this device's, but signed by another one. */
    String forgedProof(SimulatedDevice other, String method, String path, byte[] body) {
        return keys.proofSignedBy(other.keys, method, address() + path, body, now(), newJti());
    }

    /** The same call, signed by another device in its own name. */
    String strangersProof(SimulatedDevice other, String method, String path, byte[] body) {
        return other.keys.proof(method, address() + path, body, now(), newJti());
    }

    /** Identifiers of new transactions, which from now on have to arrive. */
    List<String> newTransactions(int count) {
        int first = transactions;
        transactions += count;
        return IntStream.range(first, transactions).mapToObj(i -> ID + i).toList();
    }

    /** How many it made: their numbers are those below. */
    int transactions() {
        return transactions;
    }

    /** @return the number of a transaction, or -1 for an identifier that is none of this device's */
    int numberOf(String id) {
        if (!id.matches(ID + "\\d{1,9}")) {
            return -1;
        }
        int made = Integer.parseInt(id.substring(ID.length()));
        return made < transactions ? made : -1;
    }

    static byte[] sync(List<String> ids) {
        return ("{\"status\":\"RUNNING\",\"modules\":[{\"id\":\"beid\",\"version\":\"1.2.0\"},{\"id\":\"luxtrust\","
                        + "\"version\":\"2.0.1\"}],\"consents\":1,\"transactions\":" + list(ids) + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] transactions(List<String> ids) {
        return list(ids).getBytes(StandardCharsets.UTF_8);
    }

    private static String list(List<String> ids) {
        var now = Instant.now().toString();
        return ids.stream()
                .map(id -> "{\"label\":\"shop\",\"module\":\"beid\",\"useCase\":\"sign\",\"txDate\":\"" + now
                        + "\",\"tag\":\"simulated\",\"id\":\"" + id + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** All devices by their identifiers. */
    static Map<UUID, SimulatedDevice> byIdentifier(List<SimulatedDevice> devices) {
        return devices.stream().collect(Collectors.toMap(SimulatedDevice::uuid, device -> device));
    }
}
