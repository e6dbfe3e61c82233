package org.countersign.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerAddressTest {

    @TempDir
    Path folder;

    private URI read(String address) throws IOException {
        var file = Files.writeString(folder.resolve("context.json"), "{\"issuer\": \"" + address + "\"}");
        var problems = new Problems();
        var issuer = IssuerAddress.read(JsonConfiguration.read(file, problems), Map.of());
        problems.throwIfAny("the file");
        return issuer;
    }

    @Test
    void an_address_has_a_host_and_may_have_a_port_and_a_path() throws IOException {
        for (var address : List.of("https://ds.example.com", "http://127.0.0.1:8080/ds-acme")) {
            assertThat(read(address)).hasToString(address);
        }
    }

    @Test
    void nothing_else_is_one() {
        for (var address : List.of(
                "",
                "ds.example.com",
                "ftp://ds.example.com",
                "https:ds.example.com",
                "https://a_b/ds",
                "https://ds.example.com/",
                "https://user@ds.example.com/ds",
                "https://user:secret@ds.example.com/ds",
                "https://@ds.example.com/ds",
                "https://ds.example.com/ds?a=b",
                "https://ds.example.com/ds?",
                "https://ds.example.com/ds#",
                "https://ds.example.com/ds#c")) {
            assertThatThrownBy(() -> read(address))
                    .as(address)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("issuer: must be the context's address")
                    .hasMessageNotContaining("secret");
        }
    }
}
