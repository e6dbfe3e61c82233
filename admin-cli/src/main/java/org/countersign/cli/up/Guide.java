package org.countersign.cli.up;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.cli.terminal.Terminal;

/** What is said when everything runs: the addresses, and how to go on. */
final class Guide {

    private Guide() {}

    static void print(RunState state, DataFolder data, boolean defaultData, boolean detached, Terminal terminal) {
        var signer = Context.signer(state.address());
        var option = defaultData ? "" : " --data " + data.path();
        terminal.say("");
        terminal.say("Countersign is ready.");
        terminal.say("  signer    " + signer + "  (API " + signer + "/api/v1, health " + signer + "/health/ready)");
        for (var service : Service.values()) {
            terminal.say(String.format(
                    Locale.ROOT,
                    "  %-8s  %s  (operator %s, secret in %s)",
                    service.product(),
                    service.address(state.address()),
                    service.operator(),
                    service.operatorSecret(data)));
        }
        terminal.say("  database  127.0.0.1:" + state.databasePort() + "/" + databases() + "  (user "
                + Context.DATABASE_USER + ", password in " + data.secrets().resolve("database") + ")");
        terminal.say("  data      " + data.path());
        terminal.say("");
        terminal.say("Go on with");
        terminal.say("  ./countersign sign README.md" + option);
        terminal.say("  " + signer
                + "/ in a browser on this machine, as jdoe with the password demonstration-only: the holders'");
        terminal.say("  page (docs/wizard.md)");
        terminal.say("  docs/walkthrough.md: every step with curl, as the demonstration client acme / acme_password,");
        terminal.say("  which is accepted from this machine only");
        terminal.say("  " + Service.DISTRIBUTION.address(state.address())
                + "/console in a browser on this machine, as operator or");
        terminal.say("  auditor with the password demonstration-only, and " + Service.WALLET.address(state.address())
                + "/console");
        if (detached) {
            terminal.say("  ./countersign status" + option);
            terminal.say("  ./countersign down" + option);
        } else {
            terminal.say("Ctrl-C here, or ./countersign down" + option + ", stops everything and keeps the data.");
        }
    }

    /** As an address's paths. */
    static String databases() {
        return Stream.concat(
                        Stream.of(Context.DATABASE),
                        Arrays.stream(Service.values()).map(Service::database))
                .collect(Collectors.joining(", /"));
    }
}
