package org.countersign.server.persistence;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a migration's name promises to the versions that run beside the one that brings it.
 *
 * <ul>
 *   <li>{@code V4__expand_labels.sql} only adds: whatever runs on the schema before runs on the schema after.
 *   <li>{@code V6__contract_from_4_labels.sql} takes away what versions that know migration 4 no longer use: those run on
 *       the schema after it, earlier ones do not.
 * </ul>
 *
 * Flyway keeps the name, with spaces, as the description in its history; there an older version reads it.
 */
public final class MigrationName {

    private static final Pattern EXPAND = Pattern.compile("expand[ _].+");
    private static final Pattern CONTRACT = Pattern.compile("contract[ _]from[ _](\\d{1,6})[ _].+");

    private MigrationName() {}

    public static boolean expands(String description) {
        return EXPAND.matcher(description).matches();
    }

    /** The least migration that a version must know to run after this one; empty when it is no contract migration. */
    public static Optional<Integer> contractsFrom(String description) {
        var matcher = CONTRACT.matcher(description);
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }
}
