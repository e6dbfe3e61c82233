package org.countersign.server.issuing;

import java.util.Locale;

/** Where a signing key is in its life. */
public enum KeyState {
    /** Published before its time, so that whoever verifies has it when it begins to sign. */
    NEXT,
    /** Signs. */
    CURRENT,
    /** Published until all that it signed has expired. */
    RETIRED;

    public String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState read(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
