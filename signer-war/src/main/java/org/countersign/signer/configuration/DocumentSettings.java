package org.countersign.signer.configuration;

import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code documents} of a configuration file: what is taken to be signed, and to be judged.
 *
 * @param longest document, in bytes
 * @param atOnce how many are worked on
 */
public record DocumentSettings(long longest, int atOnce) {

    private static final int DEFAULT_MEGABYTES = 200;
    private static final int DEFAULT_AT_ONCE = 4;
    private static final long MEGABYTE = 1_000_000;

    static DocumentSettings read(ConfigurationObject object) {
        int megabytes = object.number("maxMegabytes", DEFAULT_MEGABYTES, 1, 2_000);
        int atOnce = object.number("atOnce", DEFAULT_AT_ONCE, 1, 1_000);
        object.refuseUnknownKeys();
        return new DocumentSettings(megabytes * MEGABYTE, atOnce);
    }
}
