package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;

/**
 * What is stored of a one-time code that was sent: a salt and HMAC-SHA256 over it, the credential, the code's end and the code, under a key
 * of the master secret. A code has so few values that no hash without a key would hide it. Safe for use by many threads.
 */
final class CodeHashes {

    private static final int SALT_LENGTH = 16;

    private final MessageCodes codes;
    private final Entropy entropy;

    CodeHashes(MasterSecret master, Entropy entropy) {
        this.codes = new MessageCodes(master, "codes sent to holders");
        this.entropy = entropy;
    }

    byte[] hash(UUID credentialId, String code, Instant end) {
        var salt = entropy.bytes(SALT_LENGTH);
        return join(salt, codes.of(message(salt, credentialId, code, end)));
    }

    /** Compares in constant time. */
    boolean matches(UUID credentialId, String code, Instant end, byte[] hash) {
        var salt = Arrays.copyOf(hash, SALT_LENGTH);
        return MessageDigest.isEqual(join(salt, codes.of(message(salt, credentialId, code, end))), hash);
    }

    private static byte[] message(byte[] salt, UUID credentialId, String code, Instant end) {
        return join(salt, (credentialId + " " + end.getEpochSecond() + " " + code).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
