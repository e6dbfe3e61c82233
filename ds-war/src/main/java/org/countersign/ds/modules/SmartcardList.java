package org.countersign.ds.modules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.error.ProtocolException;

/**
 * The public list of pcsc-tools, {@code smartcard_list.txt}: a line with a pattern, lines of description that begin with a
 * tab, an empty line; lines that begin with {@code #} are comments.
 */
final class SmartcardList {

    private static final int MOST_DESCRIPTIONS = 50;
    private static final int LONGEST_DESCRIPTION = 500;

    private SmartcardList() {}

    /**
     * The descriptions by normalised pattern, in the list's order; a pattern that is there twice has both.
     *
     * @param skipped how many patterns are none that is understood here, with their descriptions
     */
    record Content(Map<AtrPattern, List<String>> entries, int skipped) {}

    /** @throws ProtocolException {@code invalid_request} when a line is neither */
    static Content parse(String text) {
        var entries = new LinkedHashMap<String, AtrPattern>();
        var descriptions = new LinkedHashMap<String, List<String>>();
        List<String> current = null;
        int skipped = 0;
        int number = 0;
        for (var line : (Iterable<String>) text.lines()::iterator) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("\t") || line.startsWith(" ")) {
                if (current == null) {
                    throw ProtocolException.invalidRequest("Line " + number + " describes nothing");
                }
                add(current, line.strip());
                continue;
            }
            var pattern = AtrPattern.parse(line.strip());
            if (pattern.isEmpty()) {
                if (!line.matches("3[BbFf].*")) {
                    throw ProtocolException.invalidRequest("Line " + number + " is no answer to reset");
                }
                skipped++;
                current = new ArrayList<>();
                continue;
            }
            entries.putIfAbsent(pattern.get().text(), pattern.get());
            current = descriptions.computeIfAbsent(pattern.get().text(), key -> new ArrayList<>());
        }
        var content = new LinkedHashMap<AtrPattern, List<String>>();
        entries.forEach((key, pattern) -> content.put(pattern, List.copyOf(descriptions.get(key))));
        return new Content(content, skipped);
    }

    private static void add(List<String> descriptions, String text) {
        var fit = text.length() > LONGEST_DESCRIPTION ? text.substring(0, LONGEST_DESCRIPTION) : text;
        var clean = fit.chars().anyMatch(Character::isISOControl) ? fit.replaceAll("\\p{Cntrl}", " ") : fit;
        if (descriptions.size() < MOST_DESCRIPTIONS && !descriptions.contains(clean)) {
            descriptions.add(clean);
        }
    }
}
