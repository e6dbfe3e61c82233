package org.countersign.ds.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.ds.sync.SyncSettings.TrustedIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncSettingsTest {

    @TempDir
    Path folder;

    @Test
    void anEmptyFileGivesDefaults() throws IOException {
        assertThat(read("{}")).isEqualTo(new SyncSettings(Duration.ofMinutes(5), java.util.List.of()));
    }

    @Test
    void issuersAreRead() throws IOException {
        var settings = read("{\"sync\": {\"intervalInSeconds\": 60}, \"trustedIssuers\":"
                + " [{\"issuer\": \"https://a\", \"jwksUri\": \"https://a/jwks\"}]}");
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.trustedIssuers())
                .containsExactly(new TrustedIssuer("https://a", URI.create("https://a/jwks")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.example/jwks", "file:///etc/passwd", "https:///jwks", "jwks", "https://a b"})
    void keysComeOverHttps(String address) {
        assertThatThrownBy(() ->
                        read("{\"trustedIssuers\": [{\"issuer\": \"https://a\", \"jwksUri\": \"" + address + "\"}]}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("trustedIssuers[0].jwksUri");
    }

    private SyncSettings read(String json) throws IOException {
        var file = Files.writeString(folder.resolve("ds.json"), json);
        var problems = new Problems();
        var settings = SyncSettings.read(JsonConfiguration.read(file, problems));
        problems.throwIfAny(file.toString());
        return settings;
    }
}
