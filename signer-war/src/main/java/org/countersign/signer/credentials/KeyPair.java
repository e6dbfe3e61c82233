package org.countersign.signer.credentials;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.UUID;
import org.countersign.server.keys.KeyAlgorithm;

/**
 * A key pair of a credential.
 *
 * @param keyId the vault's name for the private key
 * @param vault the vault it is in
 * @param publicKey DER of the SubjectPublicKeyInfo
 * @param ephemeral what the holder's factors find the wrapping key with
 */
public record KeyPair(UUID keyId, String vault, KeyAlgorithm algorithm, byte[] publicKey, byte[] ephemeral) {

    /** The same in another vault. */
    public KeyPair in(String otherVault) {
        return new KeyPair(keyId, otherVault, algorithm, publicKey, ephemeral);
    }

    public PublicKey decodedPublicKey() {
        try {
            return KeyFactory.getInstance(algorithm.family().wireName())
                    .generatePublic(new X509EncodedKeySpec(publicKey));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("A stored public key does not decode", impossible);
        }
    }
}
