package org.countersign.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.countersign.server.persistence.ExpandRule;
import org.countersign.server.persistence.MigrationName;
import org.junit.jupiter.api.Test;

/** After the first one, every migration leaves the version before running. */
class MigrationsTest {

    private static final Pattern NAME = Pattern.compile("V(\\d+)__([a-z0-9_]+)\\.sql");

    @Test
    void what_comes_after_the_first_only_adds() throws IOException {
        int seen = 0;
        try (var files = Files.newDirectoryStream(Path.of("src/main/resources/db/migration/wallet"), "*.sql")) {
            for (var file : files) {
                var name = NAME.matcher(file.getFileName().toString());
                assertThat(name.matches()).as(file.toString()).isTrue();
                if (Integer.parseInt(name.group(1)) > 1) {
                    assertThat(MigrationName.expands(name.group(2).replace('_', ' ')))
                            .as(file.toString())
                            .isTrue();
                    assertThat(ExpandRule.violations(Files.readString(file)))
                            .as(file.toString())
                            .isEmpty();
                    seen++;
                }
            }
        }
        assertThat(seen).isPositive();
    }
}
