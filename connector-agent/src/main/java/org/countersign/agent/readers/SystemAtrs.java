package org.countersign.agent.readers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * pcsc-tools' list of some thousand cards, {@code smartcard_list.txt}, where it is installed: a line with the answer to
 * reset, digits or points, then indented lines of description. Looked through when an unknown card appears, not kept.
 */
final class SystemAtrs {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/share/pcsc/smartcard_list.txt"), Path.of("/usr/local/share/pcsc/smartcard_list.txt"));
    private static final long LARGEST = 16L << 20;

    List<String> descriptions(String atr) {
        for (var place : PLACES) {
            try {
                if (Files.isRegularFile(place) && Files.size(place) <= LARGEST) {
                    return find(atr, Files.readAllLines(place, StandardCharsets.UTF_8));
                }
            } catch (IOException unreadable) {
                // As if it were not there: it is for people's information only.
                return List.of();
            }
        }
        return List.of();
    }

    private static List<String> find(String atr, List<String> lines) {
        var found = new ArrayList<String>();
        boolean here = false;
        for (var line : lines) {
            if (line.startsWith("\t") || line.startsWith(" ")) {
                if (here && !line.isBlank()) {
                    found.add(line.strip());
                }
            } else if (!line.startsWith("#") && !line.isBlank()) {
                here = new AtrMap.Kind(line.replace(" ", "").strip().toUpperCase(Locale.ROOT), List.of(), "")
                        .matches(atr);
            }
        }
        return found;
    }
}
