package org.countersign.agent.loopback;

import java.time.Duration;

/**
 * When a call has to be answered: an answer that comes later is dropped.
 *
 * @param end by {@link System#nanoTime()}
 * @param each how long any one of the steps may take, when it is less than what is left
 */
public record Deadline(long end, Duration each) {

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos(), time);
    }

    public Deadline withEach(Duration time) {
        return new Deadline(end, time);
    }

    /** Zero when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** What is left, or less. */
    public Duration left(Duration most) {
        var left = left();
        return left.compareTo(most) < 0 ? left : most;
    }
}
