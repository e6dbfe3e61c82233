package org.countersign.server.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.openid.OpenIdSettings;

/**
 * The {@code console} of a configuration file.
 *
 * @param roles what somebody may be here
 * @param idle after which a session ends by itself
 * @param users who sign in with a password of the file's
 * @param serverAccounts whether others sign in with a password of the application server's
 * @param openId where others sign in
 * @param seats that the people are; empty at an operators' console
 */
public record ConsoleSettings(
        Set<ApiGroup> roles,
        Duration idle,
        List<ConsoleUser> users,
        boolean serverAccounts,
        Optional<OpenIdSettings> openId,
        Optional<TenantSeats> seats) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    public ConsoleSettings {
        roles = Set.copyOf(roles);
        users = List.copyOf(users);
    }

    /**
     * Tells the file's problems what is wrong.
     *
     * @param roles what somebody may be in this product
     */
    public static ConsoleSettings read(
            ConfigurationObject console, Map<String, String> environment, Set<ApiGroup> roles) {
        return read(console, environment, roles, Optional.empty());
    }

    /**
     * As {@link #read(ConfigurationObject, Map, Set)}; keys that were read before are known.
     *
     * @param seats that the people are
     */
    public static ConsoleSettings read(
            ConfigurationObject console,
            Map<String, String> environment,
            Set<ApiGroup> roles,
            Optional<TenantSeats> seats) {
        var idle = Duration.ofMinutes(console.number("sessionIdleInMinutes", 15, 1, 480));
        var users = new ArrayList<ConsoleUser>();
        var names = new HashSet<String>();
        for (var user : console.objects("users")) {
            var name = user.requiredText("name");
            if (!name.isEmpty() && !isName(name)) {
                user.problems()
                        .error(
                                user.pathOf("name"),
                                "must have 1 to 64 letters, digits, points, hyphens, underscores and @, the first a"
                                        + " letter or digit");
            }
            if (!names.add(name)) {
                user.problems().error(user.pathOf("name"), "is the same as an earlier user's");
            }
            users.add(new ConsoleUser(
                    name, hash(user, environment), roles(user, roles), user.flag("demonstration", false)));
            user.refuseUnknownKeys();
        }
        var serverAccounts = console.flag("serverAccounts", false);
        var openId = OpenIdSettings.read(console.object("openId"), environment, roles);
        console.refuseUnknownKeys();
        return new ConsoleSettings(roles, idle, users, serverAccounts, openId, seats);
    }

    /** Whose seats the people are; empty at an operators' console. */
    public Optional<String> tenant() {
        return seats.map(TenantSeats::tenant);
    }

    /** Whether anybody may have a password. */
    public boolean passwords() {
        return serverAccounts || !users.isEmpty();
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private static String hash(ConfigurationObject user, Map<String, String> environment) {
        user.requiredText("passwordHash");
        var hash = user.resolved("passwordHash", environment).orElse("");
        if (!hash.isEmpty() && !SecretHash.isBearable(hash)) {
            user.problems()
                    .error(
                            user.pathOf("passwordHash"),
                            "must be what \"countersign password\" prints, $argon2id$v=19$m=…,t=…,p=1$…$…, with 65536"
                                    + " KiB and 4 passes at most");
        }
        return hash;
    }

    private static Set<ApiGroup> roles(ConfigurationObject user, Set<ApiGroup> possible) {
        var roles = EnumSet.noneOf(ApiGroup.class);
        for (var text : user.texts("roles")) {
            possible.stream()
                    .filter(role -> role.toString().equals(text))
                    .findFirst()
                    .ifPresentOrElse(
                            roles::add,
                            () -> user.problems().error(user.pathOf("roles"), "must be some of " + names(possible)));
        }
        if (roles.isEmpty()) {
            user.problems().error(user.pathOf("roles"), "must be some of " + names(possible));
        }
        return roles;
    }

    /** {@code operator, support and auditor}. */
    private static String names(Set<ApiGroup> roles) {
        var names = roles.stream().sorted().map(ApiGroup::toString).collect(Collectors.joining(", "));
        return names.replaceFirst(", (?=[^,]*$)", " and ");
    }
}
