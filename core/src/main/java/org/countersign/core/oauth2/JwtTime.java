package org.countersign.core.oauth2;

import java.time.Instant;
import java.util.Map;
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

    /**
     * Whether the time has come before which a JWT is not to be accepted (RFC 7519 §4.1.5).
     *
     * @param claims of the JWT; without {@code nbf} it has, with one that is no NumericDate it never will
     * @param now with the difference between the clocks added
     */
    public static boolean hasBegun(Map<String, Object> claims, Instant now) {
        return !claims.containsKey("nbf")
                || of(claims.get("nbf")).filter(begin -> !begin.isAfter(now)).isPresent();
    }
}
