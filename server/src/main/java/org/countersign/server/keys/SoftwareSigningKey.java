package org.countersign.server.keys;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import javax.crypto.Cipher;
import javax.security.auth.DestroyFailedException;
import org.countersign.core.entropy.Entropy;

/** A private key in this process's memory; a hash is signed without being hashed again. */
final class SoftwareSigningKey implements SigningKey {

    private final KeyAlgorithm algorithm;
    private final PrivateKey key;
    private final Provider accelerated;
    private final Entropy entropy;

    /** @param accelerated null for the JDK's own algorithms */
    SoftwareSigningKey(KeyAlgorithm algorithm, PrivateKey key, Provider accelerated, Entropy entropy) {
        this.algorithm = algorithm;
        this.key = key;
        this.accelerated = accelerated;
        this.entropy = entropy;
    }

    @Override
    public KeyAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public byte[] sign(SignatureAlgorithm signatureAlgorithm, byte[] hash) {
        signatureAlgorithm.requireFits(algorithm);
        signatureAlgorithm.requireLength(hash);
        try {
            return switch (signatureAlgorithm.scheme()) {
                // RFC 8017 §9.2: the padding of type 1 around the DigestInfo.
                case PKCS1 ->
                    rsa("RSA/ECB/PKCS1Padding", Cipher.ENCRYPT_MODE, DigestInfo.of(signatureAlgorithm.hash(), hash));
                case PSS ->
                    PssEncoding.sign(
                            key,
                            signatureAlgorithm.hash(),
                            hash,
                            entropy,
                            block -> rsa("RSA/ECB/NoPadding", Cipher.DECRYPT_MODE, block));
                case ECDSA -> signature("NONEwithECDSA", hash);
                case EDDSA -> signature("Ed25519", hash);
            };
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("A signature of " + signatureAlgorithm + " was not made", failed);
        }
    }

    private byte[] rsa(String transformation, int mode, byte[] block) throws GeneralSecurityException {
        var cipher = accelerated == null
                ? Cipher.getInstance(transformation, "SunJCE")
                : Cipher.getInstance(transformation, accelerated);
        cipher.init(mode, key, entropy.secureRandom());
        return cipher.doFinal(block);
    }

    private byte[] signature(String name, byte[] data) throws GeneralSecurityException {
        var signature =
                accelerated == null ? Signature.getInstance(name, "SunEC") : Signature.getInstance(name, accelerated);
        signature.initSign(key, entropy.secureRandom());
        signature.update(data);
        return signature.sign();
    }

    @Override
    public void close() {
        try {
            key.destroy();
        } catch (DestroyFailedException notTheJdks) {
            // The JDK's keys cannot be destroyed before they are collected; the native ones can.
        }
    }

    @Override
    public String toString() {
        return "a signing key of " + algorithm;
    }
}
