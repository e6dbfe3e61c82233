package org.countersign.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path folder;

    @Test
    void isClosedToOthers() throws IOException {
        var data = new DataFolder(folder.resolve("data")).prepare();
        for (Path part : new Path[] {data.path(), data.secrets(), data.keys(), data.log()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void tellsWhyItCanNotBeUsed() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> new DataFolder(file.resolve("data")).prepare())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data");
    }

    @Test
    void aSecretIsMadeOnceAndForItsOwnerOnly() throws IOException {
        var secrets = new Secrets(folder, Entropy.system());
        var secret = secrets.get("sad-key");
        assertThat(secret).hasSize(43).isEqualTo(secrets.get("sad-key")).isNotEqualTo(secrets.get("master-secret"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sad-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void theAdministratorsSecretIsShownUntilItWasShown() throws IOException {
        var data = new DataFolder(folder.resolve("data")).prepare();
        var administrator = new AdministratorSecret(data);
        var first = administrator.toShow(Entropy.system()).orElseThrow();
        assertThat(administrator.toShow(Entropy.system())).isPresent().isNotEqualTo(Optional.of(first));

        var shown = new ByteArrayOutputStream();
        administrator.show(first, new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8), false));
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains(first);
        assertThat(administrator.toShow(Entropy.system())).isEmpty();
        try (var files = Files.walk(data.path())) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(first));
        }
    }
}
