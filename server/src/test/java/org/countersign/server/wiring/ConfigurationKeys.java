package org.countersign.server.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The keys of a configuration file: those the code knows, and those that {@code docs/configuration.md} describes. */
public final class ConfigurationKeys {

    private static final Pattern UNKNOWN = Pattern.compile("- (?:(.+)\\.)?\\?: is not known.*\\(known here: (.*)\\)");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z.\\[\\]]+)` \\|", Pattern.MULTILINE);

    private ConfigurationKeys() {}

    /** @param refusal of a file that has the unknown key {@code ?} in each of its objects */
    public static Set<String> known(String refusal) {
        var keys = new TreeSet<String>();
        var unknown = UNKNOWN.matcher(refusal);
        while (unknown.find()) {
            var prefix = unknown.group(1) == null ? "" : unknown.group(1).replaceAll("\\[\\d+]", "[]") + ".";
            for (var key : unknown.group(2).split(", ")) {
                keys.add(prefix + key);
            }
        }
        return keys;
    }

    /** Those of the rows between two headings of the document. */
    public static Set<String> documented(Path root, String from, String to) {
        try {
            var document = Files.readString(root.resolve("docs/configuration.md"));
            var rows = ROW.matcher(document.substring(document.indexOf(from + "\n"), document.indexOf(to + "\n")));
            var keys = new TreeSet<String>();
            while (rows.find()) {
                keys.add(rows.group(1));
            }
            return keys;
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
