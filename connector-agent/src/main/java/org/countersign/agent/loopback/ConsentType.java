package org.countersign.agent.loopback;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user agrees to. */
public enum ConsentType {
    /** Readers, and the cards and keys in them. */
    READER,
    /** Files of the user's. */
    FILE_EXCHANGE;

    public static Optional<ConsentType> of(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(wireName))
                .findFirst();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
