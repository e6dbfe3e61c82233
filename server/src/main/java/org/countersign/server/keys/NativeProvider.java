package org.countersign.server.keys;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.Optional;

/**
 * Loads Amazon Corretto Crypto Provider, whose native library is unpacked into a folder and loaded from there, once for
 * each class loader.
 */
final class NativeProvider {

    private static final String FOLDER_PROPERTY = "com.amazon.corretto.crypto.provider.tmpdir";

    /**
     * @param provider empty when it does not load
     * @param reason why it does not, otherwise empty
     */
    record Loading(Optional<Provider> provider, String reason) {}

    private NativeProvider() {}

    static Loading load(Path temporaryFolder) {
        // The property is the JVM's: the lock must be the JVM's too, for a second WAR that starts at the same time.
        synchronized (System.getProperties()) {
            if (System.getProperty(FOLDER_PROPERTY) != null) {
                return load();
            }
            try {
                var folder = Files.createTempDirectory(temporaryFolder, "countersign-native-");
                System.setProperty(FOLDER_PROPERTY, folder.toString());
                try {
                    return load();
                } finally {
                    System.clearProperty(FOLDER_PROPERTY);
                    // Empty again: the provider removes its library once it is mapped.
                    Files.deleteIfExists(folder);
                }
            } catch (IOException notWritable) {
                return new Loading(Optional.empty(), "the temporary folder is not writable: " + notWritable);
            }
        }
    }

    private static Loading load() {
        try {
            var provider = AmazonCorrettoCryptoProvider.INSTANCE;
            if (provider.getLoadingError() != null) {
                return new Loading(Optional.empty(), provider.getLoadingError().toString());
            }
            return provider.runSelfTests() == SelfTestStatus.PASSED
                    ? new Loading(Optional.of(provider), "")
                    : new Loading(Optional.empty(), "its self tests fail");
        } catch (LinkageError absent) {
            return new Loading(Optional.empty(), absent.toString());
        }
    }
}
