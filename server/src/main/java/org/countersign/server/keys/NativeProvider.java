package org.countersign.server.keys;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Comparator;
import java.util.Optional;

/**
 * Amazon Corretto Crypto Provider, loaded once for the whole JVM by a class loader of its own. The contexts that start later
 * find it in the JVM's list of providers, where it is the last one. It can not be each context's own: its thread and what it
 * keeps in the server's threads never go, so that undeployed contexts would stay in memory; and its library must not be
 * unloaded, because it is called at the end of every thread that has used it. Only the context that loaded it stays,
 * as the JVM remembers on whose behalf that was.
 */
final class NativeProvider {

    private static final String NAME = "AmazonCorrettoCryptoProvider";
    private static final String PACKAGE = "com.amazon.corretto.crypto.provider";
    private static final String ARCHIVE = "/native/" + NAME + ".jar";
    private static final String FOLDER_PROPERTY = PACKAGE + ".tmpdir";

    /**
     * @param provider empty when it does not load
     * @param reason why it does not, otherwise empty
     */
    record Loading(Optional<Provider> provider, String reason) {}

    private NativeProvider() {}

    /** @param temporaryFolder where everything is unpacked while it loads; nothing stays in it */
    static Loading load(Path temporaryFolder) {
        // Both the list and the property are the JVM's: the lock must be the JVM's too, for a second WAR that starts at
        // the same time.
        synchronized (System.getProperties()) {
            var there = Security.getProvider(NAME);
            if (there != null) {
                return new Loading(Optional.of(there), "");
            }
            try {
                var folder = Files.createTempDirectory(temporaryFolder, "countersign-native-");
                try {
                    var provider = start(folder);
                    Security.addProvider(provider);
                    return new Loading(Optional.of(provider), "");
                } finally {
                    // The library is mapped and the archive is open: neither needs its name any more.
                    delete(folder);
                }
            } catch (IOException notWritable) {
                return new Loading(Optional.empty(), "the temporary folder is not writable: " + notWritable);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError failure) {
                return new Loading(Optional.empty(), failure.toString());
            }
        }
    }

    private static Provider start(Path folder) throws IOException, ReflectiveOperationException {
        var archive = folder.resolve("provider.jar");
        try (var in = NativeProvider.class.getResourceAsStream(ARCHIVE)) {
            Files.copy(in, archive);
        }
        // Never closed.
        var loader = new URLClassLoader(new URL[] {archive.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        var elsewhere = System.getProperty(FOLDER_PROPERTY);
        if (elsewhere == null) {
            System.setProperty(FOLDER_PROPERTY, folder.toString());
        }
        try {
            var type = loader.loadClass(PACKAGE + '.' + NAME);
            var provider = (Provider) type.getField("INSTANCE").get(null);
            if (type.getMethod("getLoadingError").invoke(provider) instanceof Throwable error) {
                throw new IllegalStateException(error);
            }
            if (!"PASSED".equals(type.getMethod("runSelfTests").invoke(provider).toString())) {
                throw new IllegalStateException("its self tests fail");
            }
            return provider;
        } finally {
            if (elsewhere == null) {
                System.clearProperty(FOLDER_PROPERTY);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
