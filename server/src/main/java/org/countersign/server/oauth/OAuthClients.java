package org.countersign.server.oauth;

import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.hibernate.SessionFactory;
import org.hibernate.exception.ConstraintViolationException;

/** The registered clients, and who can show the secret of one. */
public final class OAuthClients {

    private final SessionFactory sessions;
    private final ClientSecrets secrets;
    private final Clock clock;
    private final Set<String> tenants;

    public OAuthClients(SessionFactory sessions, ClientSecrets secrets, Clock clock, Set<String> tenants) {
        this.sessions = sessions;
        this.secrets = secrets;
        this.clock = clock;
        this.tenants = tenants;
    }

    /** The tenants of this context, which are all that authorities can name. */
    public Set<String> tenants() {
        return tenants;
    }

    /** @throws ProtocolException {@code invalid_client}, the same whether the client or its secret is wrong */
    public OAuthClient authenticate(String clientId, String secret) {
        var client = find(clientId);
        if (!secrets.matches(client.map(OAuthClient::secretHash), secret)) {
            throw new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials");
        }
        return client.orElseThrow();
    }

    public Optional<OAuthClient> find(String clientId) {
        if (!ClientRequest.isClientId(clientId)) {
            return Optional.empty();
        }
        return sessions.fromSession(session -> Optional.ofNullable(session.find(OAuthClient.class, clientId)));
    }

    /** A page of clients in the order of their identifiers. */
    public List<OAuthClient> list(int first, int most) {
        return sessions.fromSession(
                session -> session.createSelectionQuery("from OAuthClient order by clientId", OAuthClient.class)
                        .setFirstResult(first)
                        .setMaxResults(most)
                        .list());
    }

    /** @return false when the identifier is taken; then nothing changed */
    public boolean add(ClientRegistration registration, String secret) {
        if (find(registration.clientId()).isPresent()) {
            return false;
        }
        var client = OAuthClient.register(registration, secrets.hash(secret), clock.instant());
        try {
            sessions.inTransaction(session -> session.persist(client));
            return true;
        } catch (ConstraintViolationException taken) {
            return false;
        }
    }

    /**
     * @param secret a new one, or empty to keep the one it has
     * @return false when there is no such client
     */
    public boolean replace(ClientRegistration registration, Optional<String> secret) {
        var newHash = secret.map(secrets::hash);
        return sessions.fromTransaction(session -> {
            // Locked: of two replacements at once, one without a secret must not bring back the secret the other
            // replaced.
            var client = session.find(OAuthClient.class, registration.clientId(), LockModeType.PESSIMISTIC_WRITE);
            if (client == null) {
                return false;
            }
            client.replace(registration, newHash.orElse(client.secretHash()));
            if (newHash.isPresent()) {
                // They stand for the secret that is no more.
                session.createNativeMutationQuery("delete from refresh_token where client_id = :id")
                        .setParameter("id", registration.clientId())
                        .executeUpdate();
            }
            return true;
        });
    }

    /** Removes the client and, with it, every token it has. */
    public boolean remove(String clientId) {
        if (!ClientRequest.isClientId(clientId)) {
            return false;
        }
        return sessions.fromTransaction(
                        session -> session.createMutationQuery("delete from OAuthClient where clientId = :id")
                                .setParameter("id", clientId)
                                .executeUpdate())
                > 0;
    }
}
