package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeProviderTest {

    @TempDir
    Path temporary;

    @Test
    void two_deployments_on_one_server_each_load_it_at_the_same_time() throws Exception {
        var urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(NativeProviderTest::url)
                .toArray(URL[]::new);
        var platform = ClassLoader.getPlatformClassLoader();
        var threads = Executors.newFixedThreadPool(2);
        try (var first = new URLClassLoader(urls, platform);
                var second = new URLClassLoader(urls, platform)) {
            var names = threads.invokeAll(List.of(() -> providerOf(first), () -> providerOf(second)));
            assertThat(names.get(0).get()).isEqualTo("AmazonCorrettoCryptoProvider");
            assertThat(names.get(1).get()).isEqualTo("AmazonCorrettoCryptoProvider");
        } finally {
            threads.shutdownNow();
        }
        assertThat(temporary).isEmptyDirectory();
        assertThat(System.getProperty("com.amazon.corretto.crypto.provider.tmpdir"))
                .isNull();
    }

    @Test
    void the_jdk_signs_where_nothing_can_be_unpacked() {
        var provider = SignatureProvider.fastest(temporary.resolve("absent"), TestKeys.ENTROPY);
        assertThat(provider.name()).isEqualTo("JDK");
        assertThat(Files.exists(temporary.resolve("absent"))).isFalse();
    }

    /** As a deployment would: everything, from the entropy on, of its own class loader. */
    private Object providerOf(ClassLoader loader) throws ReflectiveOperationException {
        var entropyType = loader.loadClass(Entropy.class.getName());
        var type = loader.loadClass(SignatureProvider.class.getName());
        assertThat(type).isNotSameAs(SignatureProvider.class);
        var entropy = entropyType.getMethod("system").invoke(null);
        var provider = type.getMethod("fastest", Path.class, entropyType).invoke(null, temporary, entropy);
        var vaultTest = loader.loadClass(SignatureSmoke.class.getName());
        vaultTest.getDeclaredMethod("sign", type).invoke(null, provider);
        return type.getMethod("name").invoke(provider);
    }

    private static URL url(String element) {
        try {
            return Path.of(element).toUri().toURL();
        } catch (MalformedURLException malformed) {
            throw new IllegalStateException(malformed);
        }
    }
}
