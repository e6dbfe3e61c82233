package org.countersign.server.issuing;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;

/** The time that a requester says it has: the header {@code X-Client-Time}, as RFC 3339 has it or in seconds since 1970. */
final class ClientTime {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    private ClientTime() {}

    /**
     * How far the requester's clock is ahead of ours.
     *
     * @param header null when it was not sent
     * @throws ProtocolException {@code invalid_request} when it is no time
     */
    static Optional<Duration> offset(String header, Instant now) {
        return Optional.ofNullable(header).map(text -> Duration.between(now, parse(text)));
    }

    private static Instant parse(String text) {
        if (SECONDS.matcher(text).matches()) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        if (RFC_3339.matcher(text).matches()) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException noSuchDay) {
                // said below
            }
        }
        throw ProtocolException.invalidRequest("X-Client-Time is a time of RFC 3339, or seconds since 1970");
    }
}
