package org.countersign.server.keys;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;

/**
 * What of second factors is secret, under keys derived from the {@link MasterSecret}: PINs become verifiers and
 * activation keys, OTP secrets are sealed, codes that are sent are hashed. Everything is bound to its credential: a row copied to another one fails.
 * Safe for use by many threads.
 */
public final class FactorSecrets {

    private static final int SALT_LENGTH = 16;
    private static final String ACTIVATION = "activation";

    private final PinDerivation pins;
    private final SealedSecrets sealed;
    private final CodeHashes codes;
    private final MasterSecret master;
    private final Entropy entropy;

    /** @param pinCost of PINs set from now on; earlier ones keep theirs */
    public FactorSecrets(MasterSecret master, Argon2Cost pinCost, Entropy entropy) {
        this.sealed = new SealedSecrets(master.derive("countersign factor secrets v1"), entropy);
        this.pins = new PinDerivation(master.derive("countersign pin v1"), sealed, pinCost, entropy);
        this.codes = new CodeHashes(master, entropy);
        this.master = master;
        this.entropy = entropy;
    }

    /** A first PIN, with a random activation key; costs about 5 ms of one core by default. */
    public EnrolledPin enrollPin(UUID credentialId, String pin) {
        var bytes = entropy.bytes(ActivationKey.LENGTH);
        try {
            return pins.enroll(credentialId, pin, new ActivationKey(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The holder's change of PIN: the activation key, and so the key pair, stays.
     *
     * @param activationKey as {@link #checkPin} gave it for the former PIN; the caller still closes it
     */
    public EnrolledPin changePin(UUID credentialId, String pin, ActivationKey activationKey) {
        return pins.enroll(credentialId, pin, activationKey);
    }

    /**
     * The activation key, or empty when the PIN is wrong; both cost the same.
     *
     * @param stored {@link EnrolledPin#stored()}
     * @throws IllegalArgumentException when what is stored is malformed
     * @throws IllegalStateException when the PIN is right and what it sealed was changed
     */
    public Optional<ActivationKey> checkPin(UUID credentialId, String pin, String stored) {
        return pins.check(credentialId, pin, stored);
    }

    /** For a credential without PIN: 16 random bytes to keep with it. */
    public byte[] newActivationSalt() {
        return entropy.bytes(SALT_LENGTH);
    }

    /**
     * For a credential without PIN: its other factors were checked before.
     *
     * @param activationSalt {@link #newActivationSalt()}, or {@link #adoptActivationKey}'s
     */
    public ActivationKey activationKeyWithoutPin(UUID credentialId, byte[] activationSalt) {
        if (activationSalt.length != SALT_LENGTH) {
            var bytes = open(credentialId, ACTIVATION, activationSalt);
            try {
                return new ActivationKey(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        return new ActivationKey(master.derive("countersign activation v1 " + credentialId, activationSalt));
    }

    /**
     * Encrypts, such as the seed of an OTP device.
     *
     * @param purpose a constant of the caller, such as {@code otp}
     */
    public byte[] seal(UUID credentialId, String purpose, byte[] secret) {
        return sealed.seal(secret, SealedSecrets.context(purpose, credentialId));
    }

    /** @throws IllegalStateException when changed, of another credential or purpose, or under another master secret */
    public byte[] open(UUID credentialId, String purpose, byte[] sealedSecret) {
        var adopted = AdoptedSecret.parse(sealedSecret);
        var context = adopted.map(secret -> secret.context(purpose, credentialId))
                .orElseGet(() -> SealedSecrets.context(purpose, credentialId));
        return sealed.open(adopted.map(AdoptedSecret::sealed).orElse(sealedSecret), context)
                .orElseThrow(() -> new IllegalStateException(
                        "A sealed secret was changed or belongs to another credential or master secret"));
    }

    /**
     * What to store of a one-time code that is sent to the holder: 48 bytes, which tell nothing of it.
     *
     * @param end of the code, in whole seconds
     */
    public byte[] hashOfCode(UUID credentialId, String code, Instant end) {
        return codes.hash(credentialId, code, end);
    }

    /**
     * Whether it is the code that was sent.
     *
     * @param end as it was when {@link #hashOfCode(UUID, String, Instant)} gave the hash; with another one no code is right
     */
    public boolean isCode(UUID credentialId, String code, Instant end, byte[] hash) {
        return codes.matches(credentialId, code, end, hash);
    }

    /**
     * What a key is bound to when it is bound to a sealed secret: its bytes, or of an adopted one those it had where the
     * key was made.
     */
    public static byte[] binding(byte[] sealedSecret) {
        return AdoptedSecret.parse(sealedSecret).map(AdoptedSecret::binding).orElse(sealedSecret);
    }

    /**
     * Lets a PIN go to another master secret.
     *
     * @throws IllegalStateException when its key was changed or is under another master secret than this
     */
    public MovedPin releasePin(UUID credentialId, String stored) {
        return pins.release(credentialId, stored);
    }

    /** @return the PIN for the database, see {@link EnrolledPin#stored()}; the holder's PIN stays */
    public String adoptPin(UUID credentialId, MovedPin pin) {
        return pins.adopt(credentialId, pin);
    }

    /** @return what takes the place of the activation salt for a credential without PIN from another master secret */
    public byte[] adoptActivationKey(UUID credentialId, ActivationKey key) {
        var bytes = key.bytes();
        try {
            return seal(credentialId, ACTIVATION, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Seals a secret from another master secret, without changing what the credential's key is bound to.
     *
     * @param binding {@link #binding(byte[])} of what it was sealed as; this seal holds for no other
     */
    public byte[] adopt(UUID credentialId, String purpose, byte[] secret, byte[] binding) {
        var context = AdoptedSecret.context(purpose, credentialId, binding);
        return new AdoptedSecret(binding, sealed.seal(secret, context)).encoded();
    }
}
