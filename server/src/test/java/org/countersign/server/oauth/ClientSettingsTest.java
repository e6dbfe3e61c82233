package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSettingsTest {

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private List<ClientSettings> read(String clients) throws IOException {
        var file = Files.writeString(folder.resolve("acme.json"), "{\"oAuthClientDetails\": [" + clients + "]}");
        return ClientSettings.read(JsonConfiguration.read(file, problems), Set.of("acme"));
    }

    @Test
    void a_client_is_read_with_its_secret_by_reference_and_zero_is_the_default_validity() throws IOException {
        Files.writeString(folder.resolve("secret"), "from a file\n");
        var clients = read("""
                {"clientId": "a", "clientSecret": "${file:secret}", "authorizedGrantTypes": "client_credentials",
                 "accessTokenValidity": 0, "authorities": "trustLevel:trustedClient,apiGroup:oAuthAdmin"},
                {"clientId": "b", "clientSecret": "in place", "authorizedGrantTypes": "client_credentials",
                 "accessTokenValidity": 10, "demonstration": true,
                 "authorities": "trustLevel:untrustedClient,apiGroup:signer,\n tenantName:acme"}
                """);
        assertThat(problems.errors()).isEmpty();
        assertThat(clients).hasSize(2);
        assertThat(clients.get(0).registration().accessTokenValidity()).isEqualTo(Duration.ofSeconds(300));
        assertThat(clients.get(0).registration().demonstration()).isFalse();
        assertThat(clients.get(0).secret().resolve(Map.of())).contains("from a file");
        assertThat(clients.get(1).registration().accessTokenValidity()).isEqualTo(Duration.ofSeconds(10));
        assertThat(clients.get(1).registration().demonstration()).isTrue();
        assertThat(clients.toString()).doesNotContain("in place");
    }

    @Test
    void every_mistake_is_told_at_once_and_no_secret_with_them() throws IOException {
        read("""
                {"clientId": "a", "clientSecret": "hunter2", "authorizedGrantTypes": "password",
                 "accessTokenValidity": -1, "authorities": "apiGroup:x", "autorities": ""},
                {"accessTokenValidity": "60", "authorities": "trustLevel:other"}
                """);
        assertThat(problems.errors())
                .hasSize(10)
                .noneMatch(error -> error.contains("hunter2"))
                .anyMatch(error -> error.contains("did you mean authorities?"))
                .contains(
                        "oAuthClientDetails[1].clientId: is required",
                        "oAuthClientDetails[1].clientSecret: is required",
                        "oAuthClientDetails[1].authorizedGrantTypes: is required");
    }

    @Test
    void a_client_that_no_one_could_name_or_store_is_refused() throws IOException {
        read("""
                {"clientId": "a b", "clientSecret": "x", "authorizedGrantTypes": "client_credentials",
                 "authorities": "trustLevel:trustedClient"}
                """);
        assertThat(problems.errors())
                .containsExactly("oAuthClientDetails[0].clientId: has up to 128 printable ASCII characters without"
                        + " colon, slash, quote or backslash");
    }

    @Test
    void two_clients_of_one_name_are_refused() throws IOException {
        var client = """
                {"clientId": "a", "clientSecret": "x", "authorizedGrantTypes": "client_credentials",
                 "authorities": "trustLevel:trustedClient"}
                """;
        read(client + "," + client);
        assertThat(problems.errors())
                .containsExactly("oAuthClientDetails[1].clientId: is the same as an earlier client's");
    }
}
