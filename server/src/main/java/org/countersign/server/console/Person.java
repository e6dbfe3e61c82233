package org.countersign.server.console;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.server.oauth.ApiGroup;

/**
 * Somebody who is signed in.
 *
 * @param name what the page has: a name of the configuration file, or what an OpenID provider or the application server calls
 *     somebody
 * @param demonstration refused from any peer that is not loopback
 */
record Person(Source source, String name, Set<ApiGroup> roles, boolean demonstration) {

    /** Who knows somebody. */
    enum Source {
        FILE("user:"),
        OPEN_ID("oidc:"),
        SERVER("server:");

        private final String prefix;

        Source(String prefix) {
            this.prefix = prefix;
        }

        /** What the audit log has, where no client of the API has such a name. */
        String auditName(String name) {
            return prefix + name;
        }
    }

    Person {
        roles = Set.copyOf(roles);
    }

    static Person of(ConsoleUser user) {
        return new Person(Source.FILE, user.name(), user.roles(), user.demonstration());
    }

    /** @param roles as {@link #text} has them */
    static Person of(Source source, String name, String roles) {
        var groups = EnumSet.noneOf(ApiGroup.class);
        var names = List.of(roles.split(" "));
        for (var group : ApiGroup.values()) {
            if (names.contains(group.toString())) {
                groups.add(group);
            }
        }
        return new Person(source, name, groups, false);
    }

    /** @param auditName as {@link #auditName} has it */
    static String bareName(String auditName) {
        return auditName.substring(auditName.indexOf(':') + 1);
    }

    String auditName() {
        return source.auditName(name);
    }

    /** Their names with blanks between. */
    static String text(Set<ApiGroup> roles) {
        return roles.stream().sorted().map(ApiGroup::toString).collect(Collectors.joining(" "));
    }
}
