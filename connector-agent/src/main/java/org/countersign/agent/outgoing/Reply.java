package org.countersign.agent.outgoing;

import java.time.Instant;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param time what it says its time is, {@code X-Server-Time}
 */
public record Reply(int status, byte[] body, Optional<Instant> time) {}
