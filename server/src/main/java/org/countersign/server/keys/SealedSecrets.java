package org.countersign.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.core.entropy.Entropy;

/**
 * AES-256-GCM (NIST SP 800-38D) under one key: nonce (12 random bytes), ciphertext, tag (16). A key seals far less than
 * the 2^32 times random nonces allow.
 */
public final class SealedSecrets {

    public static final int NONCE_LENGTH = 12;
    public static final int TAG_LENGTH = 16;

    private final SecretKeySpec key;
    private final Entropy entropy;

    /** @param key 32 bytes */
    public SealedSecrets(byte[] key, Entropy entropy) {
        this.key = new SecretKeySpec(key, "AES");
        this.entropy = entropy;
    }

    /** What binds a secret to its place: purpose and credential. */
    static byte[] context(String purpose, UUID credentialId) {
        return (purpose + ' ' + credentialId).getBytes(StandardCharsets.US_ASCII);
    }

    /** @param context what is authenticated along with the secret, and needed to open it */
    public byte[] seal(byte[] secret, byte[] context) {
        var nonce = entropy.bytes(NONCE_LENGTH);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            var sealed = Arrays.copyOf(nonce, NONCE_LENGTH + secret.length + TAG_LENGTH);
            cipher.doFinal(secret, 0, secret.length, sealed, NONCE_LENGTH);
            return sealed;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM does not encrypt", impossible);
        }
    }

    /** Empty when changed, or sealed with another key or context. */
    public Optional<byte[]> open(byte[] sealed, byte[] context) {
        if (sealed.length < NONCE_LENGTH + TAG_LENGTH) {
            return Optional.empty();
        }
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_LENGTH), context);
            return Optional.of(cipher.doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH));
        } catch (AEADBadTagException changed) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM does not decrypt", impossible);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * 8, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
