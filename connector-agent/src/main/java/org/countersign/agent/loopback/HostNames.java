package org.countersign.agent.loopback;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.countersign.agent.settings.Setting;
import org.countersign.core.configuration.Problems;

/**
 * The names by which this agent is reached, and no other: a page whose own name was made to lead here (DNS rebinding) has
 * that name in {@code Host}.
 */
public final class HostNames {

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final int LONGEST = 253;

    private final List<String> names;
    private final Set<String> hosts;

    private HostNames(Set<String> names) {
        this.names = List.copyOf(names);
        var all = new TreeSet<>(names);
        all.addAll(List.of("127.0.0.1", "[::1]"));
        this.hosts = Set.copyOf(all);
    }

    public static HostNames of(List<String> texts, Problems problems) {
        var names = new TreeSet<String>();
        for (var text : texts) {
            var name = text.toLowerCase(Locale.ROOT);
            if (name.length() <= LONGEST && NAME.matcher(name).matches()) {
                names.add(name);
            } else {
                problems.error(Setting.HOST_NAMES.key(), "must be DNS names, without port and trailing dot");
            }
        }
        return new HostNames(names);
    }

    /** Without the addresses. */
    public List<String> names() {
        return names;
    }

    /** @param port on which the request came in */
    boolean isOurs(String host, int port) {
        var suffix = ":" + port;
        return host.endsWith(suffix)
                && hosts.contains(
                        host.substring(0, host.length() - suffix.length()).toLowerCase(Locale.ROOT));
    }
}
