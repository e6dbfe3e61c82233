package org.countersign.server.persistence;

import java.util.Arrays;
import org.flywaydb.core.api.MigrationInfo;

/**
 * Whether this version may run on a schema that a newer one has migrated: yes after migrations that expand, and after
 * ones that contract when this version knows enough.
 */
final class NewerSchema {

    private NewerSchema() {}

    /** @throws org.countersign.core.configuration.ConfigurationException naming the migration that forbids it */
    static void refuseUnlessRunnable(String module, MigrationInfo... all) {
        int known = Arrays.stream(all)
                .filter(migration -> migration.getState().isResolved())
                .filter(migration -> migration.getVersion() != null)
                .mapToInt(migration -> number(migration))
                .max()
                .orElse(0);
        for (var migration : all) {
            if (migration.getState().isApplied()
                    && migration.getVersion() != null
                    && number(migration) > known
                    && !isRunnable(migration.getDescription(), known)) {
                throw Database.failed(
                        "datasource: the schema of " + module + " has migration " + migration.getVersion() + " (\""
                                + migration.getDescription() + "\") of a newer version, after which this version, which"
                                + " knows migration " + known + ", can not run; deploy the newer version, or restore a"
                                + " backup",
                        null);
            }
        }
    }

    private static boolean isRunnable(String description, int known) {
        return MigrationName.expands(description)
                || MigrationName.contractsFrom(description)
                        .filter(least -> known >= least)
                        .isPresent();
    }

    private static int number(MigrationInfo migration) {
        return migration.getVersion().getMajor().intValueExact();
    }
}
