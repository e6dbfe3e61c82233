package org.countersign.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {

    @TempDir
    Path folder;

    @Test
    void recognisesARunningProcessAfterSaving() throws IOException {
        var file = folder.resolve("process.json");
        ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow().save(file);
        assertThat(ProcessIdentity.load(file).flatMap(ProcessIdentity::running)).contains(ProcessHandle.current());
    }

    @Test
    void takesNoOtherProcessOfTheSameNumberForIt() {
        var earlier = new ProcessIdentity(ProcessHandle.current().pid(), "another boot:1");
        assertThat(earlier.running()).isEmpty();
    }

    @Test
    void knowsThatAKilledProcessIsGone() throws IOException {
        var process = new ProcessBuilder("sleep", "60").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        Daemon.kill(process.toHandle());
        assertThat(identity.running()).isEmpty();
    }

    @Test
    void aRecordCutShortIsNone() throws IOException {
        var file = Files.writeString(folder.resolve("process.json"), "{\"pid\":12");
        assertThat(ProcessIdentity.load(file)).isEmpty();
        assertThat(ProcessIdentity.load(folder.resolve("missing.json"))).isEmpty();
    }
}
