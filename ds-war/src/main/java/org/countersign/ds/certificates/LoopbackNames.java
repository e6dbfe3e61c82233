package org.countersign.ds.certificates;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * By which names agents are reached on their own machine, beside 127.0.0.1 and ::1.
 *
 * @param names DNS names in lower case, sorted; each resolves to the loopback address wherever an agent runs
 */
public record LoopbackNames(List<String> names) {

    private static final int MOST = 20;
    private static final int LONGEST = 253;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final String LOCALHOST = "localhost";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    public LoopbackNames {
        names = List.copyOf(new TreeSet<>(names));
    }

    /** {@code localhost} when the file has none. */
    public static LoopbackNames read(ConfigurationObject loopback) {
        var given = loopback.has("names") ? loopback.texts("names") : List.of(LOCALHOST);
        loopback.refuseUnknownKeys();
        var names = given.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        boolean good = !names.isEmpty()
                && names.size() <= MOST
                && names.stream()
                        .allMatch(name -> name.length() <= LONGEST
                                // A constraint allows names below it, too: no authority for a whole top level.
                                && (name.equals(LOCALHOST) || name.contains("."))
                                && NAME.matcher(name).matches()
                                && !ADDRESS.matcher(name).matches());
        if (!good) {
            loopback.problems()
                    .error(
                            loopback.pathOf("names"),
                            "must be 1 to " + MOST + " DNS names, without wildcards: localhost, or with a point");
        }
        return new LoopbackNames(names);
    }

    /** As the database has them. */
    String text() {
        return String.join(" ", names);
    }
}
