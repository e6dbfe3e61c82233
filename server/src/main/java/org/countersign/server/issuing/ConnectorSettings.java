package org.countersign.server.issuing;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code connectorTokens} of a product whose main purpose is another.
 *
 * @param issuer the context's address as others reach it
 * @param keys what signs them
 */
public record ConnectorSettings(URI issuer, SigningKeySettings keys) {

    /** Of a token, at most. */
    public static final Duration LONGEST_LIFE = Duration.ofMinutes(20);

    /** Nothing when the file has none: then no such tokens are given. */
    public static Optional<ConnectorSettings> read(ConfigurationObject object, Map<String, String> environment) {
        if (!object.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new ConnectorSettings(
                IssuerAddress.read(object, environment),
                SigningKeySettings.read(object, JwsAlgorithm.ES256, LONGEST_LIFE)));
    }
}
