package org.countersign.agent.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.countersign.core.entropy.Entropy;

/** The key for which pages of today encrypt PINs: RSA-OAEP with SHA-256 (RFC 8017 §7.1), and nothing else. */
public final class EncryptionKey {

    /** As JWA has it (RFC 7518 §4.3). */
    public static final String ALGORITHM = "RSA-OAEP-256";

    private static final String FILE = "encryption-key.der";
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final CompletableFuture<KeyPair> pair;

    private EncryptionKey(CompletableFuture<KeyPair> pair) {
        this.pair = pair;
    }

    /** Done when the key is in its file. */
    public CompletableFuture<?> made() {
        return pair;
    }

    public static EncryptionKey open(PrivateFolder folder, Entropy entropy) {
        return new EncryptionKey(RsaKeyFile.open(folder, FILE, entropy));
    }

    public RSAPublicKey publicKey() {
        return (RSAPublicKey) pair.join().getPublic();
    }

    /** What was encrypted for this key; nothing when it was not. */
    public Optional<byte[]> decrypt(byte[] encrypted) {
        try {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.DECRYPT_MODE, pair.join().getPrivate(), OAEP);
            return Optional.of(cipher.doFinal(encrypted));
        } catch (GeneralSecurityException notForUs) {
            return Optional.empty();
        }
    }
}
