package org.countersign.cli.wildfly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Picks out of a server's log what tells a user why it does not start. */
final class Troubles {

    private static final Pattern ENTRY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+ +([A-Z]+) .*");
    private static final Pattern STACK_FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d+ more).*");
    private static final int MOST_LINES = 40;
    private static final int CONSOLE_LINES = 15;

    private final Path log;
    private final Path console;

    Troubles(Path log, Path console) {
        this.log = log;
        this.console = console;
    }

    /** Begins with a line end, so that it can follow a sentence; ends with where to read more. */
    String describe() {
        var lines = errors(lines(log));
        if (lines.isEmpty()) {
            var all = lines(console);
            lines = all.subList(Math.max(0, all.size() - CONSOLE_LINES), all.size());
        }
        var first = lines.subList(0, Math.min(MOST_LINES, lines.size()));
        return (first.isEmpty() ? "" : "\n  " + String.join("\n  ", first)) + "\nThe whole log: " + log;
    }

    /** The errors since the last start, with what belongs to them but the stack frames. */
    static List<String> errors(List<String> log) {
        var errors = new ArrayList<String>();
        boolean inError = false;
        for (String line : log) {
            if (line.contains("WFLYSRV0049")) {
                errors.clear();
            }
            var entry = ENTRY.matcher(line);
            if (entry.matches()) {
                inError = entry.group(1).equals("ERROR") || entry.group(1).equals("FATAL");
            }
            if (inError && !line.isBlank() && !STACK_FRAME.matcher(line).matches()) {
                errors.add(line);
            }
        }
        return errors;
    }

    private static List<String> lines(Path file) {
        try {
            // Not Files.readString: that one refuses a log which a crash cut in the middle of a character.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException notThere) {
            return List.of();
        }
    }
}
