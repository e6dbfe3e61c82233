package org.countersign.agent.dialogs;

import java.util.Optional;

/** Shows windows to the user, one program for each. */
interface Desktop {

    /** Whether the user agreed. */
    boolean confirm(Window window);

    /** What the user typed, unseen; nothing when it was not confirmed. Who gets it wipes it. */
    Optional<char[]> secret(Window window);
}
