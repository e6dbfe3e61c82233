package org.countersign.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.countersign.core.entropy.Entropy;

/**
 * Hashes of OAuth client secrets: Argon2id with salt and cost in the text, {@code $argon2id$v=19$m=…,t=…,p=1$…$…}. Needs
 * no master secret. Safe for use by many threads.
 */
public final class SecretHash {

    private static final int BEARABLE_MEMORY_KIB = 65_536;
    private static final int BEARABLE_ITERATIONS = 4;
    private static final byte[] NONE = new byte[0];

    private final Argon2Cost cost;
    private final Entropy entropy;

    /** @param cost of hashes made from now on; earlier ones keep theirs */
    public SecretHash(Argon2Cost cost, Entropy entropy) {
        this.cost = cost;
        this.entropy = entropy;
    }

    /** At most 160 characters of ASCII. */
    public String hash(String secret) {
        var salt = entropy.bytes(Argon2Hash.SALT_LENGTH);
        return new Argon2Hash(cost, salt, derive(secret, cost, salt)).encoded();
    }

    /**
     * Compares in constant time.
     *
     * @throws IllegalArgumentException when the stored hash is malformed
     */
    public boolean matches(String secret, String hash) {
        var stored = Argon2Hash.parse(hash);
        return MessageDigest.isEqual(stored.hash(), derive(secret, stored.cost(), stored.salt()));
    }

    /**
     * Whether a hash that was made elsewhere may be taken over: well formed, and cheap enough for whoever, knowing the
     * client's identifier alone, makes the server check it.
     */
    public static boolean isBearable(String hash) {
        try {
            var cost = Argon2Hash.parse(hash).cost();
            return cost.memoryKib() <= BEARABLE_MEMORY_KIB && cost.iterations() <= BEARABLE_ITERATIONS;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static byte[] derive(String secret, Argon2Cost cost, byte[] salt) {
        var password = secret.getBytes(StandardCharsets.UTF_8);
        try {
            return Argon2.derive(password, cost, salt, NONE, NONE, Argon2Hash.HASH_LENGTH);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }
}
