package org.countersign.server.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.countersign.core.configuration.ConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLocationTest {

    private static final ContextName CONTEXT = new ContextName("signer-acme");

    @TempDir
    Path folder;

    private final ConfigurationLocation location = new ConfigurationLocation("signer", "0.1.4");
    private final Properties system = new Properties();
    private Path properties;

    @BeforeEach
    void write() throws IOException {
        properties = Files.writeString(
                folder.resolve("application.properties"),
                "configuration.fileName=/opt/alison/014/$CONTEXT_NAME.json\n");
    }

    @Test
    void the_system_property_of_the_version_leads_to_the_companys_file() {
        system.setProperty("signer-0.1.4.config.location", "file:" + properties);
        assertThat(location.find(CONTEXT, system, Map.of())).isEqualTo(Path.of("/opt/alison/014/signer-acme.json"));
        assertThat(location.find(new ContextName("signer-acme--015"), system, Map.of()))
                .isEqualTo(Path.of("/opt/alison/014/signer-acme.json"));
    }

    @Test
    void the_environment_stands_in_for_the_property_and_the_property_comes_first() throws IOException {
        var environment = Map.of("SIGNER_0_1_4_CONFIG_LOCATION", "file:" + properties);
        assertThat(location.find(CONTEXT, system, environment)).isEqualTo(Path.of("/opt/alison/014/signer-acme.json"));
        var other = Files.writeString(folder.resolve("other.properties"), "configuration.fileName=$CONTEXT_NAME.json");
        system.setProperty("signer-0.1.4.config.location", other.toString());
        assertThat(location.find(CONTEXT, system, environment)).isEqualTo(folder.resolve("signer-acme.json"));
    }

    @Test
    void another_versions_property_does_not_count_and_what_is_expected_is_named() {
        system.setProperty("signer-0.1.5.config.location", "file:" + properties);
        assertThatThrownBy(() -> location.find(CONTEXT, system, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("signer-0.1.4.config.location")
                .hasMessageContaining("SIGNER_0_1_4_CONFIG_LOCATION");
    }

    @Test
    void a_missing_file_or_line_is_named() throws IOException {
        system.setProperty("signer-0.1.4.config.location", "file:" + folder.resolve("none.properties"));
        assertThatThrownBy(() -> location.find(CONTEXT, system, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none.properties");
        var empty = Files.writeString(folder.resolve("empty.properties"), "other=1\n");
        system.setProperty("signer-0.1.4.config.location", "file:" + empty);
        assertThatThrownBy(() -> location.find(CONTEXT, system, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("configuration.fileName");
    }
}
