package org.countersign.server.oauth;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookie of {@link BrowserSessions}: for no script, for no other site, and for this context alone. */
public final class SessionCookie {

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private SessionCookie() {}

    /** What a request brings, when it may be a session's at all. */
    public static Optional<String> of(HttpServletRequest request) {
        var cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(BrowserSessions.COOKIE))
                        .map(Cookie::getValue)
                        .filter(value -> value != null && VALUE.matcher(value).matches())
                        .findFirst();
    }

    /**
     * A value of {@code Set-Cookie} (RFC 6265 §4.1). Without an age it ends with the browser.
     *
     * @param path the context's, beginning with a slash
     * @param secure whether it must not go over plain HTTP
     */
    public static String set(String session, String path, boolean secure) {
        return BrowserSessions.COOKIE + "=" + session + "; Path=" + path + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }

    /** Takes it away. */
    public static String clear(String path, boolean secure) {
        return set("", path, secure) + "; Max-Age=0";
    }
}
