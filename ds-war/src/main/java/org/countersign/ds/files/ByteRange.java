package org.countersign.ds.files;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A part of a representation: RFC 9110 §14.1.2.
 *
 * @param first position of the first byte, from 0
 * @param last position of the last byte, included
 */
record ByteRange(long first, long last) {

    private static final Pattern SINGLE =
            Pattern.compile("[bB][yY][tT][eE][sS]=[ \\t]*(?:(\\d+)-(\\d*)|-(\\d+))[ \\t]*");
    private static final int DIGITS = 18;

    /** What a header asks for: nothing that is understood here, a part, or one that is not there. */
    record Asked(boolean understood, Optional<ByteRange> range) {}

    private static final Asked IGNORED = new Asked(false, Optional.empty());
    private static final Asked UNSATISFIABLE = new Asked(true, Optional.empty());

    /**
     * Reads the header {@code Range}. Other units, several ranges and what is malformed are ignored, as §14.2 allows or
     * demands.
     *
     * @param header may be null
     */
    static Asked of(String header, long size) {
        var single = SINGLE.matcher(header == null ? "" : header);
        if (!single.matches()) {
            return IGNORED;
        }
        if (single.group(3) != null) {
            long length = number(single.group(3));
            return length == 0 || size == 0 ? UNSATISFIABLE : asked(Math.max(0, size - length), size - 1);
        }
        long first = number(single.group(1));
        long last = single.group(2).isEmpty() ? Long.MAX_VALUE : number(single.group(2));
        if (last < first) {
            return IGNORED;
        }
        return first >= size ? UNSATISFIABLE : asked(first, Math.min(last, size - 1));
    }

    long length() {
        return last - first + 1;
    }

    private static Asked asked(long first, long last) {
        return new Asked(true, Optional.of(new ByteRange(first, last)));
    }

    /** More digits than any file's length has are as good as the greatest number. */
    private static long number(String digits) {
        var significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
