package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK that is in the repository as it was compiled. Needs Node.js, and for the comparison npm and its registry. */
class SdkBuildIT {

    /** With the browser's cryptography among its global objects. */
    private static final int OLDEST_NODE = 20;

    private static final Path SDK = Path.of(System.getProperty("countersign.root"), "connector-sdk");

    private static Map<String, String> files(Path folder) throws IOException {
        var files = new TreeMap<String, String>();
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void itIsWhatItsSourcesGive(@TempDir Path folder) throws IOException {
        Tools.require("node", "npm");
        files(SDK.resolve("src"))
                .forEach((name, text) -> write(folder.resolve("src").resolve(name), text));
        for (var name : new String[] {"package.json", "package-lock.json", "tsconfig.json"}) {
            Files.copy(SDK.resolve(name), folder.resolve(name));
        }
        Tools.run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        Tools.run(folder, "npm", "run", "build");
        assertThat(files(SDK.resolve("dist"))).isEqualTo(files(folder.resolve("dist")));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void itDoesWhatItSays() {
        Tools.require("node", "openssl");
        var version = Tools.run(SDK, "node", "--version");
        Assumptions.assumeTrue(
                Integer.parseInt(version.replaceFirst("v(\\d+)(?s).*", "$1")) >= OLDEST_NODE,
                () -> "Skipped: Node.js 20 or newer is needed, here is " + version);
        assertThat(Tools.run(SDK, "node", "--test", "--test-reporter=tap", "test/sdk.test.mjs"))
                .contains("# fail 0");
    }

    @Test
    void itNeedsNothingElseAndHasTheProductsVersion() throws IOException {
        var json = new JsonMapper().readTree(Files.readString(SDK.resolve("package.json")));
        assertThat(json.has("dependencies")).isFalse();
        var pom = Files.readString(SDK.resolveSibling("pom.xml"));
        assertThat(pom).contains("<version>" + json.path("version").asText() + "</version>");
        assertThat(Files.readString(SDK.resolve("package-lock.json"))).doesNotContain("resolved");
    }
}
