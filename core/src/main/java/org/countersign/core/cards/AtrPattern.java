package org.countersign.core.cards;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which answers to reset (ISO/IEC 7816-3) are meant: hexadecimal digits, {@code .} for any digit, {@code [0-3]} or
 * {@code [4,9]} for some, {@code .*} for any number of bytes. Spaces between bytes may be left out. Anything else of a
 * regular expression is refused: whoever matches such a pattern need not fear what it costs.
 *
 * @param text in capitals, without spaces
 * @param matcher of whole answers to reset, in the same form
 * @param fixed how many digits it fixes: the more, the more specific
 */
public record AtrPattern(String text, Pattern matcher, int fixed) {

    private static final int LONGEST = 400;
    private static final Pattern FORM =
            Pattern.compile("(?:[0-9A-F]|\\.(?!\\*)|\\[[0-9A-F](?:[,-]?[0-9A-F]){0,15}]|\\.\\*){2,}");
    private static final Pattern TOKEN = Pattern.compile("([0-9A-F])|(\\.\\*)|(\\.)|\\[([^]]+)]");
    private static final Pattern ATR = Pattern.compile("(?:[0-9A-F]{2}){1,33}");
    /** Each makes matching slower by the length of an answer to reset. */
    private static final int MOST_OPEN = 2;

    /** Empty when the text is none. */
    public static Optional<AtrPattern> parse(String given) {
        var text = given == null ? "" : normalized(given);
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        var regex = new StringBuilder();
        int fixed = 0;
        int open = 0;
        var token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group(1) != null) {
                regex.append(token.group(1));
                fixed++;
            } else if (token.group(2) != null) {
                regex.append("[0-9A-F]*");
                open++;
            } else if (token.group(3) != null) {
                regex.append("[0-9A-F]");
            } else {
                var some = token.group(4).replace(",", "");
                if (isBackwards(some)) {
                    return Optional.empty();
                }
                regex.append('[').append(some).append(']');
            }
        }
        return open > MOST_OPEN
                ? Optional.empty()
                : Optional.of(new AtrPattern(text, Pattern.compile(regex.toString()), fixed));
    }

    /** The digits of an answer to reset, in capitals; empty when it is none of 1 to 33 bytes. */
    public static Optional<String> atr(String given) {
        var text = given == null || given.length() > LONGEST ? "" : normalized(given);
        return ATR.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    public boolean isExact() {
        return fixed == text.length();
    }

    public boolean matches(String atr) {
        return matcher.matcher(atr).matches();
    }

    /** A range like {@code 3-1}, which a regular expression does not take. */
    private static boolean isBackwards(String some) {
        for (int i = some.indexOf('-'); i > 0; i = some.indexOf('-', i + 1)) {
            if (i + 1 >= some.length() || some.charAt(i - 1) > some.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }

    private static String normalized(String text) {
        return text.replace(" ", "").replace(":", "").toUpperCase(Locale.ROOT);
    }
}
