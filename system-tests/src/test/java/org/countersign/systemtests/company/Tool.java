package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code countersign company} as administrators have it, out of its package: a process that can be killed. */
final class Tool {

    private static final int MINUTES = 15;

    private final Path unpacked;
    private final Path folder;
    private final List<String> options;

    /** What a command said, and how it ended. */
    record Ended(int exitCode, String output) {

        Ended ok() {
            assertThat(exitCode).as(output).isZero();
            return this;
        }
    }

    /**
     * Of a package.
     *
     * @param unpacked its folder
     * @param folder for its output
     * @param options that every command gets
     */
    Tool(Path unpacked, Path folder, List<String> options) {
        this.unpacked = unpacked;
        this.folder = folder;
        this.options = options;
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        var output = folder.resolve("tool.log");
        var process = start(output, arguments);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("It does not end: " + Files.readString(output));
        }
        var ended = new Ended(process.exitValue(), Files.readString(output));
        System.out.println(String.join(" ", arguments) + " → " + ended.exitCode() + "\n" + ended.output());
        return ended;
    }

    Process start(Path output, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        // The script becomes the process of Java: what is killed is the command itself.
        command.addAll(List.of("/bin/sh", unpacked.resolve("bin/countersign").toString(), "company"));
        command.addAll(List.of(arguments));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
