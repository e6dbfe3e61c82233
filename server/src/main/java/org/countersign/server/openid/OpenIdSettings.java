package org.countersign.server.openid;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Peer;

/**
 * The {@code console.openId} of a configuration file.
 *
 * @param issuer the provider's, as its tokens name it
 * @param userClaim who somebody is
 * @param rolesClaim a string or a list of strings, of the ID token
 * @param roles which values of that claim give which role
 */
public record OpenIdSettings(
        String issuer,
        String clientId,
        String clientSecret,
        String scope,
        String userClaim,
        String rolesClaim,
        Map<ApiGroup, Set<String>> roles) {

    public OpenIdSettings {
        roles = Map.copyOf(roles);
    }

    /**
     * Tells the file's problems what is wrong.
     *
     * @param possible what somebody may be in this product
     * @return empty when the file has none
     */
    public static Optional<OpenIdSettings> read(
            ConfigurationObject openId, Map<String, String> environment, Set<ApiGroup> possible) {
        if (!openId.isPresent()) {
            return Optional.empty();
        }
        var issuer = openId.requiredText("issuer");
        if (!issuer.isEmpty() && !isAddress(issuer)) {
            openId.problems()
                    .error(
                            openId.pathOf("issuer"),
                            "must be an address that begins with https:// (on this machine, http:// too), without a"
                                    + " query or fragment");
        }
        var clientId = openId.requiredText("clientId");
        openId.requiredText("clientSecret");
        var clientSecret = openId.resolved("clientSecret", environment).orElse("");
        var scope = openId.text("scope").orElse("openid profile");
        if (!List.of(scope.split(" ")).contains("openid")) {
            openId.problems().error(openId.pathOf("scope"), "must have openid among its words");
        }
        var userClaim = openId.text("userClaim").orElse("sub");
        var rolesClaim = openId.text("rolesClaim").orElse("groups");
        var roles = roles(openId.object("roles"), possible);
        openId.refuseUnknownKeys();
        return Optional.of(new OpenIdSettings(issuer, clientId, clientSecret, scope, userClaim, rolesClaim, roles));
    }

    private static Map<ApiGroup, Set<String>> roles(ConfigurationObject object, Set<ApiGroup> possible) {
        var roles = new TreeMap<ApiGroup, Set<String>>();
        for (var role : possible) {
            roles.put(role, Set.copyOf(new TreeSet<>(object.texts(role.toString()))));
        }
        if (roles.values().stream().allMatch(Set::isEmpty)) {
            object.problems().error(object.pathOf("operator"), "or another role needs a value: else nobody signs in");
        }
        object.refuseUnknownKeys();
        return roles;
    }

    /** Whether secrets may go there: over TLS, or to this very machine. */
    static boolean isAddress(String text) {
        try {
            var address = URI.create(text);
            return address.getHost() != null
                    && address.getUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && ("https".equals(address.getScheme())
                            || "http".equals(address.getScheme()) && Peer.isLoopbackName(address.getHost()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What these values of {@link #rolesClaim} give. */
    Set<ApiGroup> rolesOf(Collection<String> values) {
        var found = EnumSet.noneOf(ApiGroup.class);
        roles.forEach((role, wanted) -> {
            if (values.stream().anyMatch(wanted::contains)) {
                found.add(role);
            }
        });
        return found;
    }

    /** What changes with the provider or with who has which role: sessions of an earlier one have ended. */
    public byte[] mark() {
        var sorted = new TreeMap<String, Set<String>>();
        roles.forEach((role, values) -> sorted.put(role.toString(), new TreeSet<>(values)));
        var all = List.of(issuer, clientId, userClaim, rolesClaim, sorted);
        return DigestUtils.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "OpenID Connect with " + issuer;
    }
}
