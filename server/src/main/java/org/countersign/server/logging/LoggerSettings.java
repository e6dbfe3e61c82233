package org.countersign.server.logging;

import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.tenancy.ContextName;

/**
 * One of the {@code loggersConfig} of a configuration file: what a category says, from a level on, goes into a file.
 *
 * @param category a package or class; those below it belong to it
 * @param file a relative name is in the folder {@code log/CONTEXT} beside the configuration file
 * @param limits how large the file becomes, and how many former ones are kept
 */
public record LoggerSettings(String category, Path file, Level level, LogFile.Limits limits) {

    static final String PRODUCT = "org.countersign";

    private static final String SHARED = PRODUCT + ".server";
    private static final String SIGNER = PRODUCT + ".signer";
    private static final String CONTEXT_NAME = "$CONTEXT_NAME";
    private static final int DEFAULT_MIB = 10;
    private static final int DEFAULT_KEPT = 5;
    private static final int MEBIBYTE = 1 << 20;

    /** The former product's categories in the seed's example, and what they are here. */
    private static final Map<String, String> FORMER =
            Map.of("com.certisur.common", SHARED, "com.certisur.alison.server", SIGNER);

    /** The levels by the seed's names. */
    private enum Spelling {
        ALL(Level.ALL),
        TRACE(Level.TRACE),
        DEBUG(Level.DEBUG),
        INFO(Level.INFO),
        WARN(Level.WARNING),
        ERROR(Level.ERROR),
        OFF(Level.OFF);

        private final Level level;

        Spelling(Level level) {
            this.level = level;
        }
    }

    /**
     * @param trial opens each file, so that one that can not be written is an error among the others; for the server
     *     alone: whoever else reads the configuration must neither make files nor meet the running server's locks
     */
    public static List<LoggerSettings> read(
            ConfigurationObject file, Path configurationFile, ContextName context, boolean trial) {
        var result = new ArrayList<LoggerSettings>();
        var known = new HashMap<Path, LogFile.Limits>();
        var folder = configurationFile.resolveSibling("log").resolve(context.deployed());
        for (var logger : file.objects("loggersConfig")) {
            var category = category(logger);
            var target = target(logger, folder, context);
            var level = logger.choice("level", Spelling.class, Spelling.INFO).level;
            var limits = new LogFile.Limits(
                    (long) MEBIBYTE * logger.number("maxSizeInMiB", DEFAULT_MIB, 1, 1_024),
                    logger.number("keptFiles", DEFAULT_KEPT, 0, 100));
            logger.refuseUnknownKeys();
            if (target.isEmpty()) {
                continue;
            }
            var path = target.get();
            var former = known.putIfAbsent(path, limits);
            if (former == null && trial) {
                LogFile.problem(path).ifPresent(problem -> logger.problems().error(logger.pathOf("fileName"), problem));
            } else if (former != null && !former.equals(limits)) {
                logger.problems()
                        .error(
                                logger.pathOf("fileName"),
                                "is the file of an earlier entry, with another maxSizeInMiB or keptFiles");
            }
            result.add(new LoggerSettings(category, path, level, limits));
        }
        return List.copyOf(result);
    }

    private static String category(ConfigurationObject logger) {
        var name = logger.requiredText("name").strip();
        if (name.isEmpty() || belongs(name, PRODUCT)) {
            return name;
        }
        for (var former : FORMER.entrySet()) {
            if (belongs(name, former.getKey())) {
                logger.problems()
                        .warning(
                                logger.pathOf("name"),
                                former.getKey() + " was a category of the former product; " + former.getValue()
                                        + " replaces it and is written to this file");
                return former.getValue();
            }
        }
        logger.problems()
                .warning(
                        logger.pathOf("name"),
                        "is no category of this product, so that nothing is written to its file: use " + PRODUCT + ", "
                                + SHARED + ", " + SIGNER + " or what is below them; what libraries say stands in the"
                                + " application server's log");
        return name;
    }

    private static Optional<Path> target(ConfigurationObject logger, Path folder, ContextName context) {
        var fileName = logger.requiredText("fileName").strip();
        if (fileName.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(folder.resolve(fileName.replace(CONTEXT_NAME, context.deployed()))
                    .toAbsolutePath()
                    .normalize());
        } catch (InvalidPathException malformed) {
            logger.problems().error(logger.pathOf("fileName"), "must be the name of a file");
            return Optional.empty();
        }
    }

    /** Whether a category is another one or below it. */
    static boolean belongs(String name, String category) {
        return name.startsWith(category)
                && (name.length() == category.length() || name.charAt(category.length()) == '.');
    }

    boolean takes(String logger) {
        return belongs(logger, category);
    }
}
