package org.countersign.server.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a context's clock is doing.
 *
 * @param offset what is added to the machine's clock; negative when that one is fast
 * @param lastSync when the server's answer was last taken, by the context's clock; empty before the first
 */
public record ClockStatus(State state, Duration offset, Optional<Instant> lastSync) {

    /** What the time comes from. */
    public enum State {
        /** No NTP server is configured: the machine's clock. */
        MACHINE,
        /** The last exchange with the NTP server succeeded. */
        SYNCHRONISED,
        /** The last exchange failed: the machine's clock with the last offset. */
        HOLDING,
        /** No exchange has succeeded yet: the machine's clock as it is. */
        UNSYNCHRONISED
    }
}
