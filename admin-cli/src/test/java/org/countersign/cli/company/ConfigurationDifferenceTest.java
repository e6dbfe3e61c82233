package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfigurationDifferenceTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void aClientMoreIsOneClientsDifferenceAndSecretsAreNotShown() throws IOException {
        var before = JSON.readTree("""
                {"datasource": {"password": "old secret"}, "openKeysInSeconds": 30,
                 "oAuthClientDetails": [{"clientId": "acme", "clientSecret": "s1"}]}
                """);
        var after = JSON.readTree("""
                {"datasource": {"password": "${env:DATABASE}"}, "openKeysInSeconds": 60,
                 "oAuthClientDetails": [{"clientId": "new", "clientSecret": "s2"}, {"clientId": "acme", "clientSecret": "s1"}]}
                """);

        assertThat(ConfigurationDifference.between(before, after))
                .containsExactly(
                        new ConfigurationDifference("datasource.password", "(a secret)", "\"${env:DATABASE}\""),
                        new ConfigurationDifference("oAuthClientDetails[new].clientId", null, "\"new\""),
                        new ConfigurationDifference("oAuthClientDetails[new].clientSecret", null, "(a secret)"),
                        new ConfigurationDifference("openKeysInSeconds", "30", "60"));
    }

    @Test
    void whatAnAddressCarriesIsNotShown() throws IOException {
        var before = JSON.readTree("""
                {"datasource": {"url": "jdbc:postgresql://db.example/acme?user=u&password=hunter2&sslmode=require"},
                 "didProperties": {"url": "https://user:hunter2@push.example/?apikey=hunter2"}}
                """);
        var after = JSON.readTree("""
                {"datasource": {"url": "jdbc:postgresql://db.example/acme?user=u&password=hunter3&sslmode=require"},
                 "didProperties": {"url": "https://push.example/?x=hunter2#token=hunter2"}}
                """);

        var url = "\"jdbc:postgresql://db.example/acme?user=u&password=…&sslmode=require\"";
        assertThat(ConfigurationDifference.between(before, after))
                .containsExactly(
                        new ConfigurationDifference("datasource.url", url, url + " (another secret)"),
                        new ConfigurationDifference(
                                "didProperties.url",
                                "\"https://…@push.example/?apikey=…\"",
                                "\"https://push.example/?x=…#token=…\""));
    }

    @Test
    void keysPasswordsAndPinsAreNotShownWhereverTheyStand() throws IOException {
        var before = JSON.readTree("""
                {"hsm": {"pin": 271828, "apiKey": "hunter2", "secrets": {"first": "hunter2"}},
                 "metrics": {"tokens": ["hunter2"]}, "other": "-----BEGIN PRIVATE KEY----- hunter2"}
                """);

        assertThat(ConfigurationDifference.between(before, JSON.readTree("{\"other\": 0}")))
                .hasSize(5)
                .allSatisfy(difference -> assertThat(difference.before()).isEqualTo("(a secret)"));
    }
}
