package org.countersign.ds.tokens;

import java.time.Duration;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.issuing.JwsAlgorithm;

/**
 * The {@code tokens} of a configuration file.
 *
 * @param algorithm of signing keys made from now on
 * @param validity how long a token lives
 */
public record TokenSettings(JwsAlgorithm algorithm, Duration validity) {

    private static final int DEFAULT_SECONDS = 1_200;
    private static final int LEAST_SECONDS = 30;
    private static final int MOST_SECONDS = 86_400;

    public static TokenSettings read(ConfigurationObject object) {
        var settings = new TokenSettings(
                object.choice("algorithm", JwsAlgorithm.class, JwsAlgorithm.ES256),
                Duration.ofSeconds(object.number("validityInSeconds", DEFAULT_SECONDS, LEAST_SECONDS, MOST_SECONDS)));
        object.refuseUnknownKeys();
        return settings;
    }
}
