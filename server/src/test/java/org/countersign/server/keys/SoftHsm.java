package org.countersign.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Tokens of SoftHSM (Debian: softhsm2, opensc), in a folder that this process's SOFTHSM2_CONF leads to. */
final class SoftHsm {

    static final String PIN = "user-pin-4711";

    private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path tokens;

    private SoftHsm(Path tokens) {
        this.tokens = tokens;
    }

    /** Skips the test where it is not installed. */
    static SoftHsm in(Path folder) throws IOException {
        if (!Files.exists(LIBRARY)) {
            System.err.println("Skipped: there is no " + LIBRARY);
            Assumptions.abort("SoftHSM is not installed");
        }
        var configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
        var tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.createDirectories(configuration.getParent());
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        return new SoftHsm(tokens);
    }

    TokenSettings create(String label) {
        run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "so-pin-4711", "--pin", PIN);
        return settings(label, PIN);
    }

    static TokenSettings settings(String label, String pin) {
        return new TokenSettings(LIBRARY, label, pin, 4, PATIENCE);
    }

    /** What {@code pkcs11-tool} prints, logged in. */
    static String tool(String label, String pin, String... options) {
        var command = new ArrayList<>(List.of(
                "pkcs11-tool", "--module", LIBRARY.toString(), "--token-label", label, "--login", "--pin", pin));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    /** The tokens are gone, as their files. */
    void takeAway() throws IOException {
        Files.move(tokens, tokens.resolveSibling("elsewhere"));
        Files.createDirectory(tokens);
    }

    void bringBack() throws IOException {
        Files.delete(tokens);
        Files.move(tokens.resolveSibling("elsewhere"), tokens);
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
            return output;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
