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
 * half seals the activation key, the SHA-256 of the second is the verifier. Without the secret no guess can be tested.
 * The activation key is random, not the half itself: a change of PIN then seals it anew in the credential's row, and no
 * vault has to change in step with the database.
 */
final class PinDerivation {

    private static final int HALF = 32;
    private static final String PURPOSE = "countersign activation key v1";

    private final byte[] secret;
    private final Argon2Cost cost;
    private final Entropy entropy;

    PinDerivation(byte[] secret, Argon2Cost cost, Entropy entropy) {
        this.secret = secret;
        this.cost = cost;
        this.entropy = entropy;
    }

    EnrolledPin enroll(UUID credentialId, String pin, ActivationKey activationKey) {
        var salt = entropy.bytes(Argon2Hash.SALT_LENGTH);
        var derived = derive(credentialId, pin, cost, salt);
        var activation = activationKey.bytes();
        try {
            var sealed = sealing(derived).seal(activation, SealedSecrets.context(PURPOSE, credentialId));
            var verifier = new Argon2Hash(cost, salt, verifier(derived));
            return new EnrolledPin(new StoredPin(verifier, sealed).encoded(), activationKey);
        } finally {
            Arrays.fill(derived, (byte) 0);
            Arrays.fill(activation, (byte) 0);
        }
    }

    Optional<ActivationKey> check(UUID credentialId, String pin, String stored) {
        var parsed = StoredPin.parse(stored);
        var derived = derive(
                credentialId, pin, parsed.verifier().cost(), parsed.verifier().salt());
        try {
            return MessageDigest.isEqual(parsed.verifier().hash(), verifier(derived))
                    ? Optional.of(activationKey(credentialId, derived, parsed.sealedActivationKey()))
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

    private SealedSecrets sealing(byte[] derived) {
        var half = Arrays.copyOf(derived, HALF);
        try {
            return new SealedSecrets(half, entropy);
        } finally {
            Arrays.fill(half, (byte) 0);
        }
    }

    private ActivationKey activationKey(UUID credentialId, byte[] derived, byte[] sealed) {
        var bytes = sealing(derived)
                .open(sealed, SealedSecrets.context(PURPOSE, credentialId))
                .orElseThrow(() -> new IllegalStateException("A sealed activation key was changed"));
        try {
            return new ActivationKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] verifier(byte[] derived) {
        var half = Arrays.copyOfRange(derived, HALF, 2 * HALF);
        try {
            return HashAlgorithm.SHA256.digest(half);
        } finally {
            Arrays.fill(half, (byte) 0);
        }
    }
}
