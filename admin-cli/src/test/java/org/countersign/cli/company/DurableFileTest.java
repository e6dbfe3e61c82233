package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

    @TempDir
    Path folder;

    @Test
    void aFileThatIsReplacedIsNotOpenedToMore() throws IOException {
        var file = folder.resolve("companies.conf");
        DurableFile.write(file, new byte[] {1}, DurableFile.ALL_MAY_READ);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(DurableFile.ALL_MAY_READ);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        DurableFile.write(file, new byte[] {2}, DurableFile.ALL_MAY_READ);

        assertThat(file).hasBinaryContent(new byte[] {2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }
}
