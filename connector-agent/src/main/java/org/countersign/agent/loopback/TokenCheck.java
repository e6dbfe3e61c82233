package org.countersign.agent.loopback;

import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** Whether a token is good for a page. */
@FunctionalInterface
public interface TokenCheck {

    /**
     * Returns when it is, with the token's {@code sub}: the label of the application.
     *
     * @param token the value after {@code Bearer}; nothing when there is none
     * @param origin of the page; nothing for a program
     * @throws ProtocolException {@code unauthorized} or {@code origin_refused}
     */
    Optional<String> require(Optional<String> token, Optional<String> origin);
}
