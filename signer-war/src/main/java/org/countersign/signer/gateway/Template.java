package org.countersign.signer.gateway;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with places, <code>${NAME}</code>. What is put in stays text: it has no places of its own, no control characters,
 * and an end.
 */
public final class Template {

    /** What an approval is about; the former product's names, and English ones. */
    public static final Set<String> OF_APPROVAL = Set.of(
            "NUMERO_DE_OPERACION",
            "OPERATION_NUMBER",
            "TEXTO_A_FIRMAR",
            "TEXT_TO_SIGN",
            "SIGNATURES",
            "CLIENT",
            "SEAT",
            "TENANT");

    /** What a one-time code is about. */
    public static final Set<String> OF_CODE =
            Set.of("NUMERO_DE_OPERACION", "OPERATION_NUMBER", "CODE", "MINUTES", "CLIENT", "SEAT", "TENANT");

    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");
    private static final int LONGEST_VALUE = 500;

    private final String text;

    /** @throws IllegalArgumentException naming the places that are none of these */
    public Template(String text, Set<String> known) {
        var unknown = PLACE.matcher(text)
                .results()
                .map(place -> place.group(1))
                .filter(name -> !known.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("has unknown names " + String.join(", ", unknown) + " (known here: "
                    + String.join(", ", new TreeSet<>(known)) + ")");
        }
        this.text = text;
    }

    public boolean has(String name) {
        return text.contains("${" + name + "}");
    }

    /** @param values of every name that may be there */
    public String filled(Map<String, String> values) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(plain(values.getOrDefault(place.group(1), ""))));
    }

    private static String plain(String value) {
        var line = CONTROL.matcher(value).replaceAll(" ").strip();
        return line.length() > LONGEST_VALUE ? line.substring(0, LONGEST_VALUE) + "…" : line;
    }

    @Override
    public String toString() {
        return text;
    }
}
