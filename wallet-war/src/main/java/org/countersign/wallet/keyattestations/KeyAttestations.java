package org.countersign.wallet.keyattestations;

import java.time.Clock;
import java.util.Optional;
import org.countersign.core.jose.P256PublicKey;

/** Verifies what devices say of wallets' attestation keys, as far as the configuration knows whom to believe. */
public final class KeyAttestations {

    private final Optional<AndroidKeyAttestation> android;
    private final Optional<AppleAppAttest> apple;
    private final Clock clock;

    public KeyAttestations(KeyAttestationSettings settings, Clock clock) {
        this.android = settings.android().map(AndroidKeyAttestation::new);
        this.apple = settings.apple().map(AppleAppAttest::new);
        this.clock = clock;
    }

    /**
     * @param text {@code key_attestation}
     * @param key the wallet's attestation key, of which possession was proven
     * @param nonce of the provider, which was taken
     * @param required by the organisation; with {@link KeyLevel#NONE} what is not good is as good as none
     * @return nothing when none is required and none was good
     * @throws BadKeyAttestation when one is required
     */
    public Optional<AttestedKey> verify(String text, P256PublicKey key, String nonce, KeyLevel required)
            throws BadKeyAttestation {
        try {
            var attested = verify(text, key, nonce);
            BadKeyAttestation.require(attested.level().satisfies(required), "level of the key");
            return Optional.of(attested);
        } catch (BadKeyAttestation refused) {
            if (required == KeyLevel.NONE) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private AttestedKey verify(String text, P256PublicKey key, String nonce) throws BadKeyAttestation {
        var now = clock.instant();
        if (android.isPresent() && text.startsWith(AndroidKeyAttestation.PREFIX)) {
            return android.get().verify(text.substring(AndroidKeyAttestation.PREFIX.length()), key, nonce, now);
        }
        if (apple.isPresent() && text.startsWith(AppleAppAttest.PREFIX)) {
            return apple.get().verify(text.substring(AppleAppAttest.PREFIX.length()), key, nonce, now);
        }
        throw new BadKeyAttestation("unknown kind of attestation");
    }
}
