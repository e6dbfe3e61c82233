package org.countersign.signer.factors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.agreement.X25519Agreement;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.ActivationKey;

/**
 * Lets a key be wrapped for a PIN that is not at hand. The key pair is generated in a later call than the one that set
 * the PIN, and the PIN is not kept in between: what the PIN derives is taken as an X25519 private key (RFC 7748), of
 * which the public half is stored. At generation an ephemeral key agrees with that half on the key that wraps; at
 * authorization the holder's PIN derives the private half and comes to the same.
 */
public final class ActivationAgreement {

    private static final byte[] LABEL = "countersign activation agreement v1 ".getBytes(StandardCharsets.US_ASCII);

    private final Entropy entropy;

    public ActivationAgreement(Entropy entropy) {
        this.entropy = entropy;
    }

    /** @param ephemeral the public half to store, without which the wrapping key can not be found again */
    public record Agreed(byte[] ephemeral, ActivationKey wrapping) {

        @Override
        public String toString() {
            return "an agreed activation key";
        }
    }

    /** The public half of what the factors derive: 32 bytes, good for storing. */
    public byte[] publicHalf(ActivationKey factors) {
        return withPrivate(factors, key -> key.generatePublicKey().getEncoded());
    }

    /**
     * Agrees on a key to wrap with, without the holder.
     *
     * @param binding what the credential's protection consists of; changed in the database, it gives another key
     */
    public Agreed agree(byte[] binding, byte[] publicHalf) {
        var ephemeral = new X25519PrivateKeyParameters(entropy.secureRandom());
        var ephemeralPublic = ephemeral.generatePublicKey().getEncoded();
        return new Agreed(ephemeralPublic, wrapping(binding, ephemeral, publicHalf, ephemeralPublic, publicHalf));
    }

    /** The same key, from the holder's factors. */
    public ActivationKey recover(byte[] binding, ActivationKey factors, byte[] publicHalf, byte[] ephemeral) {
        return withPrivate(factors, key -> wrapping(binding, key, ephemeral, ephemeral, publicHalf));
    }

    private static <T> T withPrivate(
            ActivationKey factors, java.util.function.Function<X25519PrivateKeyParameters, T> use) {
        var bytes = factors.bytes();
        try {
            return use.apply(new X25519PrivateKeyParameters(bytes, 0));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static ActivationKey wrapping(
            byte[] binding, X25519PrivateKeyParameters mine, byte[] theirs, byte[] ephemeral, byte[] publicHalf) {
        var agreement = new X25519Agreement();
        agreement.init(mine);
        var shared = new byte[agreement.getAgreementSize()];
        // Refuses, by an exception, the points of small order.
        agreement.calculateAgreement(new X25519PublicKeyParameters(theirs, 0), shared, 0);
        var salt = Arrays.copyOf(ephemeral, ephemeral.length + publicHalf.length);
        System.arraycopy(publicHalf, 0, salt, ephemeral.length, publicHalf.length);
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(shared, salt, org.bouncycastle.util.Arrays.concatenate(LABEL, binding)));
        var key = new byte[ActivationKey.LENGTH];
        hkdf.generateBytes(key, 0, key.length);
        try {
            return new ActivationKey(key);
        } finally {
            Arrays.fill(shared, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }
}
