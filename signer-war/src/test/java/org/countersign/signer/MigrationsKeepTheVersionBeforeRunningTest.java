package org.countersign.signer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.server.persistence.ExpandRule;
import org.countersign.server.persistence.MigrationName;
import org.junit.jupiter.api.Test;

/** The rule of docs/operations.md: a new version's schema keeps the version before running. */
class MigrationsKeepTheVersionBeforeRunningTest {

    /** What the first version came with: nothing ran before it. */
    private static final Map<String, Integer> FIRST = Map.of("server", 3, "signer", 2);

    private static final Pattern NAME = Pattern.compile("V(\\d+)__([a-z0-9_]+)\\.sql");

    private record Migration(String module, int number, String description, String sql) {}

    @Test
    void everyMigrationSaysWhetherItExpandsOrContracts() throws IOException {
        var all = all();

        assertThat(all).hasSizeGreaterThanOrEqualTo(5);
        for (var migration : all) {
            if (migration.number() > FIRST.get(migration.module())) {
                boolean expands = MigrationName.expands(migration.description());
                var least = MigrationName.contractsFrom(migration.description());
                assertThat(expands || least.isPresent())
                        .as(
                                "%s V%d is called expand_… or contract_from_N_…: %s",
                                migration.module(), migration.number(), migration.description())
                        .isTrue();
                least.ifPresent(number -> assertThat(number)
                        .as("the migration that contracts comes at least one after the one it builds on")
                        .isLessThan(migration.number()));
            }
        }
    }

    @Test
    void whatIsCalledExpandingOnlyAdds() throws IOException {
        for (var migration : all()) {
            if (MigrationName.expands(migration.description()) && migration.number() > FIRST.get(migration.module())) {
                assertThat(ExpandRule.violations(migration.sql()))
                        .as("%s V%d", migration.module(), migration.number())
                        .isEmpty();
            }
        }
    }

    private static List<Migration> all() throws IOException {
        var all = new ArrayList<Migration>();
        for (String module : FIRST.keySet()) {
            var folder = Path.of("server".equals(module) ? "../server" : ".")
                    .resolve("src/main/resources/db/migration")
                    .resolve(module);
            try (var files = Files.newDirectoryStream(folder, "*.sql")) {
                for (Path file : files) {
                    var name = NAME.matcher(file.getFileName().toString());
                    assertThat(name.matches()).as(file.toString()).isTrue();
                    all.add(new Migration(
                            module,
                            Integer.parseInt(name.group(1)),
                            name.group(2).replace('_', ' '),
                            Files.readString(file)));
                }
            }
        }
        return all;
    }
}
