package org.countersign.ds.applications;

import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code apiKeys} of a configuration file.
 *
 * @param requestsPerMinute of a key whose application says nothing else, on each node
 * @param failuresPerAddress refused keys from one address (IPv6: one /64) within five minutes; then it has to wait
 */
public record AdmissionSettings(int requestsPerMinute, int failuresPerAddress) {

    private static final int DEFAULT_REQUESTS = 600;
    private static final int DEFAULT_FAILURES = 30;
    private static final int MOST = 1_000_000;

    public static AdmissionSettings read(ConfigurationObject object) {
        var settings = new AdmissionSettings(
                object.number("requestsPerMinute", DEFAULT_REQUESTS, 1, MOST),
                object.number("failuresPerAddress", DEFAULT_FAILURES, 1, MOST));
        object.refuseUnknownKeys();
        return settings;
    }
}
