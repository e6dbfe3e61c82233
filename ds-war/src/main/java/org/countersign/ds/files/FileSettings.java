package org.countersign.ds.files;

import java.nio.file.Path;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * Where installers and plug-ins are.
 *
 * @param folder the company's own
 * @param most the largest file, in bytes
 */
public record FileSettings(Path folder, long most) {

    private static final int MIB = 1 << 20;
    private static final int DEFAULT_MIB = 200;
    private static final int LARGEST_MIB = 4_096;

    /** @param path of the configuration file */
    public static FileSettings read(ConfigurationObject releases, Path path, String company) {
        var folder = path.resolveSibling(releases.text("folder").orElse("../releases"))
                .resolve(company)
                .normalize();
        long most = (long) releases.number("maxSizeInMiB", DEFAULT_MIB, 1, LARGEST_MIB) * MIB;
        releases.refuseUnknownKeys();
        return new FileSettings(folder, most);
    }
}
