package org.countersign.ds.consents;

import java.util.regex.Pattern;

/**
 * A browser's own identifier ({@code X-Authentication-Token}): a cuid, {@code c} and 24 or more characters of base 36, and
 * two check digits: the eight characters after {@code c} as a number, modulo 97.
 */
final class BrowserToken {

    private static final Pattern FORM = Pattern.compile("c([0-9a-z]{8})[0-9a-z]{16,100}([0-9]{2})");
    private static final int BASE = 36;
    private static final int MODULUS = 97;

    private BrowserToken() {}

    static boolean isGood(String token) {
        var parts = FORM.matcher(token);
        return parts.matches() && Long.parseLong(parts.group(1), BASE) % MODULUS == Integer.parseInt(parts.group(2));
    }
}
