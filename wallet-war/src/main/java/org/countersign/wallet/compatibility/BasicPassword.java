package org.countersign.wallet.compatibility;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.jose.Base64Url;

/** A login and a password as the shipped app sends them: like Basic (RFC 7617), but in base64url without padding. */
record BasicPassword(String login, String password) {

    private static final Pattern FORM = Pattern.compile("(?i:basic) +([A-Za-z0-9_-]{1,1024})");
    private static final Pattern PAIR = Pattern.compile("([!-9;-~]{1,254}):([!-~]{1,128})");

    /** @param authorization the header, or null */
    static Optional<BasicPassword> parse(String authorization) {
        var header = FORM.matcher(authorization == null ? "" : authorization);
        if (!header.matches()) {
            return Optional.empty();
        }
        return Base64Url.decode(header.group(1))
                .map(bytes -> PAIR.matcher(new String(bytes, StandardCharsets.UTF_8)))
                .filter(java.util.regex.Matcher::matches)
                .map(pair -> new BasicPassword(pair.group(1), pair.group(2)));
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "a login with a password";
    }
}
