package org.countersign.server.issuing;

import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.SigningKey;

/** Private keys of the server's own use, in a vault; what opens them is derived from the master secret. */
public final class PrivateKeys {

    private final KeyVault vault;
    private final FactorSecrets secrets;
    private final Entropy entropy;

    public PrivateKeys(KeyVault vault, FactorSecrets secrets, Entropy entropy) {
        this.vault = vault;
        this.secrets = secrets;
        this.entropy = entropy;
    }

    /** Makes a key pair. Whoever does not write its row destroys it again. */
    public NewKey make(JwsAlgorithm algorithm) {
        var id = entropy.uuid();
        var salt = secrets.newActivationSalt();
        try (var activation = secrets.activationKeyWithoutPin(id, salt)) {
            var jwk = PublicJwk.of(algorithm, vault.generate(id, algorithm.key(), activation));
            return new NewKey(id, jwk.kid(), algorithm, jwk.json(), salt);
        }
    }

    SigningKey open(StoredKey key) {
        return open(key.id(), key.activationSalt());
    }

    /**
     * Opens a key; the caller closes it.
     *
     * @param activationSalt {@link NewKey#activationSalt}
     * @throws org.countersign.server.keys.KeyNotOpenedException when it is gone or was made under another master secret
     */
    public SigningKey open(UUID id, byte[] activationSalt) {
        try (var activation = secrets.activationKeyWithoutPin(id, activationSalt)) {
            return vault.open(id, activation);
        }
    }

    /** Destroys a key; no error when there is none. */
    public void destroy(UUID id) {
        vault.destroy(id);
    }
}
