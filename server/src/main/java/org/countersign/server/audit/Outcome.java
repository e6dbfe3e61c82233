package org.countersign.server.audit;

import java.util.Locale;

/** Whether what was tried was done. */
public enum Outcome {
    SUCCESS,
    FAILURE;

    /** As the table has it: {@code success} or {@code failure}. */
    String columnValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
