package org.countersign.server.logging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.core.configuration.ConfigurationException;

/**
 * The open log files of a context. Once opened, every {@link ContextLogger} writes to them until they are closed: static,
 * as loggers are, and nevertheless of one context, whose class loader this class is of.
 *
 * <p>A line is {@code 2026-01-31T12:00:00.000Z WARN  [thread] category: message}, in UTC, by the context's clock. Every
 * further line of the same entry is indented, so that what begins with a time begins an entry.
 */
public final class LogFiles implements AutoCloseable {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final LogFiles NONE = new LogFiles(List.of(), Map.of(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private static final Map<Level, String> NAMES = new EnumMap<>(Map.of(
            Level.TRACE,
            "TRACE",
            Level.DEBUG,
            "DEBUG",
            Level.INFO,
            "INFO ",
            Level.WARNING,
            "WARN ",
            Level.ERROR,
            "ERROR"));

    private static volatile LogFiles current = NONE;

    private final List<LoggerSettings> settings;
    private final Map<Path, LogFile> files;
    private final Clock clock;
    private final Map<String, Map<LogFile, Level>> routes = new ConcurrentHashMap<>();

    private LogFiles(List<LoggerSettings> settings, Map<Path, LogFile> files, Clock clock) {
        this.settings = settings;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Opens the files; from now on loggers write to them.
     *
     * @throws ConfigurationException when one can not be written any more
     */
    public static LogFiles open(List<LoggerSettings> settings, Clock clock) {
        var files = new LinkedHashMap<Path, LogFile>();
        for (LoggerSettings logger : settings) {
            try {
                if (!files.containsKey(logger.file())) {
                    files.put(logger.file(), LogFile.open(logger.file(), logger.limits()));
                }
            } catch (IOException failure) {
                files.values().forEach(LogFile::close);
                throw new ConfigurationException(
                        "loggersConfig", List.of(logger.file() + " can not be written: " + failure.getMessage()));
            }
        }
        current = new LogFiles(List.copyOf(settings), files, clock);
        return current;
    }

    /** Those that are open, or none. */
    static LogFiles current() {
        return current;
    }

    boolean take(String name, Level level) {
        if (settings.isEmpty() || level == Level.OFF) {
            return false;
        }
        for (Level least : routes(name).values()) {
            if (level.getSeverity() >= least.getSeverity()) {
                return true;
            }
        }
        return false;
    }

    void write(String name, Level level, String message, Throwable thrown) {
        if (!take(name, level)) {
            return;
        }
        var entry = entry(name, level, message, thrown);
        routes(name).forEach((file, least) -> {
            if (level.getSeverity() >= least.getSeverity()) {
                file.write(entry);
            }
        });
    }

    /** The files a category goes to, each with the least level that any of its entries takes. */
    private Map<LogFile, Level> routes(String name) {
        return routes.computeIfAbsent(name, category -> {
            var found = new LinkedHashMap<LogFile, Level>();
            for (LoggerSettings logger : settings) {
                if (logger.takes(category)) {
                    found.merge(
                            files.get(logger.file()),
                            logger.level(),
                            (one, other) -> one.getSeverity() <= other.getSeverity() ? one : other);
                }
            }
            return found;
        });
    }

    private String entry(String name, Level level, String message, Throwable thrown) {
        var text = new StringBuilder(TIME.format(clock.instant()))
                .append(' ')
                .append(NAMES.getOrDefault(level, level.getName()))
                .append(" [")
                .append(Thread.currentThread().getName())
                .append("] ")
                .append(name)
                .append(": ")
                .append(message);
        if (thrown != null) {
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            text.append('\n').append(trace);
        }
        return text.toString().strip().replaceAll("\\R", "\n    ") + '\n';
    }

    /** Releases the files; what is said afterwards goes to the server's log only. */
    @Override
    public void close() {
        if (current == this) {
            current = NONE;
        }
        files.values().forEach(LogFile::close);
    }
}
