package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.countersign.systemtests.harness.NewerSchema;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * This version on a schema that a newer one has made. The build runs this class, and with it this version's own tests,
 * once more with such databases.
 */
@ExtendWith(RunningServer.class)
@EnabledIfSystemProperty(named = "countersign.newer.schema", matches = "true")
class TheOldVersionOnTheNewSchemaIT {

    private final Platform platform;

    TheOldVersionOnTheNewSchemaIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void theSchemaIsTheNewOne() throws Exception {
        try (var connection = platform.server().database().superuser("acme");
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT max(version::int) FROM schema_history_signer")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1))
                    .isEqualTo(new NewerSchema(platform.server().installation().root()).next());
        }
    }

    @Test
    void itEnrolsAndSigns() {
        var holder = platform.atGlobex().enrol("on-the-new-schema");
        var hash = holder.hash("signed by the old version");

        holder.sign(holder.sad(List.of(hash)), List.of(hash)).ok();
    }
}
