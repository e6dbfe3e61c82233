package org.countersign.agent.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import javax.crypto.Cipher;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;

/** Makes and checks signatures over hashes, with keys that Java has. */
public final class HashSignature {

    private static final byte PSS_TRAILER = (byte) 0xBC;
    private static final int SMALLEST_RSA_BITS = 1_024;
    private static final int LARGEST_RSA_BITS = 8_192;

    private HashSignature() {}

    /**
     * Signs.
     *
     * @return an EC key's as ECDSA-Sig-Value; nothing when keys of this kind do not sign so
     * @throws GeneralSecurityException when the key's provider refuses
     */
    public static Optional<byte[]> sign(SignatureScheme scheme, PrivateKey key, byte[] hash, SecureRandom random)
            throws GeneralSecurityException {
        switch (key.getAlgorithm()) {
            case "RSA":
                return Optional.of(
                        scheme.isPss() ? pss(scheme, key, hash, random) : pkcs1(key, scheme.digestInfo(hash)));
            case "EC":
                if (scheme.isPss()) {
                    return Optional.empty();
                }
                var signature = Signature.getInstance("NONEwithECDSA");
                signature.initSign(key, random);
                signature.update(hash);
                return Optional.of(signature.sign());
            default:
                return Optional.empty();
        }
    }

    private static byte[] pkcs1(PrivateKey key, byte[] digestInfo) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(digestInfo);
    }

    private static byte[] pss(SignatureScheme scheme, PrivateKey key, byte[] hash, SecureRandom random)
            throws GeneralSecurityException {
        var signer = PSSSigner.createRawSigner(
                new PrivateRsa(key), digest(scheme), digest(scheme), scheme.hashBytes(), PSS_TRAILER);
        signer.init(true, new ParametersWithRandom(modulus(key), random));
        signer.update(hash, 0, hash.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException refused) {
            throw new GeneralSecurityException(refused);
        }
    }

    /** The modulus is all of the key that the padding needs; the key itself stays with its provider. */
    private static RSAKeyParameters modulus(PrivateKey key) throws GeneralSecurityException {
        if (key instanceof java.security.interfaces.RSAKey rsa) {
            return new RSAKeyParameters(true, rsa.getModulus(), BigInteger.ONE);
        }
        throw new GeneralSecurityException("A key that does not tell its size");
    }

    /** Whether a key made the signature; malformed ones and keys of other kinds are a no. */
    public static boolean verify(SignatureScheme scheme, PublicKey key, byte[] hash, byte[] signature) {
        if (hash.length != scheme.hashBytes()) {
            return false;
        }
        try {
            return switch (key.getAlgorithm()) {
                case "RSA" -> rsa(scheme, (RSAPublicKey) key, hash, signature);
                case "EC" -> !scheme.isPss() && ec(key, hash, signature);
                default -> false;
            };
        } catch (GeneralSecurityException | RuntimeException malformed) {
            return false;
        }
    }

    private static boolean ec(PublicKey key, byte[] hash, byte[] signature) throws GeneralSecurityException {
        var check = Signature.getInstance("NONEwithECDSA");
        check.initVerify(key);
        check.update(hash);
        return check.verify(signature);
    }

    private static boolean rsa(SignatureScheme scheme, RSAPublicKey key, byte[] hash, byte[] signature)
            throws GeneralSecurityException {
        int bits = key.getModulus().bitLength();
        if (bits < SMALLEST_RSA_BITS || bits > LARGEST_RSA_BITS) {
            return false;
        }
        if (scheme.isPss()) {
            var check = PSSSigner.createRawSigner(
                    new RSAEngine(), digest(scheme), digest(scheme), scheme.hashBytes(), PSS_TRAILER);
            check.init(false, new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent()));
            check.update(hash, 0, hash.length);
            return check.verifySignature(signature);
        }
        var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.DECRYPT_MODE, key);
        return MessageDigest.isEqual(cipher.doFinal(signature), scheme.digestInfo(hash));
    }

    private static Digest digest(SignatureScheme scheme) {
        return switch (scheme) {
            case SHA256, SHA256_PSS -> SHA256Digest.newInstance();
            case SHA384, SHA384_PSS -> new SHA384Digest();
            case SHA512, SHA512_PSS -> new SHA512Digest();
        };
    }

    /** RSA with the private key (RFC 8017 §5.2.1) by the JDK, which does it blinded. */
    private static final class PrivateRsa implements AsymmetricBlockCipher {

        private final PrivateKey key;
        private int bytes;

        PrivateRsa(PrivateKey key) {
            this.key = key;
        }

        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {
            var inner = parameters instanceof ParametersWithRandom random ? random.getParameters() : parameters;
            bytes = (((RSAKeyParameters) inner).getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
        }

        @Override
        public int getInputBlockSize() {
            return bytes;
        }

        @Override
        public int getOutputBlockSize() {
            return bytes;
        }

        @Override
        public byte[] processBlock(byte[] in, int from, int length) {
            try {
                var cipher = Cipher.getInstance("RSA/ECB/NoPadding");
                cipher.init(Cipher.DECRYPT_MODE, key);
                return cipher.doFinal(in, from, length);
            } catch (GeneralSecurityException refused) {
                throw new IllegalStateException("The key does not sign", refused);
            }
        }
    }
}
