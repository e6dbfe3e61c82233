package org.countersign.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Folders;

/**
 * A token of SoftHSM (Debian: softhsm2, opensc), which the server under test finds by its {@code SOFTHSM2_CONF}. There is
 * one folder for each kind of server; making it anew forgets all keys.
 */
public final class SoftHsm {

    public static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    public static final String LABEL = "acme";
    public static final String PIN = "user-pin-of-the-token";

    static final Path CONFIGURATION =
            Path.of("target", "softhsm-" + TestServer.KIND, "softhsm2.conf").toAbsolutePath();

    private static final Path TOKENS = CONFIGURATION.resolveSibling("tokens");
    private static final Path ELSEWHERE = CONFIGURATION.resolveSibling("elsewhere");

    private SoftHsm() {}

    /** A new token without a key. */
    public static void create() throws IOException {
        Folders.deleteTree(CONFIGURATION.getParent());
        Files.createDirectories(TOKENS);
        Files.writeString(CONFIGURATION, "directories.tokendir = " + TOKENS + "\nlog.level = ERROR\n");
        run(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                LABEL,
                "--so-pin",
                "so-pin-of-the-token",
                "--pin",
                PIN);
    }

    /** What {@code pkcs11-tool} tells of the token's objects, logged in as the user. */
    public static String objects(String type) {
        return run(
                "pkcs11-tool",
                "--module",
                LIBRARY.toString(),
                "--token-label",
                LABEL,
                "--login",
                "--pin",
                PIN,
                "--list-objects",
                "--type",
                type);
    }

    /** As if it were pulled out. */
    public static void takeAway() throws IOException {
        Files.move(TOKENS, ELSEWHERE);
        Files.createDirectory(TOKENS);
    }

    public static void bringBack() throws IOException {
        Files.delete(TOKENS);
        Files.move(ELSEWHERE, TOKENS);
    }

    private static String run(String... command) {
        try {
            var builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
            builder.environment().put("SOFTHSM2_CONF", CONFIGURATION.toString());
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(command[0] + " failed: " + output);
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
