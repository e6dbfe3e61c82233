package org.countersign.server.keys;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.core.entropy.Entropy;

/** Both providers, and one key pair of each algorithm for all tests. */
final class TestKeys {

    static final Entropy ENTROPY = Entropy.system();
    static final SignatureProvider FASTEST =
            SignatureProvider.fastest(Path.of(System.getProperty("java.io.tmpdir")), ENTROPY);
    static final SignatureProvider JDK = SignatureProvider.jdk(ENTROPY);

    private static final Map<KeyAlgorithm, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private TestKeys() {}

    static KeyPair pair(KeyAlgorithm algorithm) {
        return PAIRS.computeIfAbsent(algorithm, FASTEST::generate);
    }

    static MasterSecret master(int fill) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return new MasterSecret(bytes);
    }

    static ActivationKey activation(int fill) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return new ActivationKey(bytes);
    }
}
