package org.countersign.server.keys;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.UUID;
import javax.security.auth.DestroyFailedException;
import javax.security.auth.Destroyable;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.KeyNotOpenedException.Reason;

/**
 * Keys of software, wrapped twice with AES-256-GCM: inside by the activation key, outside by the vault's own secret
 * ({@link OuterWrap}). The content of the outer layer is the inner layer, its content the PKCS#8. Both layers are
 * bound to version and credential.
 */
public final class SoftwareKeyVault implements KeyVault {

    private static final String INNER = "countersign key inner v1";

    private final WrappedKeys wrappedKeys;
    private final OuterWrap outer;
    private final SignatureProvider provider;
    private final Entropy entropy;

    public SoftwareKeyVault(WrappedKeys wrappedKeys, MasterSecret master, SignatureProvider provider, Entropy entropy) {
        this(wrappedKeys, new MasterSecretWrap(master, entropy), provider, entropy);
    }

    public SoftwareKeyVault(WrappedKeys wrappedKeys, OuterWrap outer, SignatureProvider provider, Entropy entropy) {
        this.wrappedKeys = wrappedKeys;
        this.outer = outer;
        this.provider = provider;
        this.entropy = entropy;
    }

    @Override
    public PublicKey generate(UUID credentialId, KeyAlgorithm algorithm, ActivationKey activation) {
        var pair = provider.generate(algorithm);
        var pkcs8 = pair.getPrivate().getEncoded();
        try {
            var inner = innerLayer(activation).seal(pkcs8, SealedSecrets.context(INNER, credentialId));
            wrappedKeys.put(credentialId, outer.wrap(credentialId, inner));
            return KeyEncoding.publicKey(algorithm, pair.getPublic());
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
            destroy(pair.getPrivate());
        }
    }

    @Override
    public SigningKey open(UUID credentialId, ActivationKey activation) {
        return open(credentialId, wrapped(credentialId), activation);
    }

    /**
     * Opens a key whose wrapped bytes the caller already read along with the credential's row.
     *
     * @param wrapped what {@link WrappedKeys} holds
     * @throws KeyNotOpenedException as {@link #open(UUID, ActivationKey)}
     */
    public SigningKey open(UUID credentialId, byte[] wrapped, ActivationKey activation) {
        var pkcs8 = innerLayer(activation)
                .open(outer.unwrap(credentialId, wrapped), SealedSecrets.context(INNER, credentialId))
                .orElseThrow(() -> new KeyNotOpenedException(Reason.WRONG_ACTIVATION_KEY));
        try {
            return provider.open(pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    @Override
    public void destroy(UUID credentialId) {
        wrappedKeys.remove(credentialId);
    }

    @Override
    public boolean isUsable() {
        return wrappedKeys.isUsable() && outer.isUsable();
    }

    /**
     * Takes over one key from another software vault: the outer layer is wrapped anew, which needs no PIN. The other
     * vault keeps its copy until it is told to destroy it.
     *
     * @throws KeyNotOpenedException when the other vault has no such key or its outer layer does not open
     */
    public void adopt(UUID credentialId, SoftwareKeyVault from) {
        wrappedKeys.put(
                credentialId, outer.wrap(credentialId, from.outer.unwrap(credentialId, from.wrapped(credentialId))));
    }

    private byte[] wrapped(UUID credentialId) {
        return wrappedKeys.get(credentialId).orElseThrow(() -> new KeyNotOpenedException(Reason.ABSENT));
    }

    private SealedSecrets innerLayer(ActivationKey activation) {
        var key = activation.bytes();
        try {
            return new SealedSecrets(key, entropy);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static void destroy(Destroyable key) {
        try {
            key.destroy();
        } catch (DestroyFailedException notTheJdks) {
            // The JDK's keys cannot be destroyed before they are collected; the native ones can.
        }
    }
}
