package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationException;

/** Picks out of a server's log what tells a user why it does not start. */
final class Troubles {

    private static final Pattern STACK_FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d+ more).*");
    private static final String CONFIGURATION = ConfigurationException.class.getSimpleName() + ": ";
    private static final int MOST_LINES = 40;
    private static final int CONSOLE_LINES = 15;

    private final ServerLog log;
    private final Path console;

    Troubles(ServerLog log, Path console) {
        this.log = log;
        this.console = console;
    }

    /**
     * Begins with a line end, so that it can follow a sentence; ends with where to read more.
     *
     * @param otherwise what to say when the log has no error; may be empty
     */
    String describe(String otherwise) {
        var lines = errors(lines(log.path()));
        if (lines.isEmpty()) {
            lines = otherwise.lines().toList();
        }
        if (lines.isEmpty()) {
            var all = lines(console);
            lines = all.subList(Math.max(0, all.size() - CONSOLE_LINES), all.size());
        }
        var first = lines.subList(0, Math.min(MOST_LINES, lines.size()));
        return (first.isEmpty() ? "" : "\n  " + String.join("\n  ", first)) + "\nThe whole log: " + log.path();
    }

    /** A wrong configuration's own message, where that is the reason; otherwise all errors since the last start. */
    List<String> errors(List<String> lines) {
        var all = allErrors(lines);
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
    private List<String> allErrors(List<String> lines) {
        var errors = new ArrayList<String>();
        boolean inError = false;
        for (String line : lines) {
            if (line.contains(log.starting())) {
                errors.clear();
            }
            var entry = log.entry().matcher(line);
            if (entry.matches()) {
                inError = ServerLog.isError(entry.group(1));
            }
            if (inError && !line.isBlank() && !STACK_FRAME.matcher(line).matches()) {
                errors.add(line);
            }
        }
        return errors;
    }

    private static List<String> lines(Path file) {
        try {
            return ServerLog.linesFrom(file, 0);
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
