package org.countersign.server.keys;

import java.util.Base64;

/**
 * What the database keeps of a PIN: {@link Argon2Hash}'s text, then {@code $} and the base64 (without padding) of the
 * activation key sealed with AES-GCM under the PIN's key.
 */
record StoredPin(Argon2Hash verifier, byte[] sealedActivationKey) {

    String encoded() {
        return verifier.encoded() + '$' + Base64.getEncoder().withoutPadding().encodeToString(sealedActivationKey);
    }

    /** @throws IllegalArgumentException when malformed; the text is not in the message */
    static StoredPin parse(String encoded) {
        int split = encoded.lastIndexOf('$');
        if (split < 0) {
            throw new IllegalArgumentException("A stored PIN is malformed");
        }
        return new StoredPin(
                Argon2Hash.parse(encoded.substring(0, split)),
                Base64.getDecoder().decode(encoded.substring(split + 1)));
    }

    @Override
    public String toString() {
        return "a stored PIN";
    }
}
