package org.countersign.server.oauth;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/**
 * Where a request comes from, as far as demonstration clients care: the same machine, or anywhere else. A request that a
 * proxy passed on counts as from elsewhere, whoever the proxy is.
 */
public record Peer(boolean isLoopback) {

    private static final Pattern LOOPBACK = Pattern.compile(
            "127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1|::ffff:127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final List<String> FORWARDED =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    public static Peer of(HttpServletRequest request) {
        return new Peer(
                isLoopback(request.getRemoteAddr()) && isLoopbackName(request.getServerName()) && isDirect(request));
    }

    /** Whether no proxy says that it passed the request on. */
    public static boolean isDirect(HttpServletRequest request) {
        return FORWARDED.stream().allMatch(header -> request.getHeader(header) == null);
    }

    /** @param address in digits, or null */
    public static boolean isLoopback(String address) {
        return address != null && LOOPBACK.matcher(address).matches();
    }

    /**
     * Whether a host is this machine by its name alone. A proxy that adds no header, and a web page that calls its own name
     * 127.0.0.1, ask for another host.
     */
    public static boolean isLoopbackName(String host) {
        return host != null
                && (host.equalsIgnoreCase("localhost")
                        || LOOPBACK.matcher(host.replaceAll("[\\[\\]]", "")).matches());
    }

    /** @throws ProtocolException {@code access_denied} when the client is for demonstration and the peer is elsewhere */
    public void admit(OAuthClient client) {
        if (client.isDemonstration() && !isLoopback) {
            throw new ProtocolException(
                    OAuth2Error.ACCESS_DENIED, "A demonstration client is served on its own machine only");
        }
    }
}
