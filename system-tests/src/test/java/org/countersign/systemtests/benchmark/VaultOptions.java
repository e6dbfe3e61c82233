package org.countersign.systemtests.benchmark;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What is measured.
 *
 * @param keys how many each vault holds
 */
record VaultOptions(List<VaultUnderTest.Kind> vaults, List<Integer> keys, int repeats) {

    static final String HELP = """
            Usage: countersign benchmark-vaults [OPTIONS]
            Measures how long P-256 keys take to be made and to sign in key vaults that hold few and many of them. Starts a
            database of its own and a SoftHSM token (Debian: softhsm2) in a temporary folder, and removes both.

              --vaults A,B      of database, folder, token; default all
              --keys A,B        how many keys, default 100,1000,10000
              --repeats N       how often all of it is measured, default 5
            """;

    private static final int MOST_KEYS = 100_000;
    private static final int MOST_REPEATS = 100;

    VaultOptions {
        vaults = List.copyOf(vaults);
        keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException with a message for the user */
    static VaultOptions parse(String... arguments) {
        var options = new VaultOptions(List.of(VaultUnderTest.Kind.values()), List.of(100, 1_000, 10_000), 5);
        for (Iterator<String> rest = Arrays.asList(arguments).iterator(); rest.hasNext(); ) {
            var name = rest.next();
            if (!List.of("--vaults", "--keys", "--repeats").contains(name)) {
                throw new IllegalArgumentException("Unknown option: " + name);
            }
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            var values = List.of(rest.next().split(","));
            options = switch (name) {
                case "--vaults" ->
                    new VaultOptions(
                            values.stream().map(VaultUnderTest.Kind::named).toList(), options.keys, options.repeats);
                case "--keys" ->
                    new VaultOptions(
                            options.vaults,
                            values.stream()
                                    .map(value -> number(name, value, MOST_KEYS))
                                    .toList(),
                            options.repeats);
                default -> new VaultOptions(options.vaults, options.keys, number(name, values.get(0), MOST_REPEATS));
            };
        }
        return options;
    }

    private static int number(String name, String value, int most) {
        if (!value.matches("[1-9]\\d{0,5}") || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(name + " is a number from 1 to " + most);
        }
        return Integer.parseInt(value);
    }
}
