package org.countersign.wallet.keyattestations;

import java.util.Optional;

/**
 * What was verified of a key, in the words of wallet attestations.
 *
 * @param keyType {@code key_type}: {@code tee}, {@code strong_box} or {@code secure_enclave}
 * @param userAuthentication {@code user_authentication}: {@code system_pin} or {@code system_biometry}, when the device asks for it
 *     before it uses the key
 */
public record AttestedKey(String keyType, Optional<String> userAuthentication) {

    static final String TEE = "tee";
    static final String STRONG_BOX = "strong_box";
    static final String SECURE_ENCLAVE = "secure_enclave";

    static final String SYSTEM_PIN = "system_pin";
    static final String SYSTEM_BIOMETRY = "system_biometry";

    public KeyLevel level() {
        return keyType.equals(TEE) ? KeyLevel.TRUSTED_ENVIRONMENT : KeyLevel.SECURE_PROCESSOR;
    }
}
