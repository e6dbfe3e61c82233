package org.countersign.cli.up;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads every class of this program at once. A supervisor runs for days; meanwhile the project may be cleaned and built
 * again, and stopping must not fail because a class was first needed then.
 */
final class OwnClasses {

    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    static void loadAll() throws IOException {
        var loader = OwnClasses.class.getClassLoader();
        var root = root();
        if (!Files.isDirectory(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                var name = root.relativize(file).toString();
                if (name.endsWith(SUFFIX) && !name.endsWith("-info" + SUFFIX)) {
                    load(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'), loader);
                }
            }
        }
    }

    private static void load(String name, ClassLoader loader) throws IOException {
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError halfBuilt) {
            throw new IOException("the build is not complete: " + name, halfBuilt);
        }
    }

    private static Path root() throws IOException {
        try {
            return Path.of(OwnClasses.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
