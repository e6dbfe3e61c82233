package org.countersign.cli.up;

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
        terminal.say("  ds        " + Distribution.address(state.address()) + "  (operator " + Distribution.OPERATOR
                + ", secret in " + Distribution.operatorSecret(data) + ")");
        terminal.say("  wallet    " + WalletProvider.address(state.address()) + "  (operator " + WalletProvider.OPERATOR
                + ", secret in " + WalletProvider.operatorSecret(data) + ")");
        terminal.say("  database  127.0.0.1:" + state.databasePort() + "/" + Context.DATABASE + ", /"
                + Distribution.DATABASE + ", /" + WalletProvider.DATABASE + "  (user "
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
        terminal.say(
                "  " + Distribution.address(state.address()) + "/console in a browser on this machine, as operator or");
        terminal.say("  auditor with the password demonstration-only, and " + WalletProvider.address(state.address())
                + "/console");
        if (detached) {
            terminal.say("  ./countersign status" + option);
            terminal.say("  ./countersign down" + option);
        } else {
            terminal.say("Ctrl-C here, or ./countersign down" + option + ", stops everything and keeps the data.");
        }
    }
}
