package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program for Node.js under {@code src/test/javascript}, with the packages it locks. */
public final class NodePackage {

    private static final Path SOURCES = Path.of("src/test/javascript");

    private final Path folder;
    private final String program;

    private NodePackage(Path folder, String program) {
        this.folder = folder;
        this.program = program;
    }

    /**
     * Fetches its packages; skips the test without Node.js and npm.
     *
     * @param name of the folder, and of the program in it
     * @param folder an empty one to run in
     */
    public static NodePackage install(String name, Path folder) throws IOException, InterruptedException {
        assumeTrue(isInstalled("node") && isInstalled("npm"), "Node.js and npm are not installed");
        var program = name + ".mjs";
        for (var file : List.of("package.json", "package-lock.json", program)) {
            Files.copy(SOURCES.resolve(name).resolve(file), folder.resolve(file));
        }
        var installed = new NodePackage(folder, program);
        installed.run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        return installed;
    }

    /** @return what it printed; it has to end within five minutes */
    public String run(Map<String, String> environment) throws IOException, InterruptedException {
        return run(environment, "node", program);
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        var output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        var text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
