package org.countersign.agent.dialogs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** How often a page has asked in vain within a minute. Origins are the allowed ones, so there are few. */
public final class Attempts {

    private static final Duration TIME = Duration.ofMinutes(1);

    private final int most;
    private final Clock clock;
    private final Map<String, Deque<Instant>> earlier = new HashMap<>();

    public Attempts(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /**
     * Counts one, before it is known how it ends.
     *
     * @throws ProtocolException {@code throttled}
     */
    public synchronized void count(String origin) {
        var now = clock.instant();
        var times = earlier.computeIfAbsent(origin, key -> new ArrayDeque<>());
        // One of a clock that was put back since then is none.
        times.removeIf(time -> time.isAfter(now) || !time.isAfter(now.minus(TIME)));
        if (times.size() >= most) {
            throw new ProtocolException(AgentError.THROTTLED, "The page asked too often; try again in a minute");
        }
        times.addLast(now);
    }

    /** It ended well. */
    public synchronized void forget(String origin) {
        earlier.remove(origin);
    }
}
