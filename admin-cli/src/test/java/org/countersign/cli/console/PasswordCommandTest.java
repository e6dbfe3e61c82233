package org.countersign.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.junit.jupiter.api.Test;

class PasswordCommandTest {

    private static String run(String input) throws IOException {
        var in = System.in;
        var out = System.out;
        var printed = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            assertThat(new PasswordCommand().call()).isZero();
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void theHashIsThePasswordsAndMayStandInAFile() throws IOException {
        var hash = run("contraseña larga\n");
        assertThat(SecretHash.isBearable(hash)).isTrue();
        assertThat(new SecretHash(Argon2Cost.DEFAULT, Entropy.system()).matches("contraseña larga", hash))
                .isTrue();
        assertThat(run("contraseña larga\n")).isNotEqualTo(hash);
    }

    @Test
    void aShortPasswordIsRefused() {
        assertThatThrownBy(() -> run("short\n"))
                .isInstanceOf(Refusal.class)
                .hasMessage("A password has 12 to 256 characters.");
        assertThatThrownBy(() -> run("")).isInstanceOf(Refusal.class);
    }
}
