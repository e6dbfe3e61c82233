package org.countersign.core.oauth2;

import java.time.Instant;
import java.util.Optional;

/** A NumericDate (RFC 7519 §2), in whole seconds only. */
public final class JwtTime {

    /** The last second of the year 9999. */
    private static final long LATEST = 253_402_300_799L;

    private JwtTime() {}

    /** @return nothing for what is no whole number, or none of a time from 1970 to the year 9999 */
    public static Optional<Instant> of(Object claim) {
        return claim instanceof Long seconds && seconds >= 0 && seconds <= LATEST
                ? Optional.of(Instant.ofEpochSecond(seconds))
                : Optional.empty();
    }
}
