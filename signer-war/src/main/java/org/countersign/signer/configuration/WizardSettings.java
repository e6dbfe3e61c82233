package org.countersign.signer.configuration;

import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.console.ConsoleSettings;
import org.countersign.server.console.ConsoleUser;
import org.countersign.server.console.TenantSeats;
import org.countersign.server.issuing.IssuerAddress;
import org.countersign.server.oauth.ApiGroup;

/**
 * The {@code wizard} of a configuration: whose seats sign in at the page, how, and for which of the tenant's clients.
 *
 * @param tenant whose seats the people are
 * @param clientId of the OAuth client that they act for
 * @param issuer the context's address as browsers reach it; where all users are for demonstration it may be missing
 * @param people how they sign in
 */
public record WizardSettings(String tenant, String clientId, Optional<URI> issuer, ConsoleSettings people) {

    /** What a holder may do: the client has to have the group as well. */
    private static final Set<ApiGroup> ROLES = EnumSet.of(ApiGroup.SIGNER, ApiGroup.LISTER, ApiGroup.GENERATOR);

    /** @param tenants of the file */
    static Optional<WizardSettings> read(
            ConfigurationObject object, Map<String, String> environment, Set<String> tenants) {
        if (!object.isPresent()) {
            return Optional.empty();
        }
        var tenant = object.requiredText("tenant");
        if (!tenant.isEmpty() && !tenants.contains(tenant)) {
            object.problems().error(object.pathOf("tenant"), "must be one of the tenants");
        }
        var clientId = object.requiredText("clientId");
        var issuer =
                object.has("issuer") ? Optional.of(IssuerAddress.read(object, environment)) : Optional.<URI>empty();
        var people = ConsoleSettings.read(object, environment, ROLES, Optional.of(new TenantSeats(tenant, clientId)));
        check(object, people, issuer.isPresent());
        return Optional.of(new WizardSettings(tenant, clientId, issuer, people));
    }

    private static void check(ConfigurationObject object, ConsoleSettings people, boolean hasIssuer) {
        var problems = object.problems();
        if (people.serverAccounts()) {
            problems.error(object.pathOf("serverAccounts"), "is not for holders: they have users or openId");
        }
        if (people.openId().isPresent() != people.users().isEmpty()) {
            // Of two ways in, somebody known to one could take the name, and with it the seat, of somebody known to the
            // other.
            problems.error(object.pathOf("users"), "or openId is required, and not both: a name is a seat");
        }
        if (!hasIssuer && !people.users().stream().allMatch(ConsoleUser::demonstration)
                || !hasIssuer && people.openId().isPresent()) {
            problems.error(
                    object.pathOf("issuer"),
                    "is required, the context's address as browsers reach it, unless all users are for demonstration");
        }
    }
}
