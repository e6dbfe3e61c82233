package org.countersign.ds.files;

import java.util.regex.Pattern;

/**
 * The conditions of a request for a file: RFC 9110 §13.1, in the order of §13.2.2. Every field may be null. Files have no date,
 * as an operator's decision may put an earlier one at an address, so conditions on dates do not count (§13.1.3, §13.1.4).
 */
public record Conditions(String ifMatch, String ifNoneMatch, String range, String ifRange) {

    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");

    /** What the answer is. */
    public enum Kind {
        WHOLE(200),
        PART(206),
        NOT_MODIFIED(304),
        FAILED(412),
        NOT_SATISFIABLE(416);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    /**
     * What of a file is to be sent.
     *
     * @param first position of the first byte
     * @param length number of bytes; 0 when the answer has none
     */
    public record Outcome(Kind kind, long first, long length) {}

    /**
     * Decides.
     *
     * @param tag the file's entity tag, strong, without quotes
     */
    public Outcome on(String tag, long size) {
        if (ifMatch != null && !has(ifMatch, tag, true)) {
            return new Outcome(Kind.FAILED, 0, 0);
        }
        if (ifNoneMatch != null && has(ifNoneMatch, tag, false)) {
            return new Outcome(Kind.NOT_MODIFIED, 0, 0);
        }
        var asked = ByteRange.of(range, size);
        if (!asked.understood() || !rangeStillHolds(tag)) {
            return new Outcome(Kind.WHOLE, 0, size);
        }
        return asked.range()
                .map(part -> new Outcome(Kind.PART, part.first(), part.length()))
                .orElse(new Outcome(Kind.NOT_SATISFIABLE, 0, 0));
    }

    /** §13.1.5: a strong comparison; no date is a file's. */
    private boolean rangeStillHolds(String tag) {
        return ifRange == null || has(ifRange, tag, true) && !"*".equals(ifRange.strip());
    }

    /** §8.8.3.2; a weak tag equals a strong one in the weak comparison only. */
    private static boolean has(String list, String tag, boolean strong) {
        if ("*".equals(list.strip())) {
            return true;
        }
        var tags = TAG.matcher(list);
        while (tags.find()) {
            if (tags.group(2).equals(tag) && !(strong && tags.group(1) != null)) {
                return true;
            }
        }
        return false;
    }
}
