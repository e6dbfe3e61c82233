package org.countersign.ds.consents;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.countersign.core.error.ProtocolException;

/**
 * For whom a consent is: it holds for these three together, and for no other.
 *
 * @param browser empty when the browser sends no token
 */
record ConsentComponents(String username, String browser, String origin) {

    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_ORIGIN = 300;

    /** @throws ProtocolException {@code invalid_request} */
    static ConsentComponents of(String username, String browser, String origin) {
        var name = username == null ? "" : username;
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProtocolException.invalidRequest(
                    "username must have 1 to " + LONGEST_NAME + " characters, none of them a control character");
        }
        return new ConsentComponents(name, browser(browser), origin(origin));
    }

    /** @throws ProtocolException {@code invalid_request} */
    static String browser(String token) {
        if (token == null || BrowserToken.isGood(token)) {
            return token == null ? "" : token;
        }
        throw ProtocolException.invalidRequest("browser must be a cuid with its two check digits");
    }

    /**
     * As browsers write it: RFC 6454 §6.2.
     *
     * @throws ProtocolException {@code invalid_request}
     */
    static String origin(String text) {
        try {
            if (text != null && text.length() <= LONGEST_ORIGIN) {
                var origin = new URI(text);
                boolean web = "https".equals(origin.getScheme()) || "http".equals(origin.getScheme());
                if (web && origin.getHost() != null && text.equals(serialized(origin))) {
                    return text;
                }
            }
        } catch (URISyntaxException malformed) {
            // said below
        }
        throw ProtocolException.invalidRequest("origin must be as a browser sends it, such as https://app.example.com");
    }

    private static String serialized(URI origin) {
        var host = origin.getHost().toLowerCase(Locale.ROOT);
        return origin.getScheme() + "://" + host + (origin.getPort() < 0 ? "" : ":" + origin.getPort());
    }
}
