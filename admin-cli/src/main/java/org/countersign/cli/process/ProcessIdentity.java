package org.countersign.cli.process;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that can still be told from another one after its number was given out again: the number and when it was
 * started. On Linux the start is the boot's id with the ticks since then, which no change of the clock moves.
 */
public record ProcessIdentity(long pid, String start) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int STATE = 0;
    private static final int START_TICKS = 19;

    /** The running process with this number, or empty when there is none (a zombie is none). */
    public static Optional<ProcessIdentity> of(long pid) {
        return startOf(pid).map(start -> new ProcessIdentity(pid, start));
    }

    /** The process, if it still runs and its number was not given to another one. */
    public Optional<ProcessHandle> running() {
        return startOf(pid).filter(start::equals).flatMap(same -> ProcessHandle.of(pid));
    }

    public void save(Path file) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(this));
    }

    /** What was saved; empty when the file is missing or was cut short by a crash. */
    public static Optional<ProcessIdentity> load(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), ProcessIdentity.class));
        } catch (IOException missingOrCutShort) {
            return Optional.empty();
        }
    }

    private static Optional<String> startOf(long pid) {
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(instant -> Long.toString(instant.toEpochMilli()));
        }
        try {
            // Latin-1: the command's name may hold any byte. It stands in parentheses, and may hold those too.
            var line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            var boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return Optional.of(boot + ":" + fields[START_TICKS]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
