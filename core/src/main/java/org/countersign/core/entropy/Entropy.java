package org.countersign.core.entropy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.countersign.core.wiring.Wiring;

/** The one source of randomness: keys, salts, tokens and identifiers. Safe for use by many threads. */
public final class Entropy {

    private static final int TOKEN_BYTES = 32;

    private final SecureRandom random;

    public Entropy(SecureRandom random) {
        this.random = random;
    }

    /** The machine's own generator. */
    @Wiring
    public static Entropy system() {
        return new Entropy(new SecureRandom());
    }

    public byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** 256 random bits in base64url without padding: 43 characters. */
    public String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(TOKEN_BYTES));
    }

    /** A random (version 4) UUID. */
    public UUID uuid() {
        var bytes = bytes(16);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | bytes[i] & 0xff;
            low = low << 8 | bytes[8 + i] & 0xff;
        }
        return new UUID(high & ~0xf000L | 0x4000L, low & 0x3fffffffffffffffL | 0x8000000000000000L);
    }

    /** For the JDK's and Bouncy Castle's generators, which want the source itself. */
    public SecureRandom secureRandom() {
        return random;
    }
}
