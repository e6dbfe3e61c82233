package org.countersign.server.audit;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The Ed25519 key (RFC 8032) that signs the heads of chains. Safe for use by many threads. */
public final class AnchorKey {

    private static final byte[] LABEL = "countersign audit anchor 1".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST_MATERIAL = 16;

    private final Ed25519PrivateKeyParameters key;

    private AnchorKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    /**
     * The key that belongs to a secret: HKDF-SHA256 (RFC 5869) without salt, {@code info} is
     * {@code countersign audit anchor 1}, the 32 bytes of output are the private key. Nothing about the secret follows
     * from the key.
     *
     * @param material a secret key of 16 bytes or more, never a password
     */
    public static AnchorKey derive(byte[] material) {
        if (material.length < LEAST_MATERIAL) {
            throw new IllegalArgumentException("The anchor key is derived from " + LEAST_MATERIAL + " bytes or more");
        }
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(material, null, LABEL));
        var seed = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
        hkdf.generateBytes(seed, 0, seed.length);
        return new AnchorKey(new Ed25519PrivateKeyParameters(seed));
    }

    public AnchorPublicKey publicKey() {
        return new AnchorPublicKey(key.generatePublicKey());
    }

    byte[] sign(byte[] message) {
        // Bouncy Castle's own class, not through the JCA: no provider lookup, and a third of the JDK's time.
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}
