package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeProviderTest {

    @TempDir
    Path temporary;

    @BeforeEach
    void asAfterTheServersStart() {
        Security.removeProvider("AmazonCorrettoCryptoProvider");
    }

    /** For the tests of other classes. */
    @AfterEach
    void asBefore() {
        SignatureProvider.fastest(temporary, TestKeys.ENTROPY);
    }

    @Test
    void two_deployments_on_one_server_each_load_it_at_the_same_time() throws Exception {
        var urls = classPath();
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
    void what_a_deployment_has_loaded_goes_with_it() throws Exception {
        assertThat(SignatureProvider.fastest(temporary, TestKeys.ENTROPY).isNative())
                .isTrue();
        var loader = deployAndUndeploy();
        for (int i = 0; i < 600 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(100);
        }
        assertThat(loader.get()).isNull();
    }

    private WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
        try (var loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            // Threads that are started from it keep the loader, as on a server.
            var deployer = new FutureTask<>(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                var provider = provider(loader);
                assertThat(nameOf(provider)).isEqualTo("AmazonCorrettoCryptoProvider");
                return null;
            });
            new Thread(deployer).start();
            deployer.get();
            return new WeakReference<>(loader);
        }
    }

    @Test
    void the_jdk_signs_where_nothing_can_be_unpacked() {
        // Loads it too.
        var entropy = TestKeys.ENTROPY;
        asAfterTheServersStart();
        var provider = SignatureProvider.fastest(temporary.resolve("absent"), entropy);
        assertThat(provider.name()).isEqualTo("JDK");
        assertThat(Files.exists(temporary.resolve("absent"))).isFalse();
    }

    private Object providerOf(ClassLoader loader) throws ReflectiveOperationException {
        return nameOf(provider(loader));
    }

    private static Object nameOf(Object provider) throws ReflectiveOperationException {
        return provider.getClass().getMethod("name").invoke(provider);
    }

    /** As a deployment would: everything, from the entropy on, of its own class loader. */
    private Object provider(ClassLoader loader) throws ReflectiveOperationException {
        var entropyType = loader.loadClass(Entropy.class.getName());
        var type = loader.loadClass(SignatureProvider.class.getName());
        assertThat(type).isNotSameAs(SignatureProvider.class);
        var entropy = entropyType.getMethod("system").invoke(null);
        var provider = type.getMethod("fastest", Path.class, entropyType).invoke(null, temporary, entropy);
        var vaultTest = loader.loadClass(SignatureSmoke.class.getName());
        vaultTest.getDeclaredMethod("sign", type).invoke(null, provider);
        return provider;
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(NativeProviderTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String element) {
        try {
            return Path.of(element).toUri().toURL();
        } catch (MalformedURLException malformed) {
            throw new IllegalStateException(malformed);
        }
    }
}
