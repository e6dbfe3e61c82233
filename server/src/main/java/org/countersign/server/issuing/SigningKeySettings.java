package org.countersign.server.issuing;

import java.time.Duration;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * How signing keys are made and replaced.
 *
 * @param algorithm of keys made from now on
 * @param longestLife of anything that these keys sign and that ends by itself
 * @param rotation how old a current key becomes
 */
public record SigningKeySettings(JwsAlgorithm algorithm, Duration longestLife, Duration rotation) {

    private static final int DEFAULT_DAYS = 90;
    private static final int MOST_DAYS = 3_650;

    /** @param object with {@code rotationInDays} */
    public static SigningKeySettings read(ConfigurationObject object, JwsAlgorithm algorithm, Duration longestLife) {
        var settings = new SigningKeySettings(
                algorithm, longestLife, Duration.ofDays(object.number("rotationInDays", DEFAULT_DAYS, 1, MOST_DAYS)));
        object.refuseUnknownKeys();
        return settings;
    }
}
