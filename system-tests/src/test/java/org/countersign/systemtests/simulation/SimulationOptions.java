package org.countersign.systemtests.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How much is simulated.
 *
 * @param syncs rounds: calls of each kind that each device makes
 * @param transactions new ones with each of these calls
 * @param connections over which calls are sent at once
 * @param warmUp seconds of syncs that are not measured
 * @param kill whether the server is killed in the middle
 */
record SimulationOptions(
        int devices,
        int syncs,
        int transactions,
        int connections,
        int warmUp,
        boolean kill,
        String server,
        Optional<Path> json,
        boolean profile) {

    /** So that one at least registers late, and each has another one to forge with. */
    private static final int FEWEST = 20;

    static final String HELP = """
            Usage: countersign simulate-devices [OPTIONS]
            Devices register at a distribution service, synchronise and send transactions, all at once, with new
            connections, repetitions, wrong clocks and forged signatures among them. In the end the database must hold
            exactly what they sent. Starts a server and a database of its own in a temporary folder, stops and removes
            both. The exit code is 1 when something was lost, doubled or accepted that must not be, or memory grew.

              --devices N       20 or more, default 1000
              --syncs N         rounds, in which each device makes a call of each kind, default 5
              --transactions N  new ones with each call, default 5
              --connections N   over which the calls are sent at once, default 32
              --warm-up N       seconds of syncs that are not measured, default 30
              --server KIND     wildfly or liberty, default wildfly
              --kill            kills the server (SIGKILL) in the middle round and starts it again
              --json FILE       writes every figure of every round
              --profile         also prints where the server's threads are while devices synchronise
            """;

    static SimulationOptions parse(String... arguments) {
        int devices = 1_000;
        int syncs = 5;
        int transactions = 5;
        int connections = 32;
        int warmUp = 30;
        boolean kill = false;
        boolean profile = false;
        var server = "wildfly";
        Optional<Path> json = Optional.empty();
        var rest = new ArrayList<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            var name = rest.remove(0);
            int equals = name.indexOf('=');
            if (equals > 0) {
                rest.add(0, name.substring(equals + 1));
                name = name.substring(0, equals);
            }
            switch (name) {
                case "--kill" -> kill = true;
                case "--profile" -> profile = true;
                case "--devices" -> devices = number(name, rest, FEWEST, 100_000);
                case "--syncs" -> syncs = number(name, rest, 1, 1_000);
                case "--transactions" -> transactions = number(name, rest, 1, 1_000);
                case "--connections" -> connections = number(name, rest, 1, 4_000);
                case "--warm-up" -> warmUp = number(name, rest, 0, 10_000);
                case "--server" -> server = value(name, rest);
                case "--json" -> json = Optional.of(Path.of(value(name, rest)));
                default -> throw new IllegalArgumentException("Unknown option: " + name);
            }
        }
        if (!List.of("wildfly", "liberty").contains(server)) {
            throw new IllegalArgumentException("--server is wildfly or liberty");
        }
        return new SimulationOptions(devices, syncs, transactions, connections, warmUp, kill, server, json, profile);
    }

    private static String value(String name, List<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return rest.remove(0);
    }

    private static int number(String name, List<String> rest, int least, int most) {
        var value = value(name, rest);
        if (!value.matches("\\d{1,6}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(name + " is a number from " + least + " to " + most);
        }
        return Integer.parseInt(value);
    }
}
