package org.countersign.signer.factors;

import java.time.Clock;
import java.util.Optional;
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

    public static final String OTP_PURPOSE = "otp";
    public static final String WRONG_PIN = "The PIN is invalid";
    public static final String WRONG_OTP = "The OTP is invalid";

    private static final Pattern OTP_FORM = Pattern.compile("\\d{6}");
    private static final Pattern CODE_FORM = Pattern.compile("\\d{6,8}");

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
     * @param otpStep the time step of an authenticator's OTP, 0 without one
     * @param code the code that was sent and compared, where the configuration asks for one
     */
    public record Right(ActivationKey activationKey, long otpStep, Optional<SentCode> code) {

        @Override
        public String toString() {
            return "right factors";
        }
    }

    /**
     * For a signature.
     *
     * @return with what opens the credential's key
     * @throws ProtocolException as {@link #factors}
     */
    public Right compare(Credential credential, AuthorizationConfiguration configuration, String pin, String otp) {
        var right = factors(credential, configuration, pin, otp);
        try (var factors = right.activationKey()) {
            var key = agreement.recover(
                    credential.protection(), factors, credential.activationPublic(), credential.activationEphemeral());
            return new Right(key, right.otpStep(), right.code());
        }
    }

    /**
     * For an act of the holder.
     *
     * @return with what the factors themselves give
     * @throws ProtocolException {@code invalid_pin} or {@code invalid_otp}, to be counted by the caller
     */
    public Right factors(Credential credential, AuthorizationConfiguration configuration, String pin, String otp) {
        var factors = configuration.asksFor(Factor.PIN)
                ? pin(credential, pin)
                : secrets.activationKeyWithoutPin(credential.id(), credential.activationSalt());
        try {
            var code = configuration.asksForSentCode()
                    ? Optional.of(sentCode(credential, otp).orElseThrow(CheckFactors::invalidOtp))
                    : Optional.<SentCode>empty();
            long step = configuration.asksForAuthenticator()
                    ? otp(credential, otp).orElseThrow(CheckFactors::invalidOtp)
                    : 0;
            return new Right(factors, step, code);
        } catch (RuntimeException wrong) {
            factors.close();
            throw wrong;
        }
    }

    /** The time step an OTP belongs to. */
    public OptionalLong otp(Credential credential, String otp) {
        return OTP_FORM.matcher(otp).matches()
                ? step(
                        secrets.open(
                                credential.id(),
                                OTP_PURPOSE,
                                credential.otpSecret().orElseThrow()),
                        otp)
                : OptionalLong.empty();
    }

    private Optional<SentCode> sentCode(Credential credential, String code) {
        return CODE_FORM.matcher(code).matches()
                ? credential
                        .sentCode()
                        .filter(sent -> clock.instant().isBefore(sent.end())
                                && secrets.isCode(credential.id(), code, sent.end(), sent.hash()))
                : Optional.empty();
    }

    /** As {@link #otp}, of a secret that is open. */
    public OptionalLong step(byte[] secret, String otp) {
        return OTP_FORM.matcher(otp).matches() ? Totp.matchingStep(secret, otp, clock.instant()) : OptionalLong.empty();
    }

    private ActivationKey pin(Credential credential, String pin) {
        return secrets.checkPin(credential.id(), pin, credential.storedPin().orElseThrow())
                .orElseThrow(CheckFactors::invalidPin);
    }

    public static ProtocolException invalidPin() {
        return new ProtocolException(SignerError.INVALID_PIN, WRONG_PIN);
    }

    public static ProtocolException invalidOtp() {
        return new ProtocolException(SignerError.INVALID_OTP, WRONG_OTP);
    }
}
