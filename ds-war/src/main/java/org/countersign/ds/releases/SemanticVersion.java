package org.countersign.ds.releases;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version as Semantic Versioning 2.0.0 has it, ordered by its clause 11. Build metadata is refused: two versions that
 * differ in it alone would have no order.
 *
 * @param numbers major, minor and patch
 * @param preRelease the identifiers after the hyphen; empty for a release
 */
public record SemanticVersion(List<Long> numbers, List<String> preRelease) implements Comparable<SemanticVersion> {

    private static final int LONGEST = 64;
    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?");
    private static final Pattern NUMERIC = Pattern.compile("\\d+");

    public SemanticVersion {
        numbers = List.copyOf(numbers);
        preRelease = List.copyOf(preRelease);
    }

    /** Empty when the text is none, has build metadata, or more than 64 characters. */
    public static Optional<SemanticVersion> parse(String text) {
        if (text == null || text.length() > LONGEST) {
            return Optional.empty();
        }
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SemanticVersion(
                List.of(Long.valueOf(parts.group(1)), Long.valueOf(parts.group(2)), Long.valueOf(parts.group(3))),
                parts.group(4) == null ? List.of() : List.of(parts.group(4).split("\\."))));
    }

    @Override
    public int compareTo(SemanticVersion other) {
        for (int i = 0; i < numbers.size(); i++) {
            int difference = numbers.get(i).compareTo(other.numbers.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        int common = Math.min(preRelease.size(), other.preRelease.size());
        for (int i = 0; i < common; i++) {
            int difference = compare(preRelease.get(i), other.preRelease.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    private static int compare(String left, String right) {
        boolean leftNumeric = NUMERIC.matcher(left).matches();
        boolean rightNumeric = NUMERIC.matcher(right).matches();
        if (leftNumeric && rightNumeric) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        return leftNumeric == rightNumeric ? left.compareTo(right) : leftNumeric ? -1 : 1;
    }

    @Override
    public String toString() {
        var text = numbers.get(0) + "." + numbers.get(1) + "." + numbers.get(2);
        return preRelease.isEmpty() ? text : text + "-" + String.join(".", preRelease);
    }
}
