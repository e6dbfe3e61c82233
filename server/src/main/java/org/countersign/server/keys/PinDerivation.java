package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;

/**
 * PIN to 64 bytes by Argon2id keyed with a secret (RFC 9106, input K) and bound to the credential (input X): the first
 * half is the activation key, the SHA-256 of the second the verifier. Without the secret no guess can be tested.
 */
final class PinDerivation {

    private static final int HALF = ActivationKey.LENGTH;

    private final byte[] secret;
    private final Argon2Cost cost;
    private final Entropy entropy;

    PinDerivation(byte[] secret, Argon2Cost cost, Entropy entropy) {
        this.secret = secret;
        this.cost = cost;
        this.entropy = entropy;
    }

    EnrolledPin enroll(UUID credentialId, String pin) {
        var salt = entropy.bytes(Argon2Hash.SALT_LENGTH);
        var derived = derive(credentialId, pin, cost, salt);
        try {
            return new EnrolledPin(new Argon2Hash(cost, salt, verifier(derived)).encoded(), activationKey(derived));
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    Optional<ActivationKey> check(UUID credentialId, String pin, String verifier) {
        var stored = Argon2Hash.parse(verifier);
        var derived = derive(credentialId, pin, stored.cost(), stored.salt());
        try {
            return MessageDigest.isEqual(stored.hash(), verifier(derived))
                    ? Optional.of(activationKey(derived))
                    : Optional.empty();
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    private byte[] derive(UUID credentialId, String pin, Argon2Cost pinCost, byte[] salt) {
        var context = ByteBuffer.allocate(16)
                .putLong(credentialId.getMostSignificantBits())
                .putLong(credentialId.getLeastSignificantBits())
                .array();
        var password = pin.getBytes(StandardCharsets.UTF_8);
        try {
            return Argon2.derive(password, pinCost, salt, secret, context, 2 * HALF);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static ActivationKey activationKey(byte[] derived) {
        var half = Arrays.copyOf(derived, HALF);
        try {
            return new ActivationKey(half);
        } finally {
            Arrays.fill(half, (byte) 0);
        }
    }

    private static byte[] verifier(byte[] derived) {
        var half = Arrays.copyOfRange(derived, HALF, 2 * HALF);
        try {
            return SignatureAlgorithm.SHA256WITHRSA.digest(half);
        } finally {
            Arrays.fill(half, (byte) 0);
        }
    }
}
