package org.countersign.agent.consent;

import java.util.regex.Pattern;

/** Words by which user and agent know that a request is the page's that the user looks at. */
final class CodeWord {

    private static final Pattern SHOWN = Pattern.compile("[!-~](?:[ -~]{0,62}[!-~])?");
    private static final Pattern COPIED = Pattern.compile("[!-~]{1,256}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f-]+|[0-9A-F-]+");
    private static final Pattern ONE_CASE = Pattern.compile("[0-9a-z]+|[0-9A-Z]+");
    private static final int LEAST_BITS = 128;
    private static final int LEAST_DIFFERENT = 8;

    private CodeWord() {}

    /** For a window: 1 to 64 printable characters of ASCII, so that what is shown is what was sent. */
    static boolean canBeShown(String word) {
        return SHOWN.matcher(word).matches();
    }

    /**
     * For the clipboard: one that a page can not guess, or it could find out what is on it. 128 bits, if each character was
     * drawn from the smallest usual alphabet that has them all: 39 digits, 32 hexadecimal ones, 22 letters and digits.
     */
    static boolean canNotBeGuessed(String word) {
        return COPIED.matcher(word).matches()
                && word.chars().distinct().count() >= LEAST_DIFFERENT
                && bits(word) >= LEAST_BITS;
    }

    private static double bits(String word) {
        if (DIGITS.matcher(word).matches()) {
            return bits(word.length(), 10);
        }
        if (HEXADECIMAL.matcher(word).matches()) {
            return bits((int) word.chars().filter(character -> character != '-').count(), 16);
        }
        if (ONE_CASE.matcher(word).matches()) {
            return bits(word.length(), 36);
        }
        return bits(word.length(), 62);
    }

    private static double bits(int length, int alphabet) {
        return length * Math.log(alphabet) / Math.log(2);
    }
}
