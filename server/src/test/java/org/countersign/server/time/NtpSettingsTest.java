package org.countersign.server.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NtpSettingsTest {

    private final Problems problems = new Problems();

    @TempDir
    Path folder;

    private Optional<NtpSettings> read(String json) throws IOException {
        return NtpSettings.read(
                JsonConfiguration.read(Files.writeString(folder.resolve("signer-acme.json"), json), problems));
    }

    @Test
    void the_seeds_own_values() throws IOException {
        assertThat(read("{\"ntp\": {\"url\": \"time.google.com\", \"timeoutInSeconds\": 2, \"syncTimeInMinutes\": 1}}"))
                .contains(new NtpSettings(
                        "time.google.com",
                        123,
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1_000)));
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void a_port_an_address_and_a_scheme() throws IOException {
        assertThat(read("{\"ntp\": {\"url\": \"ntp://[::1]:1123\", \"maxOffsetInSeconds\": 60}}")
                        .orElseThrow())
                .isEqualTo(new NtpSettings(
                        "[::1]", 1_123, Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofMinutes(1)));
    }

    @Test
    void without_it_there_is_none() throws IOException {
        assertThat(read("{}")).isEmpty();
        assertThat(problems.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://x", "a b", "x:0", "x:70000", "x/y", "x?y", "x#y", "u@x", "ntp://", ":123", "x:y", "-"})
    void what_is_no_server_is_an_error(String url) throws IOException {
        read("{\"ntp\": {\"url\": \"" + url + "\"}}");
        assertThat(problems.errors()).containsExactly("ntp.url: must be HOST or HOST:PORT, such as time.google.com");
    }

    @Test
    void everything_wrong_is_named() throws IOException {
        read("{\"ntp\": {\"timeoutInSeconds\": 0, \"syncTimeInMinutes\": 0.5, \"maxOffset\": 1}}");
        assertThat(problems.errors())
                .containsExactly(
                        "ntp.url: is required",
                        "ntp.timeoutInSeconds: must be a whole number from 1 to 60",
                        "ntp.syncTimeInMinutes: must be a whole number from 1 to 1440",
                        "ntp.maxOffset: is not known (known here: url, timeoutInSeconds, syncTimeInMinutes,"
                                + " maxOffsetInSeconds)");
    }
}
