package org.countersign.systemtests.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What an administrator tells every Chromium of this machine, until it is taken back: one file where Debian's looks. */
public final class BrowserPolicy implements AutoCloseable {

    private static final Path FOLDER = Path.of("/etc/chromium/policies/managed");

    private final Path file;

    private BrowserPolicy(Path file) {
        this.file = file;
    }

    /** @param policies by name */
    public static BrowserPolicy set(Map<String, Object> policies) throws IOException {
        Files.createDirectories(FOLDER);
        var file = FOLDER.resolve("countersign-test.json");
        file.toFile().deleteOnExit();
        Files.write(file, new JsonMapper().writeValueAsBytes(policies));
        return new BrowserPolicy(file);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
