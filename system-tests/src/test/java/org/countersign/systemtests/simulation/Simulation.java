package org.countersign.systemtests.simulation;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.countersign.systemtests.benchmark.Measurement;
import org.countersign.systemtests.benchmark.ProcessorTime;
import org.countersign.systemtests.benchmark.ServerProfile;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.simulation.Courier.Delivered;
import org.countersign.systemtests.simulation.Outcome.Kind;
import org.countersign.systemtests.simulation.Tally.Event;

/** Devices at a running distribution service, from their registration to the comparison of what they sent with what is stored. */
final class Simulation {

    private static final String SYNC = "/sync";
    private static final String TRANSACTIONS = "/transactions";
    private static final String SYNC_ADDED = "transactionsAdded";
    private static final String ADDED = "added";
    private static final int SIGNATURE = 204_001;
    private static final int REPLAY = 204_003;

    /** One in so many devices registers as late as in the middle round. */
    private static final int LATE = 20;

    /** So many things that devices do beside calling regularly; each round one in so many does each. */
    private static final int HABITS = 10;

    /** Likewise of devices that make a new connection, or whose clock goes wrong, before a regular call. */
    private static final int SOMETIMES = 50;

    private static final int PROFILED_ROUNDS = 3;

    private static final List<Duration> WRONG =
            List.of(Duration.ofHours(3), Duration.ofHours(-3), Duration.ofDays(30), Duration.ofDays(-30));

    private final TestServer server;
    private final SimulationOptions options;
    private final Consumer<String> progress;
    private final Tally tally = new Tally();
    private final Outcome outcome = new Outcome(tally);
    private final Phase phase;
    private final long databasePid;

    /** @param progress told what goes on, a line at a time */
    Simulation(TestServer server, SimulationOptions options, Consumer<String> progress) throws IOException {
        this.server = server;
        this.options = options;
        this.progress = progress;
        this.databasePid = Long.parseLong(Files.readAllLines(server.folder().resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
        this.phase = new Phase(
                server.address(Company.DS),
                options.connections(),
                tally,
                () -> ProcessorTime.of(serverPid()),
                () -> ProcessorTime.ofFamily(databasePid));
    }

    Outcome run() throws Exception {
        var organisation = operator()
                .post("/admin/v1/organisations", Map.of("name", "Simulation"))
                .ok()
                .text("id");
        // One use more than there are devices would be refused.
        var key = operator()
                .post(
                        "/admin/v1/registration-keys",
                        Map.of(
                                "organisation",
                                organisation,
                                "name",
                                "of the simulation",
                                "maximumUses",
                                options.devices()))
                .ok();
        progress.accept("Making the keys of " + options.devices() + " devices.");
        var devices = newDevices();
        int late = options.devices() / LATE;
        var early = devices.subList(late, devices.size());
        progress.accept("Registering " + early.size() + " devices.");
        measure(Kind.REGISTER, early, (device, courier) -> register(device, courier, key.text("key")));
        if (options.warmUp() > 0) {
            warmUp(early);
        }
        for (int round = 0; round < options.syncs(); round++) {
            boolean middle = round == options.syncs() / 2;
            round(middle ? devices : early, devices.subList(0, late), key.text("key"), round);
            if (middle) {
                early = devices;
            }
        }
        if (options.profile()) {
            profile(early);
        }
        judgeMemory();
        progress.accept("Comparing what was sent with what is stored.");
        new WhatIsStored(server, operator(), organisation, outcome).compare(devices, key.text("id"));
        return outcome;
    }

    private List<SimulatedDevice> newDevices() {
        var provider = AmazonCorrettoCryptoProvider.INSTANCE;
        var devices = new ArrayList<SimulatedDevice>();
        for (int number = 0; number < options.devices(); number++) {
            devices.add(new SimulatedDevice(number, provider));
        }
        return devices;
    }

    private void round(List<SimulatedDevice> devices, List<SimulatedDevice> late, String key, int round)
            throws Exception {
        var name = "Round " + (round + 1) + " of " + options.syncs();
        boolean middle = round == options.syncs() / 2;
        if (middle) {
            progress.accept(name + (options.kill() ? ": the server is killed half-way." : ": late devices register."));
            interrupted(devices, late, key);
        } else {
            measure(Kind.SYNC, devices, (device, courier) -> {
                sometimes(device, courier, round);
                send(device, courier, SYNC);
            });
            measure(Kind.TRANSACTIONS, devices, (device, courier) -> {
                sometimes(device, courier, round + 1);
                send(device, courier, TRANSACTIONS);
            });
        }
        phase.run(devices, (device, courier) -> habits(device, courier, devices, round));
        var heap = LiveHeap.measure(round + 1, serverPid());
        outcome.add(heap);
        progress.accept(name
                + String.format(
                        Locale.ROOT,
                        ": live heap %.1f MiB, resident %d MiB.",
                        heap.bytes() / 1048576.0,
                        heap.residentBytes() >> 20));
        if (middle && options.kill() && options.warmUp() > 0 && round + 1 < options.syncs()) {
            warmUp(devices);
        }
    }

    /** Everything at once: late devices register while the others synchronise and send transactions. */
    private void interrupted(List<SimulatedDevice> devices, List<SimulatedDevice> late, String key) throws Exception {
        // Some register before the middle of the list, some in it.
        var mixed = new ArrayList<>(devices.subList(late.size(), devices.size()));
        for (int i = 0; i < late.size(); i++) {
            mixed.add((i + 1) * mixed.size() / (late.size() + 1), late.get(i));
        }
        var lateOnes = Set.copyOf(late);
        var measured = phase.run(
                mixed,
                (device, courier) -> {
                    if (lateOnes.contains(device)) {
                        register(device, courier, key);
                    }
                    send(device, courier, SYNC);
                    send(device, courier, TRANSACTIONS);
                },
                () -> {
                    if (options.kill()) {
                        server.killServer();
                        server.startServer();
                    }
                });
        outcome.interrupted(measured);
    }

    private void measure(Kind kind, List<SimulatedDevice> devices, Phase.Work work) throws Exception {
        var measured = phase.run(devices, work);
        outcome.add(kind, measured);
        progress.accept(String.format(
                Locale.ROOT,
                "  %s: %,d calls in %.1f s, p99 %.1f ms, server %.2f ms of CPU a call",
                kind.label(),
                measured.calls(),
                measured.wallNanos() / 1e9,
                measured.percentile(0.99),
                measured.processorPerCall()));
    }

    private void warmUp(List<SimulatedDevice> devices) throws Exception {
        progress.accept("Warming up.");
        long end = System.nanoTime() + options.warmUp() * 1_000_000_000L;
        while (System.nanoTime() < end) {
            var measured = idleSyncs(devices);
            progress.accept(String.format(
                    Locale.ROOT, "  a sync costs the server %.2f ms of CPU", measured.processorPerCall()));
        }
    }

    private Measurement idleSyncs(List<SimulatedDevice> devices) throws Exception {
        return phase.run(devices, (device, courier) -> send(device, courier, SYNC));
    }

    private void profile(List<SimulatedDevice> devices) throws Exception {
        var profile = new ServerProfile(serverPid());
        profile.begin();
        for (int i = 0; i < PROFILED_ROUNDS; i++) {
            idleSyncs(devices);
        }
        progress.accept("Syncs: " + profile.end());
    }

    private void register(SimulatedDevice device, Courier courier, String key) {
        var body = device.registration(key);
        var first = courier.deliver(device, "PUT", "", body);
        require(first.uncertain() || first.body().contains("\"registered\":true"), "A device was known already", first);
        if (device.number() % HABITS == 0) {
            var again = courier.deliver(device, "PUT", "", body);
            tally.count(Event.REGISTERED_AGAIN);
            require(again.body().contains("\"registered\":false"), "A device was registered twice", again);
        }
    }

    /** New transactions, each of which has to be new to the service as well. */
    private void send(SimulatedDevice device, Courier courier, String path) {
        var ids = device.newTransactions(options.transactions());
        var answer = courier.deliver(device, "POST", path, body(path, ids));
        int added = added(answer, path);
        // Stored, and the answer lost: nothing is new the next time.
        require(
                added == ids.size() || added == 0 && answer.uncertain(),
                "Of " + ids.size() + " new transactions were new: " + added,
                answer);
    }

    /** What happens to devices now and then, before a call. */
    private void sometimes(SimulatedDevice device, Courier courier, int round) {
        int turn = device.number() + round;
        if (turn % SOMETIMES == 0) {
            courier.disconnect();
            tally.count(Event.CONNECTED_ANEW);
        }
        if (turn % SOMETIMES == 1) {
            device.clockIsWrongBy(WRONG.get(turn / SOMETIMES % WRONG.size()));
        }
    }

    /** What one device in ten does in a round, another one each time. */
    private void habits(SimulatedDevice device, Courier courier, List<SimulatedDevice> devices, int round) {
        int turn = device.number() + round;
        switch (turn % HABITS) {
            case 0 -> sendAgain(device, courier);
            case 1 -> sendTwiceInOneCall(device, courier);
            case 2 -> sendAtTheSameTime(device, courier);
            case 3 -> forge(device, courier, devices.get((device.number() + 1) % devices.size()), turn / HABITS);
            default -> {
                // nothing but the regular calls
            }
        }
    }

    /** By the other call. */
    private void sendAgain(SimulatedDevice device, Courier courier) {
        var ids = device.newTransactions(options.transactions());
        courier.deliver(device, "POST", SYNC, SimulatedDevice.sync(ids));
        for (var path : List.of(TRANSACTIONS, SYNC)) {
            var again = courier.deliver(device, "POST", path, body(path, ids));
            require(added(again, path) == 0, "Transactions were new twice", again);
        }
        tally.count(Event.SENT_AGAIN);
    }

    private void sendTwiceInOneCall(SimulatedDevice device, Courier courier) {
        var ids = new ArrayList<>(device.newTransactions(options.transactions()));
        int different = ids.size();
        ids.addAll(List.copyOf(ids));
        var answer = courier.deliver(device, "POST", TRANSACTIONS, SimulatedDevice.transactions(ids));
        require(
                added(answer, TRANSACTIONS) == different || answer.uncertain(),
                "Of " + different + " transactions, each there twice, another number was new",
                answer);
        tally.count(Event.TWICE_IN_ONE_CALL);
    }

    private void sendAtTheSameTime(SimulatedDevice device, Courier courier) {
        var ids = device.newTransactions(options.transactions());
        var answers = courier.deliverAtOnce(
                device, SYNC, SimulatedDevice.sync(ids), TRANSACTIONS, SimulatedDevice.transactions(ids));
        int added = added(answers[0], SYNC) + added(answers[1], TRANSACTIONS);
        require(
                added == ids.size() || answers[0].uncertain() || answers[1].uncertain(),
                "Of " + ids.size() + " transactions in two calls at once were new: " + added,
                answers[1]);
        tally.count(Event.AT_THE_SAME_TIME);
    }

    /** Calls that must be refused, with transactions that nobody may ever see. */
    private void forge(SimulatedDevice device, Courier courier, SimulatedDevice other, int turn) {
        var forged = SimulatedDevice.transactions(List.of("forged"));
        switch (turn % 4) {
            case 0 ->
                courier.expectRefusal(
                        device,
                        TRANSACTIONS,
                        forged,
                        device.forgedProof(other, "POST", TRANSACTIONS, forged),
                        SIGNATURE);
            case 1 ->
                courier.expectRefusal(
                        device,
                        TRANSACTIONS,
                        forged,
                        device.strangersProof(other, "POST", TRANSACTIONS, forged),
                        SIGNATURE);
            case 2 -> {
                var good = SimulatedDevice.transactions(List.of());
                courier.expectRefusal(
                        device, TRANSACTIONS, forged, device.proof("POST", TRANSACTIONS, good), SIGNATURE);
            }
            default -> {
                var body = SimulatedDevice.sync(List.of());
                var proof = device.proof("POST", SYNC, body);
                courier.deliverSigned(device, SYNC, body, proof);
                courier.expectRefusal(device, SYNC, body, proof, REPLAY);
            }
        }
    }

    private void judgeMemory() {
        var growth = LiveHeap.growth(outcome.heaps());
        if (growth.isPresent() && growth.getAsLong() > LiveHeap.MOST_GROWTH) {
            outcome.problem(String.format(
                    Locale.ROOT,
                    "The server's live heap grew by %.1f MiB, more than %d",
                    growth.getAsLong() / 1048576.0,
                    LiveHeap.MOST_GROWTH >> 20));
        }
    }

    private static int added(Delivered answer, String path) {
        return answer.number(path.equals(SYNC) ? SYNC_ADDED : ADDED);
    }

    private static byte[] body(String path, List<String> ids) {
        return path.equals(SYNC) ? SimulatedDevice.sync(ids) : SimulatedDevice.transactions(ids);
    }

    private static void require(boolean condition, String otherwise, Delivered answer) {
        if (!condition) {
            throw new IllegalStateException(otherwise + ": " + answer.body());
        }
    }

    private long serverPid() {
        return server.applicationServer().process().pid();
    }

    private Caller operator() {
        return server.api(Company.DS).as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }
}
