package org.countersign.systemtests.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code countersign benchmark-wallet} measures.
 *
 * @param flows in each round
 * @param clients at once, each with a wallet of its own
 * @param rounds after one for warming up
 * @param expired rows of nonces and proofs each that are cleaned away during a last round; 0 leaves it out
 * @param logins calls with a known login, and as many with unknown ones; 0 leaves them out
 */
record WalletOptions(int flows, int clients, int rounds, int expired, int logins) {

    static final String HELP = """
            Usage: countersign benchmark-wallet [OPTIONS]
            Measures wallets that are let in and fetch their configuration. Starts a server and a database of its own in a
            temporary folder, stops and removes both.

              --flows N         in each round, default 5000
              --clients N       at once, default 8
              --rounds N        default 5; one more before them warms up
              --expired N       rows of nonces and of proofs that are cleaned away in one more round, default 100000
              --logins N        calls with a known login and a wrong key, and with unknown logins, default 500
            """;

    private static final int MOST = 10_000_000;

    /** @throws IllegalArgumentException with a message for the user */
    static WalletOptions parse(String... arguments) {
        var values = new java.util.HashMap<>(
                Map.of("--flows", 5_000, "--clients", 8, "--rounds", 5, "--expired", 100_000, "--logins", 500));
        var rest = new ArrayList<>(List.of(arguments));
        while (!rest.isEmpty()) {
            var name = rest.remove(0);
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("Unknown option: " + name);
            }
            if (rest.isEmpty() || !rest.get(0).matches("\\d{1,8}") || Integer.parseInt(rest.get(0)) > MOST) {
                throw new IllegalArgumentException(name + " needs a number of at most " + MOST);
            }
            values.put(name, Integer.parseInt(rest.remove(0)));
        }
        if (values.get("--clients") < 1
                || values.get("--flows") < values.get("--clients")
                || values.get("--rounds") < 1) {
            throw new IllegalArgumentException(
                    "There is one client and one round at least, and a flow for each client");
        }
        return new WalletOptions(
                values.get("--flows"),
                values.get("--clients"),
                values.get("--rounds"),
                values.get("--expired"),
                values.get("--logins"));
    }
}
