package org.countersign.server.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SignatureProvider;

/** The Ed25519 key (RFC 8032) that signs the heads of chains. Safe for use by many threads. */
public final class AnchorKey {

    private static final byte[] LABEL = "countersign audit anchor 1".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST_MATERIAL = 16;

    private final Ed25519PrivateKeyParameters key;
    private final UnaryOperator<byte[]> signer;

    private AnchorKey(Ed25519PrivateKeyParameters key, UnaryOperator<byte[]> signer) {
        this.key = key;
        this.signer = signer;
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
        var key = new Ed25519PrivateKeyParameters(seed);
        return new AnchorKey(key, message -> bouncyCastle(key, message));
    }

    /** The same key, signing natively where that works: every commit of the log signs a head. */
    public AnchorKey through(SignatureProvider provider) {
        if (!provider.isNative()) {
            return this;
        }
        try {
            var open = provider.open(
                    PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded());
            return new AnchorKey(key, message -> open.sign(SignatureAlgorithm.ED25519, message));
        } catch (IOException impossible) {
            throw new IllegalStateException("An Ed25519 key always has its encoding", impossible);
        }
    }

    public AnchorPublicKey publicKey() {
        return new AnchorPublicKey(key.generatePublicKey());
    }

    byte[] sign(byte[] message) {
        return signer.apply(message);
    }

    private static byte[] bouncyCastle(Ed25519PrivateKeyParameters key, byte[] message) {
        // Bouncy Castle's own class, not through the JCA: no provider lookup, and a third of the JDK's time.
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}
