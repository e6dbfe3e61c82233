package org.countersign.agent.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.countersign.agent.settings.Settings.Value;
import org.countersign.core.configuration.NearestName;
import org.countersign.core.configuration.Problems;

/** Puts the settings together from arguments, environment and file. */
public final class SettingsReader {

    private static final long LARGEST_FILE = 1L << 20;

    private final Map<String, String> environment;
    private final Path usualFolder;

    /** @param usualFolder for data, when it is not set */
    public SettingsReader(Map<String, String> environment, Path usualFolder) {
        this.environment = Map.copyOf(environment);
        this.usualFolder = usualFolder;
    }

    /** @param arguments each {@code --key=value} */
    public Settings read(List<String> arguments) {
        var problems = new Problems();
        var values = new EnumMap<Setting, Value>(Setting.class);
        arguments(arguments, values, problems);
        for (var setting : Setting.values()) {
            var text = environment.get(setting.variable());
            if (text != null) {
                values.putIfAbsent(setting, new Value(text.strip(), "environment " + setting.variable()));
            }
        }
        var data = Optional.ofNullable(values.get(Setting.DATA))
                .filter(value -> !value.text().isEmpty())
                .orElse(new Value(usualFolder.toString(), "default"));
        values.put(Setting.DATA, data);
        var given = values.get(Setting.FILE);
        boolean named = given != null && !given.text().isEmpty();
        var file = named ? Path.of(given.text()) : Path.of(data.text(), "agent.properties");
        if (named || Files.exists(file)) {
            values.putIfAbsent(Setting.FILE, new Value(file.toString(), "default"));
            file(file, values, problems);
        }
        for (var setting : Setting.values()) {
            values.putIfAbsent(setting, new Value(setting.standard(), "default"));
        }
        return new Settings(values, problems);
    }

    private static void arguments(List<String> arguments, Map<Setting, Value> values, Problems problems) {
        for (var argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                problems.error(argument, "is no argument; settings have the form --key=value");
                continue;
            }
            setting(argument.substring(2, equals), problems)
                    .ifPresent(setting -> values.put(
                            setting, new Value(argument.substring(equals + 1).strip(), "argument")));
        }
    }

    private static void file(Path file, Map<Setting, Value> values, Problems problems) {
        var lines = new Properties();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                problems.error(file.toString(), "is no file, or larger than 1 MiB");
                return;
            }
            lines.load(new StringReader(Files.readString(file)));
        } catch (IOException | IllegalArgumentException unreadable) {
            problems.error(file.toString(), "can not be read");
            return;
        }
        for (var key : lines.stringPropertyNames()) {
            setting(key, problems).ifPresent(setting -> {
                if (setting == Setting.FILE || setting == Setting.DATA) {
                    problems.error(key, "is set by argument or environment, not in the file");
                }
                values.putIfAbsent(setting, new Value(lines.getProperty(key).strip(), "file " + file));
            });
        }
    }

    private static Optional<Setting> setting(String key, Problems problems) {
        var known = Arrays.stream(Setting.values())
                .filter(setting -> setting.key().equals(key))
                .findFirst();
        if (known.isEmpty()) {
            var keys = Arrays.stream(Setting.values()).map(Setting::key).toList();
            problems.error(
                    key,
                    "is not known"
                            + NearestName.of(key, keys)
                                    .map(name -> "; did you mean " + name + "?")
                                    .orElse(""));
        }
        return known;
    }
}
