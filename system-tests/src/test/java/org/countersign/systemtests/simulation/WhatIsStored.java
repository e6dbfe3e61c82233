package org.countersign.systemtests.simulation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.TestServer;

/** Compares what devices sent with what the service has: row by row in the database, and by what operators are told. */
final class WhatIsStored {

    private static final String DATABASE = "distribution";
    private static final int PAGE = 1_000;

    private final TestServer server;
    private final Caller operator;
    private final String organisation;
    private final Outcome outcome;

    WhatIsStored(TestServer server, Caller operator, String organisation, Outcome outcome) {
        this.server = server;
        this.operator = operator;
        this.organisation = organisation;
        this.outcome = outcome;
    }

    /** @param keyId of the registration key that all of them used */
    void compare(List<SimulatedDevice> devices, String keyId) throws SQLException {
        var byIdentifier = SimulatedDevice.byIdentifier(devices);
        long sent = devices.stream().mapToLong(SimulatedDevice::transactions).sum();
        outcome.transactions(sent);
        try (var connection = server.database().superuser(DATABASE)) {
            connection.setAutoCommit(false);
            compareDevices(connection, byIdentifier);
            compareTransactions(connection, byIdentifier);
        }
        equal("transactions by day, told to operators", sent, transactionsByDay());
        equal("devices in the operators' list", devices.size(), listedDevices(byIdentifier));
        equal("uses of the registration key", devices.size(), uses(keyId));
    }

    private void compareDevices(Connection connection, Map<UUID, SimulatedDevice> devices) throws SQLException {
        long own = 0;
        long foreign = 0;
        try (var statement = connection.prepareStatement("SELECT id FROM device WHERE organisation_id = ?")) {
            statement.setObject(1, UUID.fromString(organisation));
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    if (devices.containsKey(row.getObject(1, UUID.class))) {
                        own++;
                    } else {
                        foreign++;
                    }
                }
            }
        }
        equal("devices stored", devices.size(), own);
        equal("devices stored that nobody registered", 0, foreign);
    }

    private void compareTransactions(Connection connection, Map<UUID, SimulatedDevice> devices) throws SQLException {
        var found = new HashMap<UUID, BitSet>();
        long doubled = 0;
        long foreign = 0;
        try (var statement =
                connection.prepareStatement("SELECT device_id, id FROM device_transaction WHERE organisation_id = ?")) {
            statement.setFetchSize(10_000);
            statement.setObject(1, UUID.fromString(organisation));
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var device = devices.get(row.getObject(1, UUID.class));
                    int number = device == null ? -1 : device.numberOf(row.getString(2));
                    if (number < 0) {
                        foreign++;
                        continue;
                    }
                    var numbers = found.computeIfAbsent(device.uuid(), ignored -> new BitSet());
                    if (numbers.get(number)) {
                        doubled++;
                    }
                    numbers.set(number);
                }
            }
        }
        long lost = devices.values().stream()
                .mapToLong(device -> device.transactions()
                        - found.getOrDefault(device.uuid(), new BitSet()).cardinality())
                .sum();
        equal("transactions lost", 0, lost);
        equal("transactions stored twice", 0, doubled);
        equal("transactions stored that no device has sent", 0, foreign);
    }

    private long transactionsByDay() {
        long all = 0;
        // Of all times: some were sent with a wrong clock.
        var times = "&from=2000-01-02T00:00:00Z&to=2200-01-01T00:00:00Z";
        for (var day : operator.get("/admin/v1/transactions/days?organisation=" + organisation + times)
                .ok()
                .json()) {
            all += day.path("count").asLong();
        }
        return all;
    }

    private long listedDevices(Map<UUID, SimulatedDevice> devices) {
        long listed = 0;
        for (int page = 0; ; page++) {
            var list = operator.get(
                            "/admin/v1/devices?organisation=" + organisation + "&pageSize=" + PAGE + "&page=" + page)
                    .ok()
                    .json();
            for (var device : list) {
                if (devices.containsKey(UUID.fromString(device.path("uuid").asText()))) {
                    listed++;
                }
            }
            if (list.size() < PAGE) {
                return listed;
            }
        }
    }

    private long uses(String keyId) {
        for (var key : operator.get("/admin/v1/registration-keys?organisation=" + organisation)
                .ok()
                .json()) {
            if (key.path("id").asText().equals(keyId)) {
                return key.path("uses").asLong();
            }
        }
        return -1;
    }

    private void equal(String what, long expected, long actual) {
        if (expected != actual) {
            outcome.problem(what + ": " + actual + ", not " + expected);
        }
    }
}
