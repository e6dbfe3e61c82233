package org.countersign.systemtests.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is measured, and for how long.
 *
 * @param seconds of each measurement
 * @param repeats of the whole series
 * @param warmUp the most seconds that go into warming up
 * @param profile prints where the server's threads are, sampled while RSA-3072 signs
 */
record Options(
        double seconds,
        int repeats,
        double warmUp,
        List<BenchmarkKey> keys,
        List<Integer> clients,
        List<Integer> hashes,
        Optional<Path> json,
        boolean profile) {

    static final String HELP = """
            Usage: countersign benchmark [OPTIONS]
            Measures signatures: raw ones of the Java crypto providers, and the server's over HTTP, in turns. Starts a
            server and a database of its own in a temporary folder, stops and removes both.

              --seconds N       length of each measurement, default 3
              --repeats N       how often all of it is measured, default 5
              --warm-up N       seconds of warming up at most, default 300; it ends when it no longer helps
              --keys A,B        of RSA-2048, RSA-3072, P-256; default all
              --clients A,B     parallel clients, default 1,8
              --hashes A,B      hashes in a call, default 1,100
              --json FILE       writes every figure of every repeat
              --profile         also prints what the server's threads are doing while they sign
            """;

    Options {
        keys = List.copyOf(keys);
        clients = List.copyOf(clients);
        hashes = List.copyOf(hashes);
    }

    /** @throws IllegalArgumentException with a message for the user */
    static Options parse(String... arguments) {
        double seconds = 3;
        int repeats = 5;
        double warmUp = 300;
        var keys = List.of(BenchmarkKey.values());
        var clients = List.of(1, 8);
        var hashes = List.of(1, 100);
        Optional<Path> json = Optional.empty();
        boolean profile = false;
        var rest = new ArrayList<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            var name = rest.remove(0);
            if (name.equals("--profile")) {
                profile = true;
                continue;
            }
            if (!List.of("--seconds", "--repeats", "--warm-up", "--keys", "--clients", "--hashes", "--json")
                    .contains(name)) {
                throw new IllegalArgumentException("Unknown option: " + name);
            }
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            var value = rest.remove(0);
            switch (name) {
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--repeats" -> repeats = number(name, value, 1_000);
                case "--warm-up" -> warmUp = number(name, value, 10_000);
                case "--keys" ->
                    keys = Arrays.stream(value.split(",")).map(BenchmarkKey::of).toList();
                case "--clients" -> clients = numbers(name, value, 64);
                case "--hashes" -> hashes = numbers(name, value, 1_000);
                default -> json = Optional.of(Path.of(value));
            }
        }
        if (!(seconds >= 0.1 && seconds <= 600)) {
            throw new IllegalArgumentException("--seconds is a number from 0.1 to 600");
        }
        return new Options(seconds, repeats, warmUp, keys, clients, hashes, json, profile);
    }

    private static List<Integer> numbers(String name, String value, int most) {
        return Arrays.stream(value.split(","))
                .map(part -> number(name, part, most))
                .toList();
    }

    private static int number(String name, String value, int most) {
        if (!value.matches("[1-9]\\d{0,5}") || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(name + " is a number from 1 to " + most);
        }
        return Integer.parseInt(value);
    }

    long nanos() {
        return Math.round(seconds * 1e9);
    }
}
