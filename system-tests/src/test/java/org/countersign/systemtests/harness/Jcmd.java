package org.countersign.systemtests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the JDK's {@code jcmd} says of an application server. */
public final class Jcmd {

    private static final int THREADS = 20;
    private static final int FRAMES = 12;

    private Jcmd() {}

    /** @return its output */
    public static String of(TestServer server, String... command) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        line.add(Long.toString(server.applicationServer().process().pid()));
        line.addAll(List.of(command));
        try {
            var process = new ProcessBuilder(line).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", line) + ": " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The memory, and where requests are: for the output of a test to which a server did not answer in time. */
    static String whereItStands(TestServer server) {
        var text = new StringBuilder(of(server, "GC.heap_info")).append(of(server, "Compiler.codecache"));
        List.of(of(server, "Thread.print").split("\n\n")).stream()
                .filter(thread -> thread.contains("at org.countersign."))
                .limit(THREADS)
                .forEach(thread -> thread.lines()
                        .limit(FRAMES)
                        .forEach(frame -> text.append(frame).append('\n')));
        return text.toString();
    }
}
