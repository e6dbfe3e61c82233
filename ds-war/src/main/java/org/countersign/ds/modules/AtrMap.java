package org.countersign.ds.modules;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everyone's entries, or an organisation's own, for looking up cards: exact ones by a table, others in order. */
final class AtrMap {

    static final Comparator<AtrEntry> MOST_SPECIFIC_FIRST = Comparator.<AtrEntry>comparingInt(
                    entry -> -entry.pattern().fixed())
            .thenComparingInt(AtrEntry::rank)
            .thenComparing(entry -> entry.pattern().text());

    private final List<AtrEntry> entries;
    private final Map<String, AtrEntry> exact = new HashMap<>();
    private final List<AtrEntry> wide;

    AtrMap(List<AtrEntry> unordered) {
        entries = unordered.stream().sorted(MOST_SPECIFIC_FIRST).toList();
        entries.stream()
                .filter(entry -> entry.pattern().isExact())
                .forEach(entry -> exact.putIfAbsent(entry.pattern().text(), entry));
        wide = entries.stream().filter(entry -> !entry.pattern().isExact()).toList();
    }

    /** The most specific entry. @param atr in capitals, without spaces */
    Optional<AtrEntry> find(String atr) {
        return Optional.ofNullable(exact.get(atr))
                .or(() -> wide.stream()
                        .filter(entry -> entry.pattern().matches(atr))
                        .findFirst());
    }

    /** One for each pattern, the most specific first: the first that matches is the answer. */
    List<Map<String, Object>> claims() {
        var byPattern = new LinkedHashMap<String, AtrEntry>();
        entries.forEach(entry -> byPattern.putIfAbsent(entry.pattern().text(), entry));
        return byPattern.values().stream()
                .map(entry -> {
                    var claims = new LinkedHashMap<String, Object>();
                    claims.put("atr", entry.pattern().text());
                    claims.put("description", entry.descriptions());
                    return (Map<String, Object>) claims;
                })
                .toList();
    }
}
