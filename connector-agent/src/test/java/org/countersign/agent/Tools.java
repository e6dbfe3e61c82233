package org.countersign.agent;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of the machine that tests need. */
public final class Tools {

    private static final List<String> ALSO = List.of("/usr/sbin", "/sbin");

    private Tools() {}

    /** Skips the test, with a printed reason, where one is missing. */
    public static void require(String... names) {
        for (var name : names) {
            boolean there = Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), ALSO.stream())
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
            if (!there) {
                System.err.println("Skipped: " + name + " is not installed");
                Assumptions.abort(name + " is not installed");
            }
        }
    }

    /** Skips the test, with a printed reason, where a file is missing. */
    public static void requireFile(Path file) {
        if (!Files.exists(file)) {
            System.err.println("Skipped: there is no " + file);
            Assumptions.abort("There is no " + file);
        }
    }

    /** Runs to its end; what it prints. Fails when it fails. */
    public static String run(Path folder, String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
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
