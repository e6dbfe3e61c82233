package org.countersign.server.keys;

/**
 * A PIN just set.
 *
 * @param verifier for the database, with salt and cost:
 *     {@code $argon2id$v=19$m=<KiB>,t=<passes>,p=1$<salt>$<SHA-256 of the derived half>}, at most 160 characters of ASCII
 * @param activationKey what the PIN opens keys with
 */
public record EnrolledPin(String verifier, ActivationKey activationKey) {

    @Override
    public String toString() {
        return "an enrolled PIN";
    }
}
