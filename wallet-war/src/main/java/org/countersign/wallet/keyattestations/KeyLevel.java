package org.countersign.wallet.keyattestations;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How well a key is kept, as an organisation may require of its wallets; each holds for those before it as well. */
public enum KeyLevel {
    /** Nobody knows: what the device says is stored, and not required to be good. */
    NONE,
    /** By a trusted environment of the device's processor, beside its operating system. */
    TRUSTED_ENVIRONMENT,
    /** By a processor of its own: StrongBox, the Secure Enclave. */
    SECURE_PROCESSOR;

    /** As the API and the database have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return nothing for any other text */
    public static Optional<KeyLevel> parse(String text) {
        return Arrays.stream(values())
                .filter(level -> level.text().equals(text))
                .findFirst();
    }

    /** Whether a key that is kept like this is good enough for who requires the other. */
    public boolean satisfies(KeyLevel required) {
        return compareTo(required) >= 0;
    }
}
