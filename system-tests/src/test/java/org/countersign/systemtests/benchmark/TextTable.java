package org.countersign.systemtests.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text for a terminal. */
public final class TextTable {

    private TextTable() {}

    /** @param rows the headings first; the first columns, up to two, are left-aligned, figures are right-aligned */
    public static String of(List<List<String>> rows) {
        int columns = rows.get(0).size();
        var widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, columns)
                        .mapToObj(column -> String.format(
                                Locale.ROOT, "%" + (column < 2 ? "-" : "") + widths[column] + "s", row.get(column)))
                        .collect(Collectors.joining("  ", "  ", "\n")))
                .collect(Collectors.joining());
    }
}
