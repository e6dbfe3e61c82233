package org.countersign.agent.outgoing;

import java.time.Instant;

/** What the agent knows of the time. */
public interface ToldTime {

    /** The agent's best. */
    Instant instant();

    /** Whether it was told by this run; what a run before it was told may be true no more. */
    boolean isFresh();

    /** The latest time that any run was told: it is no earlier now. {@link Instant#MIN} when nobody ever told. */
    Instant latest();
}
