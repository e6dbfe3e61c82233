package org.countersign.server.oauth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.configuration.SecretReference;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.logging.ContextLogger;

/**
 * The {@code oAuthClientDetails} of a configuration file.
 *
 * @param secret resolved only for a client that the database lacks
 */
public record ClientSettings(String path, ClientRegistration registration, SecretReference secret) {

    private static final System.Logger LOG = ContextLogger.of(ClientSettings.class);

    /** What 0, the seed's value for the first administrator, stands for. */
    static final Duration DEFAULT_VALIDITY = Duration.ofSeconds(300);

    public static List<ClientSettings> read(ConfigurationObject file, Set<String> tenants) {
        var result = new ArrayList<ClientSettings>();
        var names = new HashSet<String>();
        for (var client : file.objects("oAuthClientDetails")) {
            one(client, tenants).ifPresent(settings -> {
                if (!names.add(settings.registration().clientId())
                        && !settings.registration().clientId().isEmpty()) {
                    file.problems().error(client.pathOf("clientId"), "is the same as an earlier client's");
                }
                result.add(settings);
            });
        }
        return List.copyOf(result);
    }

    private static Optional<ClientSettings> one(ConfigurationObject client, Set<String> tenants) {
        var clientId = client.requiredText("clientId");
        if (!clientId.isEmpty() && !ClientRequest.isClientId(clientId)) {
            client.problems().error(client.pathOf("clientId"), ClientRequest.CLIENT_ID_FORM);
        }
        client.requiredText("clientSecret");
        var secret = client.secret("clientSecret");
        var grantTypes = client.requiredText("authorizedGrantTypes");
        int validity = client.number("accessTokenValidity", 0, 0, ClientRequest.MAX_VALIDITY);
        boolean demonstration = client.flag("demonstration", false);
        var text = client.requiredText("authorities");
        var scope = client.text("defaultScope");
        client.refuseUnknownKeys();
        if (!grantTypes.isEmpty() && !grantTypes.strip().equals(Rfc6749.CLIENT_CREDENTIALS)) {
            client.problems().error(client.pathOf("authorizedGrantTypes"), "must be " + Rfc6749.CLIENT_CREDENTIALS);
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var authorities = Authorities.parse(
                text, tenants, problem -> client.problems().error(client.pathOf("authorities"), problem));
        return authorities.flatMap(granted -> secret.map(reference -> new ClientSettings(
                client.pathOf("clientSecret"),
                new ClientRegistration(
                        clientId,
                        Rfc6749.CLIENT_CREDENTIALS,
                        validity == 0 ? DEFAULT_VALIDITY : Duration.ofSeconds(validity),
                        granted,
                        demonstration,
                        ClientRegistration.defaultSeat(
                                scope.orElse(null),
                                granted,
                                problem -> client.problems().error(client.pathOf("defaultScope"), problem))),
                reference)));
    }

    /**
     * Adds the clients that the database lacks and leaves the others alone.
     *
     * @return the identifiers of those added
     * @throws ConfigurationException naming every secret that is needed and missing; on a database that has clients, one
     *     that is missing was removed by an administrator, and the file's secret for it may be gone as well: no error
     */
    public static List<String> addMissing(
            List<ClientSettings> settings, OAuthClients clients, Map<String, String> environment, String source) {
        var missing = settings.stream()
                .filter(client -> clients.find(client.registration().clientId()).isEmpty())
                .toList();
        var errors = missing.stream()
                .filter(client -> client.secret().resolve(environment).isEmpty())
                .map(client -> client.path() + ": " + client.secret().origin() + " is missing or empty")
                .toList();
        if (!errors.isEmpty() && clients.list(0, 1).isEmpty()) {
            throw new ConfigurationException(source, errors);
        }
        errors.forEach(error -> LOG.log(System.Logger.Level.WARNING, "A client was not added: {0}", error));
        return missing.stream()
                .filter(client -> client.secret().resolve(environment).isPresent())
                .filter(client -> clients.add(
                        client.registration(),
                        client.secret().resolve(environment).orElseThrow()))
                .map(client -> client.registration().clientId())
                .toList();
    }
}
