package org.countersign.agent.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.countersign.core.configuration.Problems;

/** The values in force, each with its origin. What is wrong with one is noted and told with everything else. */
public final class Settings {

    private static final int PORTS = 65_535;

    /** @param origin such as {@code argument}, a variable's name, a file, or {@code default} */
    record Value(String text, String origin) {}

    private final Map<Setting, Value> values;
    private final Problems problems;

    Settings(Map<Setting, Value> values, Problems problems) {
        this.values = Map.copyOf(values);
        this.problems = problems;
    }

    public Problems problems() {
        return problems;
    }

    public String text(Setting setting) {
        return values.get(setting).text();
    }

    /** Separated by commas or spaces. */
    public List<String> list(Setting setting) {
        return Arrays.stream(text(setting).split("[,\\s]+"))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** Full paths, separated by commas: a path may hold spaces. */
    public List<String> paths(Setting setting) {
        return Arrays.stream(text(setting).split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    public boolean flag(Setting setting) {
        var text = text(setting);
        if (!"true".equals(text) && !"false".equals(text)) {
            problems.error(setting.key(), "must be true or false");
        }
        return "true".equals(text);
    }

    /** One of several words; the first of them when it is none. */
    public String choice(Setting setting, List<String> words) {
        var text = text(setting);
        if (words.contains(text)) {
            return text;
        }
        problems.error(
                setting.key(),
                "must be one of "
                        + words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(", ")));
        return words.get(0);
    }

    /** A port; nothing when it is off. */
    public OptionalInt port(Setting setting) {
        return "off".equals(text(setting)) ? OptionalInt.empty() : OptionalInt.of(number(setting, 0, PORTS));
    }

    public int number(Setting setting, int from, int to) {
        try {
            int number = Integer.parseInt(text(setting));
            if (number >= from && number <= to) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        problems.error(setting.key(), "must be a number from " + from + " to " + to);
        return from;
    }

    private String shown(Setting setting) {
        return setting.isSecret() && !text(setting).isEmpty() ? "(set)" : text(setting);
    }

    /** A line for each: key, value, origin. */
    public String show() {
        return Arrays.stream(Setting.values())
                .map(setting -> setting.key() + " = " + shown(setting) + "    # "
                        + values.get(setting).origin())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
