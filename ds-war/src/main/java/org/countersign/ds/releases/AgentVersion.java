package org.countersign.ds.releases;

import java.time.Instant;
import java.util.Map;

/**
 * A version of the agent, as an operator decided on it.
 *
 * @param recommended whether it is what new users get and others are moved to
 * @param mandatory whether a device that is older has to take it
 * @param allowed false when it is retired
 * @param rolloutPercent to how many of a hundred devices it is offered
 * @param uris where else an installer's very bytes are to be had
 */
record AgentVersion(
        SemanticVersion id,
        boolean recommended,
        boolean mandatory,
        boolean allowed,
        int rolloutPercent,
        Map<AgentOs, String> uris,
        Map<AgentOs, Installer> installers,
        Instant changedAt) {

    AgentVersion {
        uris = Map.copyOf(uris);
        installers = Map.copyOf(installers);
    }
}
