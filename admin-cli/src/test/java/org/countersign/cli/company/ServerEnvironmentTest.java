package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.countersign.cli.terminal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerEnvironmentTest {

    @TempDir
    Path folder;

    @Test
    void readsWhatSystemdReads() throws IOException {
        var file = file("# secrets\n\nA=1\nB=\"two words\"\nC='x=y'\n", "rw-------");

        assertThat(ServerEnvironment.read(Map.of("A", "0", "Z", "26"), file))
                .isEqualTo(Map.of("A", "1", "B", "two words", "C", "x=y", "Z", "26"));
    }

    @Test
    void refusesAFileThatOthersMayRead() throws IOException {
        var file = file("A=1\n", "rw-r-----");

        assertThatThrownBy(() -> ServerEnvironment.read(Map.of(), file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void namesTheLineThatIsWrongAndNotItsContent() throws IOException {
        var file = file("A=1\nsecret\n", "rw-------");

        assertThatThrownBy(() -> ServerEnvironment.read(Map.of(), file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("secret");
    }

    private Path file(String content, String permissions) throws IOException {
        var file = Files.writeString(folder.resolve("environment"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
