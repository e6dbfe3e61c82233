package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.persistence.DatabaseSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedPropertiesTest {

    /** As the product that this one follows documents them. */
    private static final String PROPERTIES = """
            # DB
            spring.datasource.url=jdbc:postgresql://db.example/signer
            spring.datasource.username=your_username
            spring.datasource.password=pass"word
            spring.datasource.driver-class-name=org.postgresql.Driver
            spring.jpa.hibernate.ddl-auto=none
            spring.jpa.properties.hibernate.dialect=com.example.Dialect
            # HSM
            alison.server.hsm.type=homo
            alison.server.hsm.folder=/alison-server/hsm
            # NTP
            alison.server.ntp.url=time.example
            alison.server.ntp.timeout_in_seconds=2
            alison.server.ntp.sync_time_in_min=1
            # AWS
            alison.server.aws.enabled=false
            alison.server.colour=blue
            """;

    @TempDir
    Path folder;

    @Test
    void everyKnownPropertyIsTakenOver() throws IOException {
        var imported = ImportedProperties.of(properties(), "acme", null);
        var file = Files.writeString(folder.resolve("signer-acme.json"), imported.json());

        var tree = JsonConfiguration.tree(file);
        assertThat(tree.at("/datasource/url").asText()).isEqualTo("jdbc:postgresql://db.example/signer");
        assertThat(tree.at("/datasource/password").asText()).isEqualTo("pass\"word");
        assertThat(tree.at("/hsm/type").asText()).isEqualTo("homo");
        assertThat(tree.at("/hsm/folder").asText()).isEqualTo("/alison-server/hsm");
        assertThat(tree.at("/ntp/url").asText()).isEqualTo("time.example");
        assertThat(tree.at("/ntp/timeoutInSeconds").intValue()).isEqualTo(2);
        assertThat(tree.at("/ntp/syncTimeInMinutes").intValue()).isOne();
        assertThat(tree.at("/aws/enabled").booleanValue()).isFalse();
        assertThat(tree.at("/tenants/0/name").asText()).isEqualTo("acme");
        assertThat(imported.unknown()).containsExactly("alison.server.colour");
    }

    @Test
    void theServerReadsTheDatabaseOutOfIt() throws IOException {
        var imported = ImportedProperties.of(properties(), "acme", "${env:DB_PASSWORD}");
        var file = Files.writeString(folder.resolve("signer-acme.json"), imported.json());
        var problems = new Problems();

        var settings = DatabaseSettings.read(JsonConfiguration.read(file, problems), Map.of("DB_PASSWORD", "secret"));

        assertThat(problems.errors()).isEmpty();
        assertThat(settings.username()).isEqualTo("your_username");
        assertThat(settings.password()).isEqualTo("secret");
        assertThat(imported.json()).doesNotContain("pass\"word").doesNotContain("pass\\\"word");
    }

    private static Properties properties() throws IOException {
        var properties = new Properties();
        properties.load(new StringReader(PROPERTIES));
        return properties;
    }
}
