package org.countersign.signer.factors;

import java.util.Set;

/**
 * What a credential asks of its holder before it signs.
 *
 * @param type {@code explicit}, the only one so far
 * @param maxFailures wrong factors in a row that lock the credential
 * @param scal 2 binds a SAD to the exact hashes, 1 to their number (CSC API 1.0.4.0 §8.2)
 * @param otpDelivery of no meaning where there is no OTP
 */
public record AuthorizationConfiguration(
        String id,
        String type,
        Set<Factor> factors,
        PinPolicy pinPolicy,
        int maxFailures,
        int scal,
        OtpDelivery otpDelivery) {

    public static final String EXPLICIT = "explicit";
    public static final int DEFAULT_MAX_FAILURES = 5;

    public AuthorizationConfiguration {
        factors = Set.copyOf(factors);
    }

    /** With an authenticator, where it has an OTP. */
    public AuthorizationConfiguration(
            String id, String type, Set<Factor> factors, PinPolicy pinPolicy, int maxFailures, int scal) {
        this(id, type, factors, pinPolicy, maxFailures, scal, OtpDelivery.AUTHENTICATOR);
    }

    public boolean asksFor(Factor factor) {
        return factors.contains(factor);
    }

    /** Whether its OTP is of an authenticator, which has to be set up. */
    public boolean asksForAuthenticator() {
        return asksFor(Factor.OTP) && otpDelivery == OtpDelivery.AUTHENTICATOR;
    }

    /** Whether its OTP is a code that has to be sent first. */
    public boolean asksForSentCode() {
        return asksFor(Factor.OTP) && otpDelivery == OtpDelivery.GATEWAY;
    }
}
