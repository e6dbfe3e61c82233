package org.countersign.server.keys;

import java.util.Base64;
import java.util.Optional;

/**
 * What the database keeps of a PIN, at most 300 characters: {@link Argon2Hash}'s text, then {@code $} and the activation
 * key sealed under what the PIN gives, then {@code $} and the PIN key, Argon2's input K, sealed under the master secret;
 * both sealed with AES-GCM and in base64 without padding. PINs set before there were PIN keys lack the last part: they
 * share one key of the company.
 */
record StoredPin(Argon2Hash verifier, byte[] sealedActivationKey, Optional<byte[]> sealedPinKey) {

    /** The hash alone has five. */
    private static final int SEPARATORS = 6;

    String encoded() {
        var base64 = Base64.getEncoder().withoutPadding();
        return verifier.encoded()
                + '$'
                + base64.encodeToString(sealedActivationKey)
                + sealedPinKey.map(bytes -> '$' + base64.encodeToString(bytes)).orElse("");
    }

    /** Without its PIN key: what does not depend on a master secret. */
    StoredPin withoutKey() {
        return new StoredPin(verifier, sealedActivationKey, Optional.empty());
    }

    /** @throws IllegalArgumentException when malformed; the text is not in the message */
    static StoredPin parse(String encoded) {
        long separators = encoded.chars().filter(character -> character == '$').count();
        int last = encoded.lastIndexOf('$');
        if (separators == SEPARATORS) {
            return new StoredPin(
                    Argon2Hash.parse(encoded.substring(0, last)),
                    Base64.getDecoder().decode(encoded.substring(last + 1)),
                    Optional.empty());
        }
        if (separators != SEPARATORS + 1) {
            throw new IllegalArgumentException("A stored PIN is malformed");
        }
        var without = parse(encoded.substring(0, last));
        return new StoredPin(
                without.verifier(),
                without.sealedActivationKey(),
                Optional.of(Base64.getDecoder().decode(encoded.substring(last + 1))));
    }

    @Override
    public String toString() {
        return "a stored PIN";
    }
}
