package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The JDK's tool for running JVMs. */
public final class Jcmd {

    private Jcmd() {}

    /** @return what it prints */
    public static String run(long pid, String... command) throws IOException {
        var whole = new ArrayList<>(List.of("jcmd", Long.toString(pid)));
        whole.addAll(List.of(command));
        var process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("jcmd: " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
        return output;
    }
}
