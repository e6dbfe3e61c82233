package org.countersign.server.keys;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.Es256;
import org.countersign.server.logging.ContextLogger;

/**
 * Who does the mathematics: Amazon Corretto Crypto Provider where it loads, the JDK otherwise. Chosen once at start and named
 * in every call. Safe for use by many threads.
 */
public final class SignatureProvider {

    private static final System.Logger LOG = ContextLogger.of(SignatureProvider.class);

    private final Provider accelerated;
    private final Entropy entropy;
    private final KeyEncoding keys;

    private SignatureProvider(Provider accelerated, Entropy entropy) {
        this.accelerated = accelerated;
        this.entropy = entropy;
        this.keys = new KeyEncoding(accelerated);
    }

    /**
     * The fastest that works here; the log says which, and why not the faster one.
     *
     * @param temporaryFolder where the native library is unpacked while it loads; must exist and allow execution
     */
    public static SignatureProvider fastest(Path temporaryFolder, Entropy entropy) {
        var loading = NativeProvider.load(temporaryFolder);
        if (loading.provider().isPresent()) {
            var provider = loading.provider().get();
            LOG.log(System.Logger.Level.INFO, "Signatures are made by {0}", provider.getInfo());
            return new SignatureProvider(provider, entropy);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "Signatures are made by the JDK, several times slower: Amazon Corretto Crypto Provider does not load here ({0})",
                loading.reason());
        return jdk(entropy);
    }

    /** The JDK's own algorithms, on every machine. */
    public static SignatureProvider jdk(Entropy entropy) {
        return new SignatureProvider(null, entropy);
    }

    /** For the log and the state of health: {@code AmazonCorrettoCryptoProvider} or {@code JDK}. */
    public String name() {
        return accelerated == null ? "JDK" : accelerated.getName();
    }

    /** Whether it is several times faster than the JDK. */
    public boolean isNative() {
        return accelerated != null;
    }

    /** Verifies signatures by ES256. */
    public Es256 es256() {
        return accelerated == null ? Es256.jdk() : Es256.by(accelerated);
    }

    /** A fresh pair. RSA takes long: a tenth of a second for 2048 bits, one second and more for 4096. */
    KeyPair generate(KeyAlgorithm algorithm) {
        try {
            var generator = generator(algorithm);
            generator.initialize(parameters(algorithm), entropy.secureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("No key pair of " + algorithm + " can be made", impossible);
        }
    }

    /**
     * A key to sign with, until it is closed.
     *
     * @param pkcs8 DER of a PrivateKeyInfo; not kept
     * @throws IllegalArgumentException when it is none of our algorithms
     */
    public SigningKey open(byte[] pkcs8) {
        var key = keys.privateKey(pkcs8);
        return new SoftwareSigningKey(key.algorithm(), key.privateKey(), accelerated, entropy);
    }

    private KeyPairGenerator generator(KeyAlgorithm algorithm) throws GeneralSecurityException {
        var name = algorithm.family().wireName();
        return accelerated == null || algorithm == KeyAlgorithm.ED25519
                ? KeyPairGenerator.getInstance(name, KeyEncoding.jdkProvider(algorithm.family()))
                : KeyPairGenerator.getInstance(name, accelerated);
    }

    private static AlgorithmParameterSpec parameters(KeyAlgorithm algorithm) {
        return switch (algorithm.family()) {
            case RSA -> new RSAKeyGenParameterSpec(algorithm.bits(), RSAKeyGenParameterSpec.F4);
            case EC -> new ECGenParameterSpec(algorithm.standardName());
            case ED25519 -> NamedParameterSpec.ED25519;
        };
    }
}
