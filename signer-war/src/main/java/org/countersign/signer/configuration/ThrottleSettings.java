package org.countersign.signer.configuration;

import java.time.Duration;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * When one client's wrong factors, over all credentials, stop that client: {@code clientThrottle}.
 *
 * @param maxFailures wrong factors within the window that are still answered
 */
public record ThrottleSettings(int maxFailures, Duration window) {

    private static final int DEFAULT_FAILURES = 30;
    private static final int DEFAULT_SECONDS = 600;

    static ThrottleSettings read(ConfigurationObject object) {
        var settings = new ThrottleSettings(
                object.number("maxFailures", DEFAULT_FAILURES, 1, 1_000_000),
                Duration.ofSeconds(object.number("windowInSeconds", DEFAULT_SECONDS, 1, 86_400)));
        object.refuseUnknownKeys();
        return settings;
    }
}
