package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompanyDatabaseTest {

    @TempDir
    Path folder;

    @Test
    void whoElseIsConnectedIsNamedAndWhetherItHasACredentialKnown() throws Exception {
        try (var postgres = EmbeddedPostgres.start()) {
            var url = postgres.getJdbcUrl("postgres", "postgres");
            var file = Files.writeString(
                    folder.resolve("signer-a.json"),
                    "{\"datasource\": {\"url\": \"" + url + "\", \"username\": \"postgres\"}}");
            try (var database = CompanyDatabase.open(file, Map.of())) {
                assertThat(database.others(false)).isEmpty();
                try (var node = DriverManager.getConnection(url + "&ApplicationName=another node");
                        var statement = node.createStatement()) {
                    assertThat(database.others(false))
                            .singleElement()
                            .asString()
                            .startsWith("1 of postgres (\"another node\") from ");
                    assertThat(database.others(true)).as("of this machine").isEmpty();
                    assertThat(database.hasCredential("x")).isFalse();
                    statement.execute("CREATE TABLE credential (id uuid);"
                            + " INSERT INTO credential VALUES ('00000000-0000-0000-0000-000000000001')");
                }
                assertThat(database.hasCredential("00000000-0000-0000-0000-000000000001"))
                        .isTrue();
                assertThat(database.hasCredential("00000000-0000-0000-0000-000000000002"))
                        .isFalse();
            }
        }
    }
}
