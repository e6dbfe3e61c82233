package org.countersign.server.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Rfc6749;

/**
 * A client as an administrator sends it. Checked in the order of the seed's table of errors.
 *
 * @param authorizedGrantTypes {@code client_credentials}
 * @param accessTokenValidity in seconds
 * @param authorities as {@link Authorities} reads them
 * @param defaultScope {@code seat:NAME@TENANT}, or null
 */
public record ClientRequest(
        String clientId,
        String clientSecret,
        String authorizedGrantTypes,
        Integer accessTokenValidity,
        String authorities,
        String defaultScope) {

    /** A token lives a day at most. */
    static final int MAX_VALIDITY = 86_400;

    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7e&&[^:\"\\\\/]]{1,128}");
    static final String CLIENT_ID_FORM =
            "has up to 128 printable ASCII characters without colon, slash, quote or backslash";
    private static final int MIN_SECRET = 8;
    private static final int MAX_SECRET = 256;

    /**
     * Checks a client that comes from elsewhere with its stored secret, for one tenant, as strictly as one that is
     * registered.
     *
     * @return empty when it was refused; {@code problems} was told why
     */
    public static Optional<Authorities> adopted(
            String clientId,
            String grantTypes,
            int accessTokenValidity,
            String authorities,
            String tenant,
            Consumer<String> problems) {
        try {
            var adopted = new ClientRequest(clientId, null, grantTypes, accessTokenValidity, authorities, null)
                    .registration(Set.of(tenant), false)
                    .authorities();
            if (adopted.groups().contains(ApiGroup.OAUTH_ADMIN)) {
                problems.accept("it must not be an administrator here");
                return Optional.empty();
            }
            if (adopted.groups().contains(ApiGroup.CONNECTOR)) {
                problems.accept("it must not get tokens for local agents here");
                return Optional.empty();
            }
            return Optional.of(adopted);
        } catch (ProtocolException refused) {
            problems.accept(refused.description());
            return Optional.empty();
        }
    }

    static boolean isClientId(String text) {
        return CLIENT_ID.matcher(text).matches();
    }

    static ClientRequest required(ClientRequest request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request;
    }

    /** The same request for the client that the address names. */
    ClientRequest of(String addressedClientId) {
        if (clientId != null && !clientId.equals(addressedClientId)) {
            throw ProtocolException.invalidRequest("ClientId differs from the address");
        }
        return new ClientRequest(
                addressedClientId, clientSecret, authorizedGrantTypes, accessTokenValidity, authorities, defaultScope);
    }

    ClientRegistration registration(Set<String> tenants, boolean secretRequired) {
        require(clientId != null && !clientId.isBlank(), "ClientId is null or empty");
        if (secretRequired || clientSecret != null) {
            require(clientSecret != null && !clientSecret.isBlank(), "ClientSecret is null or empty");
        }
        require(
                authorizedGrantTypes != null && !authorizedGrantTypes.isBlank(),
                "AuthorizedGrantTypes is null or empty");
        require(authorizedGrantTypes.strip().equals(Rfc6749.CLIENT_CREDENTIALS), "Unsupported grant type");
        require(accessTokenValidity != null, "AccessTokenValidity is null");
        require(accessTokenValidity > 0, "The Access Token Validity must be greater than 0");
        require(accessTokenValidity <= MAX_VALIDITY, "The Access Token Validity must be 86400 at most");
        require(isClientId(clientId), "ClientId " + CLIENT_ID_FORM);
        require(
                clientSecret == null || clientSecret.length() >= MIN_SECRET && clientSecret.length() <= MAX_SECRET,
                "ClientSecret has 8 to 256 characters");
        require(authorities != null && !authorities.isBlank(), "Authorities is null or empty");
        var granted = Authorities.parse(authorities, tenants, problem -> {
            throw ProtocolException.invalidRequest(problem);
        });
        var seat = ClientRegistration.defaultSeat(defaultScope, granted.orElseThrow(), problem -> {
            throw ProtocolException.invalidRequest("DefaultScope " + problem);
        });
        return new ClientRegistration(
                clientId,
                Rfc6749.CLIENT_CREDENTIALS,
                Duration.ofSeconds(accessTokenValidity),
                granted.orElseThrow(),
                false,
                seat);
    }

    private static void require(boolean holds, String description) {
        if (!holds) {
            throw ProtocolException.invalidRequest(description);
        }
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "registration of client " + clientId;
    }
}
