package org.countersign.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.countersign.agent.keys.PrivateFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

    @TempDir
    Path folder;

    @Test
    void files_rotate_and_are_few() throws Exception {
        var logs = PrivateFolder.open(folder.resolve("100%h logs"));
        var handler = LogFiles.handler(logs, 2_000, 3);
        for (int i = 0; i < 200; i++) {
            handler.publish(new LogRecord(Level.INFO, "Line " + i));
        }
        handler.close();
        try (var files = Files.list(logs.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("agent.0.log", "agent.1.log", "agent.2.log");
        }
        assertThat(latest(logs)).contains("Line 199\n");
        assertThat(Files.size(logs.path().resolve("agent.1.log"))).isBetween(1_900L, 2_200L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs.path())))
                .isEqualTo("rwx------");
        var again = LogFiles.handler(logs, 2_000, 3);
        again.publish(new LogRecord(Level.INFO, "After a restart"));
        again.close();
        assertThat(latest(logs)).contains("Line 199\n", "After a restart\n");
    }

    /** The latest file may have just been begun. */
    private static String latest(PrivateFolder logs) throws IOException {
        return Files.readString(logs.path().resolve("agent.1.log"))
                + Files.readString(logs.path().resolve("agent.0.log"));
    }

    @Test
    void an_entry_is_one_line_and_tells_no_message_of_an_exception() {
        var entry = new LogRecord(Level.SEVERE, "A call failed:\r\n2026-01-01 forged {0}");
        entry.setParameters(new Object[] {"x\u001b[2J"});
        entry.setThrown(new IllegalStateException("739201", new NumberFormatException("For input: 739201")));
        var text = new LogLine().format(entry);
        assertThat(text)
                .doesNotContain("739201")
                .contains("A call failed:  2026-01-01 forged x [2J\n")
                .contains("java.lang.IllegalStateException\n")
                .contains("caused by java.lang.NumberFormatException\n")
                .contains("LogFilesTest");
    }
}
