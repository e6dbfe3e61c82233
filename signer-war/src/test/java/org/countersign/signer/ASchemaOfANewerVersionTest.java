package org.countersign.signer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.credentials.Credential;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This version started on a real schema that a newer one has migrated. */
class ASchemaOfANewerVersionTest {

    private static final Path OWN = Path.of("src/main/resources/db/migration/signer");
    private static final Pattern NUMBER = Pattern.compile("V(\\d+)__.*");

    @TempDir
    Path folder;

    private EmbeddedPostgres postgres;
    private int newest;

    @BeforeEach
    void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.start();
        try (var files = Files.list(OWN)) {
            newest = files.map(file -> NUMBER.matcher(file.getFileName().toString()))
                    .filter(java.util.regex.Matcher::matches)
                    .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                    .max()
                    .orElseThrow();
        }
    }

    @AfterEach
    void stopDatabase() throws IOException {
        postgres.close();
    }

    @Test
    void startsAfterOneThatExpanded() throws IOException {
        newer("expand_labels", "ALTER TABLE credential ADD COLUMN label text;");

        open();
    }

    @Test
    void startsAfterOneThatContractedFromWhatItKnows() throws IOException {
        newer("contract_from_" + newest + "_rest", "DROP INDEX activation_expiry;");

        open();
    }

    @Test
    void refusesAfterOneThatContractedFromWhatItDoesNotKnow() throws IOException {
        newer("contract_from_" + (newest + 1) + "_seats", "ALTER TABLE credential DROP COLUMN seat CASCADE;");

        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the schema of signer has migration " + (newest + 1) + " (\"contract from "
                        + (newest + 1) + " seats\") of a newer version")
                .hasMessageContaining("which knows migration " + newest);
    }

    @Test
    void refusesAfterOneThatDoesNotSayWhatItDoes() throws IOException {
        newer("seats", "ALTER TABLE credential ADD COLUMN label text;");

        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("\"seats\"");
    }

    private void newer(String name, String sql) throws IOException {
        Files.writeString(folder.resolve("V" + (newest + 1) + "__" + name + ".sql"), sql);
        // As a context does: its own migrations build on the server's.
        migrate("server", "classpath:db/migration/server");
        migrate("signer", "filesystem:" + OWN, "filesystem:" + folder);
    }

    private void migrate(String module, String... locations) {
        Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .locations(locations)
                .table("schema_history_" + module)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    private void open() {
        Database.open(
                        new DatabaseSettings(
                                Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 4),
                        List.of("server", "signer"),
                        List.of(OAuthClient.class, AccessToken.class, Credential.class, Activation.class))
                .close();
    }
}
