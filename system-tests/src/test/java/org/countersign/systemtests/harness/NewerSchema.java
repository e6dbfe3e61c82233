package org.countersign.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;

/**
 * The schema of a version after this one: this version's migrations and one more. With the system property {@code
 * countersign.newer.schema=true} the databases of the tests have it before the server starts, so that this version's
 * tests show whether it runs on what a newer one has made.
 */
public final class NewerSchema {

    /** What the one migration more does: all that expanding may. */
    public static final String EXPAND = """
            -- A holder's own name for a credential, and where it was used last.
            ALTER TABLE credential ADD COLUMN label varchar(64);
            ALTER TABLE credential ADD COLUMN used_at timestamptz NOT NULL DEFAULT now();
            CREATE INDEX credential_used ON credential (used_at);
            CREATE TABLE credential_note (
                credential_id uuid PRIMARY KEY REFERENCES credential ON DELETE CASCADE,
                note text NOT NULL
            );
            """;

    private static final Pattern NUMBER = Pattern.compile("V(\\d+)__.*");

    private final Path root;

    /** @param root the project's folder */
    public NewerSchema(Path root) {
        this.root = root;
    }

    static boolean isWanted() {
        return Boolean.getBoolean("countersign.newer.schema");
    }

    /** The number of the migration that follows this version's. */
    public int next() throws IOException {
        try (var files = Files.list(signer())) {
            return files.map(file -> NUMBER.matcher(file.getFileName().toString()))
                            .filter(java.util.regex.Matcher::matches)
                            .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                            .max()
                            .orElseThrow()
                    + 1;
        }
    }

    /**
     * Migrates as the newer version's start would.
     *
     * @param name of the migration more, without its number
     */
    public void apply(String url, String name, String sql) throws IOException {
        var more = Files.createTempDirectory("countersign-newer-schema");
        var script = Files.writeString(more.resolve("V" + next() + "__" + name + ".sql"), sql);
        migrate(url, "server", "classpath:db/migration/server");
        migrate(url, "signer", "filesystem:" + signer(), "filesystem:" + more);
        Files.delete(script);
        Files.delete(more);
    }

    private Path signer() {
        return root.resolve("signer-war/src/main/resources/db/migration/signer");
    }

    private static void migrate(String url, String module, String... locations) {
        Flyway.configure()
                .dataSource(url, TestServer.DATABASE_USER, TestServer.DATABASE_PASSWORD)
                .locations(locations)
                .table("schema_history_" + module)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
