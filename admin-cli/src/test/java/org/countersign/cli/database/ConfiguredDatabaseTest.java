package org.countersign.cli.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.persistence.DatabaseSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredDatabaseTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresq:acme?password=hunter2",
                "jdbc:postgresql://127.0.0.1:port/acme?password=hunter2",
                "jdbc:postgresql://127.0.0.1:1/acme?password=hunter2&sslmode=hunter2"
            })
    void anAddressThatDoesNotConnectIsNotQuotedWithItsPassword(String url) {
        var settings = new DatabaseSettings(Optional.empty(), url, "acme", "hunter2", 4);

        assertThatThrownBy(() -> ConfiguredDatabase.connect(settings, "signer-acme.json", "test"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("signer-acme.json")
                .hasMessageNotContaining("password=");
    }
}
