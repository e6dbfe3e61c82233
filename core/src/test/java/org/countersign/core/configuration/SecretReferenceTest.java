package org.countersign.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferenceTest {

    @TempDir
    Path folder;

    private SecretReference reference(String text) {
        return new SecretReference(text, folder);
    }

    @Test
    void a_secret_in_place_is_itself() {
        var secret = reference("hunter2");
        assertThat(secret.isInPlace()).isTrue();
        assertThat(secret.resolve(Map.of())).contains("hunter2");
        assertThat(reference("").resolve(Map.of())).isEmpty();
    }

    @Test
    void a_secret_of_the_environment_is_looked_up_and_may_be_missing() {
        var secret = reference("${env:DB_PASSWORD}");
        assertThat(secret.isInPlace()).isFalse();
        assertThat(secret.resolve(Map.of("DB_PASSWORD", "x"))).contains("x");
        assertThat(secret.resolve(Map.of("DB_PASSWORD", ""))).isEmpty();
        assertThat(secret.resolve(Map.of())).isEmpty();
        assertThat(secret.origin()).isEqualTo("environment variable DB_PASSWORD");
    }

    @Test
    void a_relative_file_is_beside_the_configuration_and_its_last_line_ends_do_not_count() throws IOException {
        Files.writeString(folder.resolve("secret"), "hunter2\r\n\n");
        assertThat(reference("${file:secret}").resolve(Map.of())).contains("hunter2");
        assertThat(reference("${file:" + folder.resolve("secret") + "}").resolve(Map.of()))
                .contains("hunter2");
    }

    @Test
    void a_file_that_is_missing_empty_too_large_or_impossible_gives_nothing() throws IOException {
        Files.writeString(folder.resolve("empty"), "\n");
        Files.writeString(folder.resolve("large"), "x".repeat(16_385));
        assertThat(reference("${file:none}").resolve(Map.of())).isEmpty();
        assertThat(reference("${file:empty}").resolve(Map.of())).isEmpty();
        assertThat(reference("${file:large}").resolve(Map.of())).isEmpty();
        assertThat(reference("${file:.}").resolve(Map.of())).isEmpty();
        assertThat(reference("${file:a\0b}").resolve(Map.of())).isEmpty();
    }

    @Test
    void it_never_prints_the_secret() {
        assertThat(reference("hunter2")).hasToString("a secret from the configuration file itself");
        assertThat(reference("${env:X}")).hasToString("a secret from environment variable X");
    }
}
