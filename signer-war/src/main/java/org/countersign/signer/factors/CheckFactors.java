package org.countersign.signer.factors;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.otp.Totp;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.signer.credentials.Credential;

/**
 * Compares the factors a holder sends with those of the credential, the PIN before the OTP. Decides nothing: what it finds
 * counts only once {@link FactorAttempts} took it.
 */
public final class CheckFactors {

    static final String OTP_PURPOSE = "otp";

    private static final Pattern OTP_FORM = Pattern.compile("\\d{6}");

    private final FactorSecrets secrets;
    private final ActivationAgreement agreement;
    private final Clock clock;

    public CheckFactors(FactorSecrets secrets, ActivationAgreement agreement, Clock clock) {
        this.secrets = secrets;
        this.agreement = agreement;
        this.clock = clock;
    }

    /**
     * Factors that compared right.
     *
     * @param otpStep the time step of the OTP, 0 without one
     */
    public record Right(ActivationKey activationKey, long otpStep) {

        @Override
        public String toString() {
            return "right factors";
        }
    }

    /** @throws ProtocolException {@code invalid_pin} or {@code invalid_otp}, to be counted by the caller */
    public Right compare(Credential credential, AuthorizationConfiguration configuration, String pin, String otp) {
        ActivationKey factors = configuration.asksFor(Factor.PIN)
                ? pin(credential, pin)
                : secrets.activationKeyWithoutPin(credential.id(), credential.activationSalt());
        try (factors) {
            long step =
                    configuration.asksFor(Factor.OTP) ? otp(credential, otp).orElseThrow(CheckFactors::invalidOtp) : 0;
            var key = agreement.recover(
                    credential.protection(), factors, credential.activationPublic(), credential.activationEphemeral());
            return new Right(key, step);
        }
    }

    /** The time step an OTP belongs to. */
    public OptionalLong otp(Credential credential, String otp) {
        if (!OTP_FORM.matcher(otp).matches()) {
            return OptionalLong.empty();
        }
        var secret = secrets.open(
                credential.id(), OTP_PURPOSE, credential.otpSecret().orElseThrow());
        return Totp.matchingStep(secret, otp, clock.instant());
    }

    private ActivationKey pin(Credential credential, String pin) {
        return secrets.checkPin(credential.id(), pin, credential.storedPin().orElseThrow())
                .orElseThrow(() -> new ProtocolException(SignerError.INVALID_PIN, "The PIN is invalid"));
    }

    public static ProtocolException invalidOtp() {
        return new ProtocolException(SignerError.INVALID_OTP, "The OTP is invalid");
    }
}
