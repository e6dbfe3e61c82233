package org.countersign.signer.configuration;

import java.nio.file.Path;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code hsm} of a configuration file.
 *
 * @param folder of {@code homo}; a relative one is beside the configuration file
 */
public record HsmSettings(Type type, Optional<Path> folder) {

    /** The kinds of vault this version has. */
    public enum Type {
        /** In memory, gone at the next start. */
        TEST("test"),
        /** In a folder, one file per key. */
        HOMO("homo");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        @Override
        public String toString() {
            return wireName;
        }
    }

    static Optional<HsmSettings> read(ConfigurationObject file, Path configurationFile) {
        var hsm = file.object("hsm");
        if (!hsm.isPresent()) {
            return Optional.empty();
        }
        hsm.accept("masterSecret");
        var type = hsm.choice("type", Type.class, Type.HOMO);
        var folder = hsm.text("folder").map(configurationFile::resolveSibling).map(Path::normalize);
        hsm.refuseUnknownKeys();
        if (type == Type.HOMO && folder.isEmpty()) {
            file.problems().error(hsm.pathOf("folder"), "is required for the type homo");
        }
        return Optional.of(new HsmSettings(type, folder));
    }
}
