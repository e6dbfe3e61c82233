package org.countersign.ds.devices;

import java.time.Duration;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * How long what devices send is kept.
 *
 * @param transactions since they arrived
 * @param logs since they arrived
 * @param devices since they were last seen
 */
public record RetentionSettings(Duration transactions, Duration logs, Duration devices) {

    private static final int MOST = 36_500;

    public static RetentionSettings read(ConfigurationObject retention) {
        var settings = new RetentionSettings(
                Duration.ofDays(retention.number("transactionsInDays", 365, 1, MOST)),
                Duration.ofDays(retention.number("logsInDays", 30, 1, MOST)),
                Duration.ofDays(retention.number("devicesInDays", 400, 1, MOST)));
        retention.refuseUnknownKeys();
        return settings;
    }
}
