package org.countersign.ds.applications;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A web origin as browsers write it (RFC 6454 §6.2): {@code https://shop.example.com} or with a port; without one that is
 * the scheme's own. {@code http} for this machine only.
 */
public final class Origin {

    static final String FORM = "has the form https://host or https://host:port, without anything after it;"
            + " http for localhost, 127.0.0.1 and [::1] only";

    private static final int LONGEST = 300;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern PARTS =
            Pattern.compile("(https?)://(" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-f:]+])(?::([1-9]\\d{0,4}))?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final int PORTS = 65_535;

    private Origin() {}

    /** Of an address. Empty when pages there have none of the form. */
    public static Optional<String> of(URI address) {
        return parse(address.getScheme() + "://" + address.getRawAuthority());
    }

    /** Empty when it is none. */
    static Optional<String> parse(String text) {
        if (text == null || text.length() > LONGEST) {
            return Optional.empty();
        }
        var parts = PARTS.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return Optional.empty();
        }
        var scheme = parts.group(1);
        var host = parts.group(2);
        var port = parts.group(parts.groupCount());
        boolean secure = "https".equals(scheme);
        if (!secure && !LOOPBACK.matcher(host).matches() || port != null && Integer.parseInt(port) > PORTS) {
            return Optional.empty();
        }
        boolean usual = port == null || port.equals(secure ? "443" : "80");
        return Optional.of(scheme + "://" + host + (usual ? "" : ":" + port));
    }
}
