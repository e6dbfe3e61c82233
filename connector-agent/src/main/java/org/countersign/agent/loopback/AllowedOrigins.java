package org.countersign.agent.loopback;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.countersign.agent.settings.Setting;
import org.countersign.core.configuration.Problems;

/**
 * The origins of pages that may use this agent, as browsers write them (RFC 6454 §6.2). Compared as they stand: nothing is
 * like an origin but itself.
 */
public final class AllowedOrigins {

    private static final int LONGEST = 300;
    private static final Pattern FORM =
            Pattern.compile("(https?)://([a-z0-9-]+(?:\\.[a-z0-9-]+)*|\\[[0-9a-f:]+])(?::([1-9][0-9]{0,4}))?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern REFERER = Pattern.compile("(https?://[^/?#\\\\@\\s]+)(?:[/?#].*)?");

    private final Set<String> origins;
    private volatile Set<String> learnt = Set.of();

    private AllowedOrigins(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    public static AllowedOrigins of(List<String> texts, Problems problems) {
        var origins = new TreeSet<String>();
        for (var text : texts) {
            if (isOrigin(text)) {
                origins.add(text);
            } else {
                problems.error(
                        Setting.ORIGINS.key(),
                        "has the form https://host or https://host:port in lower case, with nothing after it; http for"
                                + " localhost, 127.0.0.1 and [::1] only");
            }
        }
        return new AllowedOrigins(origins);
    }

    private static boolean isOrigin(String text) {
        var parts = FORM.matcher(text);
        return text.length() <= LONGEST
                && parts.matches()
                && (text.startsWith("https:")
                        || LOOPBACK.matcher(parts.group(2)).matches());
    }

    /** Those that the distribution service tells, in place of what it told before; what is no origin is left out. */
    public void learn(Collection<String> told) {
        learnt = told.stream().filter(AllowedOrigins::isOrigin).collect(Collectors.toUnmodifiableSet());
    }

    boolean allow(String origin) {
        return origins.contains(origin) || learnt.contains(origin);
    }

    /** The origin of a {@code Referer}; nothing when it has none. */
    static Optional<String> ofReferer(String referer) {
        var parts = REFERER.matcher(referer);
        return parts.matches() ? Optional.of(parts.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }
}
