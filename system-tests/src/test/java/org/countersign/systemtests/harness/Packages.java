package org.countersign.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipInputStream;
import org.countersign.cli.installation.Installation;

/** The zips that administrators download. */
public final class Packages {

    private Packages() {}

    /**
     * Unpacks the zip {@code NAME-VERSION.zip}.
     *
     * @return the folder {@code NAME-VERSION}, below the one given
     */
    public static Path unpack(Installation installation, String name, Path into) throws IOException {
        var base = name + "-" + installation.version();
        var zip = installation.root().resolve("packages/target/" + base + ".zip");
        try (var in = new ZipInputStream(Files.newInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var file = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
        return into.resolve(base);
    }
}
