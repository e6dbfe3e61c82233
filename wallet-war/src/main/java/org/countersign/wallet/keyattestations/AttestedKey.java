package org.countersign.wallet.keyattestations;

import java.util.Optional;

/**
 * What was verified of a key, in the words of wallet attestations.
 *
 * @param keyType {@code key_type}: {@code tee}, {@code strong_box} or {@code secure_enclave}
 * @param userAuthentication {@code user_authentication}: {@code system_pin} or {@code system_biometry}, when the device asks for it
 *     before it uses the key
 * @param origin whose word it was; nothing of wallets that began before that was kept
 */
public record AttestedKey(String keyType, Optional<String> userAuthentication, Optional<KeyOrigin> origin) {

    static final String TEE = "tee";
    static final String STRONG_BOX = "strong_box";
    static final String SECURE_ENCLAVE = "secure_enclave";

    static final String SYSTEM_PIN = "system_pin";
    static final String SYSTEM_BIOMETRY = "system_biometry";

    public KeyLevel level() {
        return switch (keyType) {
            case TEE -> KeyLevel.TRUSTED_ENVIRONMENT;
            case STRONG_BOX, SECURE_ENCLAVE -> KeyLevel.SECURE_PROCESSOR;
            // A later version's: nobody here knows how good it is.
            default -> throw new IllegalStateException("Unknown type of key: " + keyType);
        };
    }
}
