package org.countersign.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {

    @TempDir
    Path folder;

    @Test
    void an_argument_comes_before_the_environment_and_that_before_the_file() throws IOException {
        Files.writeString(folder.resolve("agent.properties"), "# mine\nport.https = 1\nport.http = 2\nthreads = 3\n");
        var settings = new SettingsReader(
                        Map.of("COUNTERSIGN_AGENT_PORT_HTTPS", "11", "COUNTERSIGN_AGENT_PORT_HTTP", "12"), folder)
                .read(List.of("--port.https=21"));
        assertThat(settings.text(Setting.PORT_HTTPS)).isEqualTo("21");
        assertThat(settings.text(Setting.PORT_HTTP)).isEqualTo("12");
        assertThat(settings.text(Setting.THREADS)).isEqualTo("3");
        assertThat(settings.show())
                .contains("port.https = 21    # argument\n")
                .contains("port.http = 12    # environment COUNTERSIGN_AGENT_PORT_HTTP\n")
                .contains("threads = 3    # file " + folder.resolve("agent.properties") + "\n")
                .contains("pin.clear = false    # default\n");
        assertThat(settings.problems().errors()).isEmpty();
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        var settings = new SettingsReader(Map.of(), folder)
                .read(List.of("--port.htps=1", "--threads=many", "stray", "--file=" + folder.resolve("none")));
        settings.number(Setting.THREADS, 1, 9);
        assertThat(settings.problems().errors())
                .containsExactly(
                        "port.htps: is not known; did you mean port.https?",
                        "stray: is no argument; settings have the form --key=value",
                        folder.resolve("none") + ": is no file, or larger than 1 MiB",
                        "threads: must be a number from 1 to 9");
    }

    @Test
    void the_document_lists_every_setting_as_it_is() throws IOException {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("countersign"))) {
            root = root.getParent();
        }
        var rows = new ArrayList<String>();
        for (var line : Files.readAllLines(root.resolve("docs/agent.md"))) {
            if (line.startsWith("| `") && line.contains("COUNTERSIGN_AGENT_")) {
                rows.add(line);
            }
        }
        var expected = new ArrayList<String>();
        for (var setting : Setting.values()) {
            var standard = setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`";
            expected.add("| `" + setting.key() + "` | `" + setting.variable() + "` | " + standard + " | "
                    + setting.description() + " |");
        }
        assertThat(rows).containsExactlyElementsOf(expected);
    }
}
