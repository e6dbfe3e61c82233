package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.util.encoders.Hex;

/**
 * A secret that came from another master secret: sealed anew, with the bytes it was sealed as where the credential's key
 * was bound to them. Format: {@code countersign ad1} and a zero byte, two bytes of length, those bytes, the new seal. No
 * seal of our own begins like that: it begins with 12 random bytes.
 *
 * @param binding what the key is bound to
 * @param sealed bound to purpose, credential and {@code binding}: an OTP of somebody's own can not be put here
 */
record AdoptedSecret(byte[] binding, byte[] sealed) {

    private static final byte[] MAGIC = "countersign ad1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BINDING = 1_024;

    static Optional<AdoptedSecret> parse(byte[] stored) {
        if (stored.length < MAGIC.length + Short.BYTES
                || !MessageDigest.isEqual(MAGIC, Arrays.copyOf(stored, MAGIC.length))) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(stored).getShort(MAGIC.length) & 0xffff;
        int begin = MAGIC.length + Short.BYTES;
        if (length > stored.length - begin) {
            throw new IllegalArgumentException("A stored secret is malformed");
        }
        return Optional.of(new AdoptedSecret(
                Arrays.copyOfRange(stored, begin, begin + length),
                Arrays.copyOfRange(stored, begin + length, stored.length)));
    }

    byte[] encoded() {
        if (binding.length > MAX_BINDING) {
            throw new IllegalArgumentException("What a key is bound to is too long");
        }
        return ByteBuffer.allocate(MAGIC.length + Short.BYTES + binding.length + sealed.length)
                .put(MAGIC)
                .putShort((short) binding.length)
                .put(binding)
                .put(sealed)
                .array();
    }

    byte[] context(String purpose, UUID credentialId) {
        return context(purpose, credentialId, binding);
    }

    static byte[] context(String purpose, UUID credentialId, byte[] binding) {
        var digest = Hex.toHexString(HashAlgorithm.SHA256.digest(binding));
        return SealedSecrets.context(purpose + " adopted for " + digest, credentialId);
    }

    @Override
    public String toString() {
        return "an adopted secret";
    }
}
