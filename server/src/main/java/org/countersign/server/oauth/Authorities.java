package org.countersign.server.oauth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;

/**
 * What a client may do, as its registration writes it: {@code trustLevel:trustedClient,apiGroup:signer,tenantName:acme}.
 *
 * @param trusted a trusted client may span tenants; an untrusted one has one tenant and tokens of a minute at most
 * @param seatGroups of the tenants; where there is one of a tenant, nobody else of this tenant is reached
 */
public record Authorities(
        boolean trusted, Set<ApiGroup> groups, Set<String> tenants, Set<GroupName> seatGroups, Set<String> origins) {

    /** The longest a token of an untrusted client lives, in seconds. */
    public static final int UNTRUSTED_VALIDITY = 60;

    private static final String TRUST_LEVEL = "trustLevel:";
    private static final String API_GROUP = "apiGroup:";
    private static final String TENANT_NAME = "tenantName:";
    private static final String GROUP_NAME = "groupName:";
    private static final String ORIGIN = "origin:";
    private static final Pattern ORIGIN_FORM = Pattern.compile(
            "https://[a-z0-9-]+(\\.[a-z0-9-]+)*(:[1-9][0-9]{0,4})?|http://(localhost|127\\.0\\.0\\.1)(:[1-9][0-9]{0,4})?");
    private static final int LONGEST_ORIGIN = 300;
    private static final String GROUP_FORM =
            "An authority groupName:NAME@TENANT has a name of 1 to 64 letters, digits, '.', '_' and '-', and a tenant";
    private static final String TRUSTED = "trustedClient";
    private static final String UNTRUSTED = "untrustedClient";

    private static final String GROUPS =
            Arrays.stream(ApiGroup.values()).map(ApiGroup::toString).collect(Collectors.joining(", "));

    public Authorities {
        groups = Set.copyOf(groups);
        tenants = Set.copyOf(tenants);
        seatGroups = Set.copyOf(seatGroups);
        origins = Set.copyOf(origins);
    }

    /** Of whole tenants. */
    public Authorities(boolean trusted, Set<ApiGroup> groups, Set<String> tenants, Set<String> origins) {
        this(trusted, groups, tenants, Set.of(), origins);
    }

    /** The names of the groups that are reached of a tenant; none means all of its people, if the tenant is one of these. */
    public Set<String> groupsOf(String tenant) {
        return seatGroups.stream()
                .filter(name -> name.tenant().equals(tenant))
                .map(GroupName::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param problems is told everything wrong with the text, in sentences that name what is allowed
     * @return empty when there was a problem
     */
    public static Optional<Authorities> parse(String text, Set<String> knownTenants, Consumer<String> problems) {
        var trustLevels = new LinkedHashSet<String>();
        var groups = EnumSet.noneOf(ApiGroup.class);
        var tenants = new LinkedHashSet<String>();
        var seatGroups = new LinkedHashSet<GroupName>();
        var origins = new LinkedHashSet<String>();
        var wrong = new ArrayList<String>();
        for (String authority :
                Arrays.stream(text.split(",")).map(String::strip).toList()) {
            if (authority.startsWith(TRUST_LEVEL)) {
                trustLevels.add(authority.substring(TRUST_LEVEL.length()));
            } else if (authority.startsWith(API_GROUP)) {
                group(authority.substring(API_GROUP.length()), groups, wrong);
            } else if (authority.startsWith(TENANT_NAME)) {
                tenants.add(authority.substring(TENANT_NAME.length()));
            } else if (authority.startsWith(GROUP_NAME)) {
                GroupName.parse(authority.substring(GROUP_NAME.length()))
                        .ifPresentOrElse(seatGroups::add, () -> wrong.add(GROUP_FORM));
            } else if (authority.startsWith(ORIGIN)) {
                origins.add(authority.substring(ORIGIN.length()));
            } else {
                wrong.add("An authority is trustLevel:…, apiGroup:…, tenantName:…, groupName:… or origin:…");
            }
        }
        var trusted = trustLevels.equals(Set.of(TRUSTED));
        if (!trusted && !trustLevels.equals(Set.of(UNTRUSTED))) {
            wrong.add("One authority must be trustLevel:trustedClient or trustLevel:untrustedClient");
        }
        if (tenants.stream().anyMatch(name -> !SeatName.isTenant(name) || !knownTenants.contains(name))) {
            wrong.add("An authority tenantName:… names no tenant of this context");
        }
        restrictSeatGroups(groups, tenants, seatGroups, wrong);
        restrictOrigins(groups, origins, wrong);
        if (!trusted) {
            restrictUntrusted(groups, tenants, wrong);
        }
        wrong.stream().distinct().forEach(problems);
        return wrong.isEmpty()
                ? Optional.of(new Authorities(trusted, groups, tenants, seatGroups, origins))
                : Optional.empty();
    }

    /**
     * What every version reads: versions before migration 4 know neither this group nor origins.
     *
     * @param text as {@link #toString} writes it
     */
    public static String withoutConnector(String text) {
        return Arrays.stream(text.split(","))
                .filter(authority -> !authority.equals(API_GROUP + ApiGroup.CONNECTOR) && !authority.startsWith(ORIGIN))
                .collect(Collectors.joining(","));
    }

    /**
     * What versions before migration 7 may read, which do not know groups and would reach all of a tenant: without the
     * tenants of which there are groups.
     *
     * @param text as {@link #toString} writes it
     */
    public static String withoutSeatGroups(String text) {
        var apart = Arrays.stream(text.split(","))
                .filter(authority -> authority.startsWith(GROUP_NAME))
                .flatMap(authority -> GroupName.parse(authority.substring(GROUP_NAME.length())).stream())
                .map(name -> TENANT_NAME + name.tenant())
                .collect(Collectors.toSet());
        return Arrays.stream(text.split(","))
                .filter(authority -> !authority.startsWith(GROUP_NAME) && !apart.contains(authority))
                .collect(Collectors.joining(","));
    }

    /**
     * Without tenants that are gone from the context, and their groups. An administrator of such tenants alone is none any
     * more: without a tenant it would be one of all.
     *
     * @param text as {@link #toString} writes it
     */
    static String withoutOthers(String text, Set<String> knownTenants) {
        var all = List.of(text.split(","));
        var known = all.stream()
                .filter(authority ->
                        tenantOf(authority).map(knownTenants::contains).orElse(true))
                .toList();
        boolean noneLeft = known.size() < all.size()
                && known.stream().allMatch(authority -> tenantOf(authority).isEmpty());
        return known.stream()
                .filter(authority -> !noneLeft || !authority.equals(API_GROUP + ApiGroup.OAUTH_ADMIN))
                .collect(Collectors.joining(","));
    }

    private static Optional<String> tenantOf(String authority) {
        if (authority.startsWith(TENANT_NAME)) {
            return Optional.of(authority.substring(TENANT_NAME.length()));
        }
        return Optional.of(authority)
                .filter(text -> text.startsWith(GROUP_NAME))
                .flatMap(text -> GroupName.parse(text.substring(GROUP_NAME.length())))
                .map(GroupName::tenant);
    }

    private static void restrictSeatGroups(
            Set<ApiGroup> groups, Set<String> tenants, Set<GroupName> seatGroups, List<String> wrong) {
        if (!seatGroups.stream().map(GroupName::tenant).allMatch(tenants::contains)) {
            wrong.add("An authority groupName:NAME@TENANT needs tenantName:TENANT beside it");
        }
        // Who administrates clients and groups gets out of any.
        if (!seatGroups.isEmpty() && (groups.contains(ApiGroup.OAUTH_ADMIN) || groups.contains(ApiGroup.OPERATOR))) {
            wrong.add("An oAuthAdmin or operator is not kept to groups");
        }
    }

    private static void restrictOrigins(Set<ApiGroup> groups, Set<String> origins, List<String> wrong) {
        if (!origins.stream()
                .allMatch(origin -> origin.length() <= LONGEST_ORIGIN
                        && ORIGIN_FORM.matcher(origin).matches())) {
            wrong.add("An authority origin:… has the form https://host or https://host:port in lower case; http for"
                    + " localhost and 127.0.0.1 only");
        }
        if (groups.contains(ApiGroup.CONNECTOR) == origins.isEmpty()) {
            wrong.add("apiGroup:connector needs origin:… of the pages that use its tokens, and they need it");
        }
    }

    private static void group(String name, Set<ApiGroup> groups, List<String> wrong) {
        Arrays.stream(ApiGroup.values())
                .filter(group -> group.toString().equals(name))
                .findFirst()
                .ifPresentOrElse(groups::add, () -> wrong.add("An authority apiGroup:… must be one of " + GROUPS));
    }

    private static void restrictUntrusted(Set<ApiGroup> groups, Set<String> tenants, List<String> wrong) {
        if (tenants.size() > 1) {
            wrong.add("An untrustedClient has one tenant");
        }
        if (groups.contains(ApiGroup.OPERATOR)) {
            wrong.add("An untrustedClient is no operator");
        }
        if (groups.contains(ApiGroup.GENERATOR) || groups.contains(ApiGroup.OAUTH_ADMIN)) {
            wrong.add("An untrustedClient is neither generator nor oAuthAdmin");
        }
    }

    /** The form {@link #parse} reads, in a fixed order. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        parts.add(TRUST_LEVEL + (trusted ? TRUSTED : UNTRUSTED));
        groups.stream().sorted().forEach(group -> parts.add(API_GROUP + group));
        tenants.stream().sorted().forEach(tenant -> parts.add(TENANT_NAME + tenant));
        seatGroups.stream().map(GroupName::toString).sorted().forEach(name -> parts.add(GROUP_NAME + name));
        origins.stream().sorted().forEach(origin -> parts.add(ORIGIN + origin));
        return String.join(",", parts);
    }
}
