package org.countersign.signer.factors;

import org.countersign.core.error.ProtocolException;

/**
 * What a PIN must look like.
 *
 * @param minLength in characters
 * @param maxLength in characters
 * @param digitsOnly whether letters are refused
 */
public record PinPolicy(int minLength, int maxLength, boolean digitsOnly) {

    public static final PinPolicy DEFAULT = new PinPolicy(4, 64, false);

    /** @throws ProtocolException saying what the policy is, never what the PIN was */
    public void require(String pin) {
        if (pin == null || pin.isEmpty()) {
            throw ProtocolException.invalidRequest("value is required");
        }
        int length = pin.codePointCount(0, pin.length());
        if (length < minLength || length > maxLength) {
            throw ProtocolException.invalidRequest(
                    "The PIN must have " + minLength + " to " + maxLength + " characters");
        }
        if (digitsOnly && !pin.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ProtocolException.invalidRequest("The PIN must have digits only");
        }
        if (pin.codePoints().anyMatch(Character::isISOControl)) {
            throw ProtocolException.invalidRequest("The PIN must not have control characters");
        }
    }
}
