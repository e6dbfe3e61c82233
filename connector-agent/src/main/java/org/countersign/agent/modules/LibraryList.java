package org.countersign.agent.modules;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The agent's own list of modules that work by a PKCS#11 library, and where vendors install it on each system. */
final class LibraryList {

    private static final String OWN = "/org/countersign/agent/modules/libraries.txt";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");

    private LibraryList() {}

    /** Modules with the first of their libraries that is on this machine; those without one are left out. */
    static Map<String, Path> installed() {
        var found = new LinkedHashMap<String, Path>();
        try (var lines = new BufferedReader(
                new InputStreamReader(LibraryList.class.getResourceAsStream(OWN), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> add(line, found));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return found;
    }

    private static void add(String line, Map<String, Path> found) {
        var cells = line.split("\\|", 3);
        if (cells.length != 3 || !isName(cells[0].strip())) {
            throw new IllegalStateException("The list of libraries has a line of another form: " + line);
        }
        if (cells[1].strip().equals(system())) {
            var library = Path.of(cells[2].strip());
            if (Files.isRegularFile(library)) {
                found.putIfAbsent(cells[0].strip(), library);
            }
        }
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private static String system() {
        var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "mac" : "linux";
    }
}
