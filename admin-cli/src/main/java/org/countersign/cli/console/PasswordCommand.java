package org.countersign.cli.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import picocli.CommandLine.Command;

/** Prints the hash of a password; the password itself comes from the terminal, or as one line of standard input. */
@Command(
        name = "password",
        description = {
            "Hash a password for console.users[].passwordHash of a distribution service.",
            "Asks for it at the terminal; in a pipe, the first line of standard input is the password."
        })
public final class PasswordCommand implements Callable<Integer> {

    private static final int SHORTEST = 12;
    private static final int LONGEST = 256;

    @Override
    public Integer call() throws IOException {
        var password = System.console() == null ? fromStandardInput() : fromTerminal();
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw Refusal.failed("A password has " + SHORTEST + " to " + LONGEST + " characters.");
        }
        Terminal.standard().say(new SecretHash(Argon2Cost.PASSWORD, Entropy.system()).hash(password));
        return 0;
    }

    private static String fromStandardInput() throws IOException {
        var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static String fromTerminal() {
        var console = System.console();
        var first = console.readPassword("Password: ");
        var second = console.readPassword("Once more: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw Refusal.failed("The two passwords differ.");
        }
        return new String(first);
    }
}
