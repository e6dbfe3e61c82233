package org.countersign.server.oauth;

import java.time.Duration;
import java.util.Optional;

/** Tokens for others than this server, which a client asks for by {@code audience} at the token endpoint. */
@FunctionalInterface
public interface AudienceTokens {

    /** There are none. */
    AudienceTokens NONE = (audience, clientId, authorities, lifetime, clientTime) -> Optional.empty();

    /** @param lifetime of the token */
    record Given(String token, Duration lifetime) {}

    /**
     * A token of another kind.
     *
     * @param lifetime that the client's other tokens have
     * @param clientTime the header {@code X-Client-Time}, or null
     * @return empty when no tokens are given for this audience
     * @throws org.countersign.core.error.ProtocolException {@code access_denied} when not to this client
     */
    Optional<Given> issue(
            String audience, String clientId, Authorities authorities, Duration lifetime, String clientTime);
}
