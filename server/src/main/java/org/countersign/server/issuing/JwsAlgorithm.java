package org.countersign.server.issuing;

import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;
import org.jose4j.jws.EcdsaUsingShaAlgorithm;

/** How servers sign tokens (RFC 7518 §3.3 and §3.4). */
public enum JwsAlgorithm {
    /** ECDSA on P-256 with SHA-256. */
    ES256(KeyAlgorithm.EC_P256, SignatureAlgorithm.SHA256WITHECDSA) {
        @Override
        byte[] jws(byte[] signature) {
            try {
                return EcdsaUsingShaAlgorithm.convertDerToConcatenated(signature, P256_SIGNATURE);
            } catch (java.io.IOException malformed) {
                throw new IllegalStateException("A signature of our own is malformed", malformed);
            }
        }
    },
    /** RSASSA-PKCS1-v1_5 with SHA-256, 3072 bits. */
    RS256(KeyAlgorithm.RSA_3072, SignatureAlgorithm.SHA256WITHRSA) {
        @Override
        byte[] jws(byte[] signature) {
            return signature;
        }
    };

    private static final int P256_SIGNATURE = 64;

    private final KeyAlgorithm key;
    private final SignatureAlgorithm signature;

    JwsAlgorithm(KeyAlgorithm key, SignatureAlgorithm signature) {
        this.key = key;
        this.signature = signature;
    }

    KeyAlgorithm key() {
        return key;
    }

    SignatureAlgorithm signature() {
        return signature;
    }

    /**
     * Signs a digest as it is.
     *
     * @param digest SHA-256: 32 bytes
     * @return as a JWS has it: of ECDSA 64 bytes, both values in full length
     */
    public byte[] sign(SigningKey with, byte[] digest) {
        return jws(with.sign(signature, digest));
    }

    /** A signature of the vault as a JWS has it. */
    abstract byte[] jws(byte[] vaultSignature);
}
