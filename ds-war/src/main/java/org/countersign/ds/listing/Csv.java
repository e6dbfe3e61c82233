package org.countersign.ds.listing;

import java.util.List;

/**
 * Comma-separated values (RFC 4180), every field in quotes. A field that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
public final class Csv {

    public static final String MEDIA_TYPE = "text/csv";

    private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

    private final StringBuilder text = new StringBuilder();

    public Csv(List<String> header) {
        row(header);
    }

    /** @param fields may have nulls, which are empty */
    public void row(List<String> fields) {
        var separator = "";
        for (var field : fields) {
            text.append(separator)
                    .append('"')
                    .append(safe(field == null ? "" : field))
                    .append('"');
            separator = ",";
        }
        text.append("\r\n");
    }

    private static String safe(String field) {
        boolean formula = !field.isEmpty()
                && FORMULA.indexOf(
                                field.stripLeading().isEmpty()
                                        ? ' '
                                        : field.stripLeading().charAt(0))
                        >= 0;
        return (formula || !field.isEmpty() && FORMULA.indexOf(field.charAt(0)) >= 0 ? "'" : "")
                + field.replace("\"", "\"\"");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
