package org.countersign.server.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;

/**
 * PIN to 64 bytes by Argon2id with a key (RFC 9106, input K) and bound to the credential (input X): the first half seals
 * the activation key, the SHA-256 of the second is the verifier. Without the key no guess can be tested; it is random,
 * the PIN's own, and stored sealed under the master secret, so that a credential can go to another master secret without
 * its holder and without a key that other credentials have too. Earlier PINs share one key derived from the master secret.
 * The activation key is random, not the half itself: a change of PIN then seals it anew in the credential's row, and no
 * vault has to change in step with the database.
 */
final class PinDerivation {

    private static final int HALF = 32;
    private static final String PURPOSE = "countersign activation key v1";
    private static final String KEY_PURPOSE = "countersign PIN key v1";
    private static final int KEY_LENGTH = 32;

    private final byte[] companyKey;
    private final SealedSecrets keys;
    private final Argon2Cost cost;
    private final Entropy entropy;

    /** @param companyKey of PINs that have no key of their own */
    PinDerivation(byte[] companyKey, SealedSecrets keys, Argon2Cost cost, Entropy entropy) {
        this.companyKey = companyKey;
        this.keys = keys;
        this.cost = cost;
        this.entropy = entropy;
    }

    EnrolledPin enroll(UUID credentialId, String pin, ActivationKey activationKey) {
        var salt = entropy.bytes(Argon2Hash.SALT_LENGTH);
        var key = entropy.bytes(KEY_LENGTH);
        var derived = derive(credentialId, pin, cost, salt, key);
        var activation = activationKey.bytes();
        try {
            var sealed = sealing(derived).seal(activation, SealedSecrets.context(PURPOSE, credentialId));
            var verifier = new Argon2Hash(cost, salt, verifier(derived));
            var stored = new StoredPin(verifier, sealed, Optional.of(sealedKey(credentialId, key)));
            return new EnrolledPin(stored.encoded(), activationKey);
        } finally {
            Arrays.fill(derived, (byte) 0);
            Arrays.fill(activation, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    Optional<ActivationKey> check(UUID credentialId, String pin, String stored) {
        var parsed = StoredPin.parse(stored);
        var key = key(credentialId, parsed);
        var derived = derive(
                credentialId, pin, parsed.verifier().cost(), parsed.verifier().salt(), key);
        try {
            return MessageDigest.isEqual(parsed.verifier().hash(), verifier(derived))
                    ? Optional.of(activationKey(credentialId, derived, parsed.sealedActivationKey()))
                    : Optional.empty();
        } finally {
            Arrays.fill(derived, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    MovedPin release(UUID credentialId, String stored) {
        var parsed = StoredPin.parse(stored);
        return new MovedPin(
                parsed.withoutKey().encoded(),
                key(credentialId, parsed),
                parsed.sealedPinKey().isEmpty());
    }

    String adopt(UUID credentialId, MovedPin moved) {
        var parsed = StoredPin.parse(moved.stored());
        if (moved.key().length != KEY_LENGTH || parsed.sealedPinKey().isPresent()) {
            throw new IllegalArgumentException("A moved PIN has a key of 32 bytes beside it");
        }
        var sealed = sealedKey(credentialId, moved.key());
        return new StoredPin(parsed.verifier(), parsed.sealedActivationKey(), Optional.of(sealed)).encoded();
    }

    private byte[] sealedKey(UUID credentialId, byte[] key) {
        return keys.seal(key, SealedSecrets.context(KEY_PURPOSE, credentialId));
    }

    /** A copy, to be wiped. */
    private byte[] key(UUID credentialId, StoredPin stored) {
        return stored.sealedPinKey()
                .map(bytes -> keys.open(bytes, SealedSecrets.context(KEY_PURPOSE, credentialId))
                        .orElseThrow(() -> new IllegalStateException(
                                "A PIN's key was changed or belongs to another credential or master secret")))
                .orElseGet(companyKey::clone);
    }

    private static byte[] derive(UUID credentialId, String pin, Argon2Cost pinCost, byte[] salt, byte[] key) {
        var context = ByteBuffer.allocate(16)
                .putLong(credentialId.getMostSignificantBits())
                .putLong(credentialId.getLeastSignificantBits())
                .array();
        var password = pin.getBytes(StandardCharsets.UTF_8);
        try {
            return Argon2.derive(password, pinCost, salt, key, context, 2 * HALF);
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
