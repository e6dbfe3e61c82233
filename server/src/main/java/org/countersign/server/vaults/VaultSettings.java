package org.countersign.server.vaults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * What a configuration file says of the vaults beside the database.
 *
 * @param aws how Amazon's services are reached, where they are used
 * @param openKeys how long a software key stays open in memory after its last use; zero closes it at once
 */
public record VaultSettings(Optional<HsmSettings> hsm, Optional<AwsSettings> aws, Duration openKeys) {

    /** @param others keys of {@code hsm} that are read elsewhere */
    public static VaultSettings read(
            ConfigurationObject file,
            Path configurationFile,
            Map<String, String> environment,
            Duration openKeys,
            String... others) {
        var hsm = HsmSettings.read(file, configurationFile, environment, others);
        var aws = AwsSettings.read(
                file, environment, hsm.flatMap(HsmSettings::kms).isPresent());
        return new VaultSettings(hsm, aws, openKeys);
    }

    /** The name of a vault, as rows record it. */
    public String name(VaultChoice choice) {
        return choice == VaultChoice.DATABASE
                ? VaultChoice.DATABASE.toString()
                : hsm.orElseThrow().type().toString();
    }

    /** The name of the vault of {@code hsm} where there is one, else of the database. */
    public String farthest() {
        return name(hsm.isPresent() ? VaultChoice.HSM : VaultChoice.DATABASE);
    }
}
