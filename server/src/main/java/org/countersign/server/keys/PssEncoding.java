package org.countersign.server.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.countersign.core.entropy.Entropy;

/**
 * RSASSA-PSS over a hash made elsewhere (RFC 8017 §8.1): the encoding by Bouncy Castle, since the JCA's PSS only takes the
 * message, the private key operation by whoever holds the key. MGF1 with the same hash, salt as long as the hash.
 */
final class PssEncoding {

    /** RSASP1: one block of the modulus's length to another. */
    @FunctionalInterface
    interface PrivateOperation {
        byte[] apply(byte[] block) throws GeneralSecurityException;
    }

    private PssEncoding() {}

    static byte[] sign(
            PrivateKey key, HashAlgorithm algorithm, byte[] hash, Entropy entropy, PrivateOperation operation)
            throws GeneralSecurityException {
        var modulus = ((RSAKey) key).getModulus();
        var signer = PSSSigner.createRawSigner(
                new RawCipher(modulus, operation),
                digest(algorithm),
                digest(algorithm),
                algorithm.length(),
                PSSSigner.TRAILER_IMPLICIT);
        // "Internal" spares Bouncy Castle's test of the modulus: it is ours. The exponent is never used.
        var parameters = new RSAKeyParameters(true, modulus, BigInteger.ONE, true);
        signer.init(true, new ParametersWithRandom(parameters, entropy.secureRandom()));
        signer.update(hash, 0, hash.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException failed) {
            throw new GeneralSecurityException(failed);
        }
    }

    private static Digest digest(HashAlgorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> SHA256Digest.newInstance();
            case SHA384 -> new SHA384Digest();
            case SHA512 -> new SHA512Digest();
        };
    }

    private record RawCipher(BigInteger modulus, PrivateOperation operation) implements AsymmetricBlockCipher {

        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {
            // The key is with the operation.
        }

        @Override
        public int getInputBlockSize() {
            return (modulus.bitLength() + 7) / 8;
        }

        @Override
        public int getOutputBlockSize() {
            return getInputBlockSize();
        }

        @Override
        public byte[] processBlock(byte[] in, int offset, int length) throws InvalidCipherTextException {
            try {
                return operation.apply(Arrays.copyOfRange(in, offset, offset + length));
            } catch (GeneralSecurityException failed) {
                throw new InvalidCipherTextException("The private key operation failed", failed);
            }
        }
    }
}
