package org.countersign.server.issuing;

import java.time.Duration;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.AudienceTokens;
import org.countersign.server.oauth.Authorities;

/** {@code audience=connector} of {@code /oauth/token}: tokens that local agents accept, for clients with {@code apiGroup:connector}. */
public record ConnectorAudience(ConnectorTokens tokens) implements AudienceTokens {

    @Override
    public Optional<Given> issue(
            String audience, String clientId, Authorities authorities, Duration lifetime, String clientTime) {
        if (!ConnectorTokens.AUDIENCE.equals(audience)) {
            return Optional.empty();
        }
        if (!authorities.groups().contains(ApiGroup.CONNECTOR)) {
            throw ProtocolException.accessDenied();
        }
        var validity =
                lifetime.compareTo(ConnectorSettings.LONGEST_LIFE) < 0 ? lifetime : ConnectorSettings.LONGEST_LIFE;
        var origins = authorities.origins().stream().sorted().toList();
        return Optional.of(new Given(tokens.issue(clientId, origins, validity, tokens.offset(clientTime)), validity));
    }
}
