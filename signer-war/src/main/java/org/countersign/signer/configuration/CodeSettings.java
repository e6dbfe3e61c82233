package org.countersign.signer.configuration;

import java.time.Duration;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * One-time codes that a gateway takes to holders: {@code oneTimeCodes}.
 *
 * @param validity how long one is good
 * @param digits how many it has
 * @param pause between two of a credential, at least
 * @param perHour how many of a credential within an hour, at most
 */
public record CodeSettings(Duration validity, int digits, Duration pause, int perHour) {

    private static final int DEFAULT_VALIDITY = 300;
    private static final int DEFAULT_DIGITS = 6;
    private static final int DEFAULT_PAUSE = 30;
    private static final int DEFAULT_PER_HOUR = 10;

    static CodeSettings read(ConfigurationObject object) {
        var settings = new CodeSettings(
                Duration.ofSeconds(object.number("validityInSeconds", DEFAULT_VALIDITY, 30, 3_600)),
                object.number("digits", DEFAULT_DIGITS, 6, 8),
                Duration.ofSeconds(object.number("pauseInSeconds", DEFAULT_PAUSE, 1, 3_600)),
                object.number("perHour", DEFAULT_PER_HOUR, 1, 1_000));
        object.refuseUnknownKeys();
        return settings;
    }
}
