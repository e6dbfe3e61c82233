package org.countersign.signer.factors;

import java.util.OptionalLong;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.specification.Rfc6238;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.Credentials;

/** Sets a new credential's factors, each once; a factor on a living credential is its holder's to change. */
public final class SetFactors {

    private static final String CONFIRMED = "otp.confirmed";

    private final Credentials credentials;
    private final FactorSecrets secrets;
    private final ActivationAgreement agreement;
    private final CheckFactors check;
    private final FactorRefusals refusals;
    private final Entropy entropy;
    private final AuditLog audit;

    public SetFactors(
            Credentials credentials,
            FactorSecrets secrets,
            ActivationAgreement agreement,
            CheckFactors check,
            FactorRefusals refusals,
            Entropy entropy,
            AuditLog audit) {
        this.credentials = credentials;
        this.secrets = secrets;
        this.agreement = agreement;
        this.check = check;
        this.refusals = refusals;
        this.entropy = entropy;
        this.audit = audit;
    }

    public void pin(Caller caller, Credential credential, AuthorizationConfiguration configuration, String pin) {
        requireAskedFor(configuration, Factor.PIN);
        configuration.pinPolicy().require(pin);
        if (credential.storedPin().isPresent()) {
            throw alreadySet();
        }
        var enrolled = secrets.enrollPin(credential.id(), pin);
        try (var activationKey = enrolled.activationKey()) {
            var publicHalf = agreement.publicHalf(activationKey);
            if (!credentials.setPin(credential.id(), enrolled.stored(), publicHalf)) {
                throw alreadySet();
            }
        }
        audit.append(CredentialEvent.success("pin.set", caller, credential));
    }

    /** @return the new secret, which is shown to the holder this once */
    public byte[] otp(Caller caller, Credential credential, AuthorizationConfiguration configuration) {
        requireAuthenticator(configuration);
        var secret = entropy.bytes(Rfc6238.SECRET_BYTES);
        var sealed = secrets.seal(credential.id(), CheckFactors.OTP_PURPOSE, secret);
        if (!credentials.setOtp(credential.id(), sealed)) {
            throw alreadySet();
        }
        try {
            audit.append(CredentialEvent.success("otp.set", caller, credential));
        } catch (RuntimeException failed) {
            // Never shown: it can be set again.
            credentials.removeOtp(credential.id(), sealed);
            throw failed;
        }
        return secret;
    }

    public void confirmOtp(
            Caller caller, Credential credential, AuthorizationConfiguration configuration, String password) {
        requireAuthenticator(configuration);
        if (password == null || password.isEmpty()) {
            throw ProtocolException.invalidRequest("value is required");
        }
        if (credential.otpSecret().isEmpty()) {
            throw new ProtocolException(SignerError.CONFLICT, "The OTP is not set");
        }
        if (credential.isOtpConfirmed()) {
            throw alreadyConfirmed();
        }
        refusals.requireOpen(CONFIRMED, caller, credential, configuration);
        OptionalLong step = check.otp(credential, password);
        if (step.isEmpty() || !credentials.confirmOtp(credential.id(), step.getAsLong(), configuration.maxFailures())) {
            if (credentials.require(credential.id().toString()).isOtpConfirmed()) {
                // An equal call at the same moment did it.
                throw alreadyConfirmed();
            }
            throw refusals.wrong(CONFIRMED, caller, credential, configuration.maxFailures(), CheckFactors.invalidOtp());
        }
        audit.append(CredentialEvent.success(CONFIRMED, caller, credential));
    }

    private static void requireAskedFor(AuthorizationConfiguration configuration, Factor factor) {
        if (!configuration.asksFor(factor)) {
            throw new ProtocolException(
                    SignerError.CONFLICT, "The authorization configuration of the credential has no " + factor);
        }
    }

    private static void requireAuthenticator(AuthorizationConfiguration configuration) {
        requireAskedFor(configuration, Factor.OTP);
        if (configuration.asksForSentCode()) {
            throw new ProtocolException(
                    SignerError.CONFLICT,
                    "The OTP of the credential is a code that is sent: there is nothing to set up");
        }
    }

    private static ProtocolException alreadyConfirmed() {
        return new ProtocolException(SignerError.CONFLICT, "The OTP is confirmed already");
    }

    private static ProtocolException alreadySet() {
        return new ProtocolException(SignerError.CONFLICT, "The factor is set already");
    }
}
