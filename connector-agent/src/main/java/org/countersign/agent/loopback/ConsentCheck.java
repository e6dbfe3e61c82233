package org.countersign.agent.loopback;

import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** Whether the user has agreed that a page gets at something. */
@FunctionalInterface
public interface ConsentCheck {

    /**
     * Returns when that is so.
     *
     * @param origin of the page; nothing for a program
     * @param browser the browser's token; nothing when the client sends none
     * @throws ProtocolException {@code consent_required}
     */
    void require(ConsentType type, Optional<String> origin, Optional<String> browser);
}
