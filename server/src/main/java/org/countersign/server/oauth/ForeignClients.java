package org.countersign.server.oauth;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.countersign.server.oauth.OAuthResource.TokenAnswer;

/**
 * Clients that a product keeps itself and gives tokens of its own kind, at the same token endpoint, and how long it lets
 * others guess there.
 */
@FunctionalInterface
public interface ForeignClients {

    /** There are none. */
    ForeignClients NONE = (clientId, secret, request) -> Optional.empty();

    /**
     * Whether it is one of these clients.
     *
     * @return the token to give when the rest of the request is found right; empty when it is no client of these
     * @throws org.countersign.core.error.ProtocolException {@code invalid_client} and others, when it is and is refused
     */
    Optional<Supplier<TokenAnswer>> authenticate(String clientId, String secret, HttpServletRequest request);

    /**
     * Before the secret of a client of the database is compared.
     *
     * @throws org.countersign.core.error.ProtocolException {@code slow_down} when too many were wrong before
     */
    default void admitClient(String clientId, HttpServletRequest request) {}

    /** When the secret of a client of the database was wrong, or there is no such client. */
    default void clientRefused(String clientId, HttpServletRequest request) {}
}
