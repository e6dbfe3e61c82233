package org.countersign.cli.wildfly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationException;

/** Picks out of a server's log what tells a user why it does not start. */
final class Troubles {

    private static final Pattern ENTRY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+ +([A-Z]+) .*");
    private static final Pattern STACK_FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d+ more).*");
    private static final String CONFIGURATION = ConfigurationException.class.getSimpleName() + ": ";
    private static final int MOST_LINES = 40;
    private static final int CONSOLE_LINES = 15;

    private final Path log;
    private final Path console;

    Troubles(Path log, Path console) {
        this.log = log;
        this.console = console;
    }

    /**
     * Begins with a line end, so that it can follow a sentence; ends with where to read more.
     *
     * @param otherwise what to say when the log has no error; may be empty
     */
    String describe(String otherwise) {
        var lines = errors(lines(log));
        if (lines.isEmpty()) {
            lines = otherwise.lines().toList();
        }
        if (lines.isEmpty()) {
            var all = lines(console);
            lines = all.subList(Math.max(0, all.size() - CONSOLE_LINES), all.size());
        }
        var first = lines.subList(0, Math.min(MOST_LINES, lines.size()));
        return (first.isEmpty() ? "" : "\n  " + String.join("\n  ", first)) + "\nThe whole log: " + log;
    }

    /** A wrong configuration's own message, where that is the reason; otherwise all errors since the last start. */
    static List<String> errors(List<String> log) {
        var all = allErrors(log);
        for (int i = 0; i < all.size(); i++) {
            int at = all.get(i).indexOf(CONFIGURATION);
            if (at >= 0) {
                var message = new ArrayList<String>();
                message.add(all.get(i).substring(at + CONFIGURATION.length()));
                all.stream()
                        .skip(i + 1L)
                        .takeWhile(line -> line.startsWith("  - "))
                        .forEach(message::add);
                return message;
            }
        }
        return all;
    }

    /** With what belongs to them, but the stack frames. */
    private static List<String> allErrors(List<String> log) {
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
