package org.countersign.cli.company;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Refusal;

/** The classes of a WAR, to let a version say itself what it thinks of a configuration file. */
final class WarClasses {

    private static final String CHECK = "org.countersign.signer.configuration.ConfigurationCheck";
    private static final String INSIDE = "WEB-INF/";

    private final War war;

    WarClasses(War war) {
        this.war = war;
    }

    /** @return {@code errors} and {@code warnings}; a version that can not check gives one warning */
    @SuppressWarnings("unchecked") // the called class promises it
    Map<String, List<String>> check(Path file, String context, Map<String, String> environment) throws IOException {
        var unpacked = Files.createTempDirectory("countersign-war");
        try (var loader = new URLClassLoader(unpack(unpacked), ClassLoader.getPlatformClassLoader())) {
            return (Map<String, List<String>>) Class.forName(CHECK, true, loader)
                    .getMethod("check", Path.class, String.class, Map.class)
                    .invoke(null, file, context, environment);
        } catch (ClassNotFoundException | NoSuchMethodException anotherProduct) {
            return Map.of(
                    "warnings", List.of("version " + war.version() + " can not check a file; it was not checked"));
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw Refusal.failed("The configuration check of " + war.file() + " failed: " + failure.getCause());
        } finally {
            Folders.deleteTree(unpacked);
        }
    }

    private URL[] unpack(Path target) throws IOException {
        var urls = new ArrayList<URL>();
        // Made first: the address of a folder that is not there does not end like one.
        urls.add(Files.createDirectories(target.resolve("classes")).toUri().toURL());
        try (var zip = new ZipFile(war.file().toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.isDirectory() || !entry.getName().startsWith(INSIDE)) {
                    continue;
                }
                var path = target.resolve(entry.getName().substring(INSIDE.length()))
                        .normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("an entry of " + war.file() + " lies outside it");
                }
                Files.createDirectories(path.getParent());
                try (var content = zip.getInputStream(entry)) {
                    Files.copy(content, path);
                }
                if (entry.getName().startsWith("WEB-INF/lib/")
                        && entry.getName().endsWith(".jar")) {
                    urls.add(path.toUri().toURL());
                }
            }
        }
        return urls.toArray(URL[]::new);
    }
}
