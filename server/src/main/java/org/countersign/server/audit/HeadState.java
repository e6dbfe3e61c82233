package org.countersign.server.audit;

import java.util.Locale;

/** Whether a chain may still grow. Signed with the head, so that nothing can be added to a chain that has ended. */
public enum HeadState {
    /** Being written, or its writer died. */
    OPEN,
    /** Ended by its writer. */
    CLOSED,
    /** Its writer died; the next start of the node took over what the database had, once. */
    RECOVERED;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
