package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What measurements were made on. */
public final class Machine {

    private Machine() {}

    /** Processor, cores and JVM, in one line. */
    public static String description() {
        var model = "unknown processor";
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            model = lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(model);
        } catch (IOException elsewhere) {
            // stays unknown
        }
        return Runtime.getRuntime().availableProcessors() + " cores (" + model + "), Java " + Runtime.version()
                + "; load, server and database share them";
    }
}
