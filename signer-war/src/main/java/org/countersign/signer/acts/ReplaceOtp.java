package org.countersign.signer.acts;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.specification.Rfc6238;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.factors.SentFactors;

/**
 * Another OTP secret for a living credential, such as for a new telephone. The holder's factors ask for it, the one in use included;
 * a password of the new secret confirms it, and until then the one in use stays.
 */
public final class ReplaceOtp {

    /** What the new secret is sealed for: what waits can not be put in the place of what is in use. */
    private static final String PURPOSE = "new otp";

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final String REQUESTED = "otp.replacement-requested";
    private static final String REPLACED = "otp.replaced";
    private static final Set<CredentialState> STATES = Set.of(CredentialState.ACTIVE, CredentialState.SUSPENDED);

    private final HoldersAct act;
    private final ActedCredentials credentials;
    private final FactorSecrets secrets;
    private final CheckFactors check;
    private final FactorAttempts attempts;
    private final FactorRefusals refusals;
    private final Entropy entropy;
    private final Clock clock;
    private final AuditLog audit;

    public ReplaceOtp(
            HoldersAct act,
            ActedCredentials credentials,
            FactorSecrets secrets,
            CheckFactors check,
            FactorAttempts attempts,
            FactorRefusals refusals,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.act = act;
        this.credentials = credentials;
        this.secrets = secrets;
        this.check = check;
        this.attempts = attempts;
        this.refusals = refusals;
        this.entropy = entropy;
        this.clock = clock;
        this.audit = audit;
    }

    /** A secret, shown this once, and whose it is. */
    record Asked(SeatName seat, byte[] secret) {

        @Override
        public String toString() {
            return "a new OTP secret";
        }
    }

    Asked ask(Caller caller, String credentialId, SentFactors sent) {
        var held = act.reach(caller, credentialId);
        requireOtp(held);
        var credential = held.credential();
        var secret = entropy.bytes(Rfc6238.SECRET_BYTES);
        var sealed = secrets.seal(credential.id(), PURPOSE, secret);
        act.decide(REQUESTED, held, sent, STATES, (factors, acceptance) -> credentials.addNewOtp(acceptance, sealed));
        audit.append(CredentialEvent.success(REQUESTED, caller, credential));
        return new Asked(credential.seat(), secret);
    }

    void confirm(Caller caller, String credentialId, String password) {
        var held = act.reach(caller, credentialId);
        requireOtp(held);
        if (password == null || password.isEmpty()) {
            throw ProtocolException.invalidRequest("value is required");
        }
        var credential = held.credential();
        refusals.requireState(REPLACED, caller, credential, STATES);
        var waiting = credential
                .newOtp()
                .filter(asked -> asked.at().isAfter(clock.instant().minus(PATIENCE)))
                .orElseThrow(ReplaceOtp::nothingToConfirm);
        refusals.requireOpen(REPLACED, caller, credential, held.configuration());
        if (!replaced(held, waiting.sealedSecret(), password)) {
            var now = act.now(held);
            if (now.newOtp().filter(waiting::is).isEmpty()) {
                // An equal call at the same moment did it, or another secret was asked for.
                throw nothingToConfirm();
            }
            throw refusals.notAccepted(REPLACED, caller, credential, now, held.configuration(), STATES);
        }
        audit.append(CredentialEvent.success(REPLACED, caller, credential));
    }

    private boolean replaced(HoldersAct.Held held, byte[] sealed, String password) {
        var credential = held.credential();
        var secret = secrets.open(credential.id(), PURPOSE, sealed);
        try {
            var step = check.step(secret, password);
            if (step.isEmpty()) {
                return false;
            }
            // The key stays bound to the secret that was there when it was made.
            var binding = FactorSecrets.binding(credential.otpSecret().orElseThrow());
            var adopted = secrets.adopt(credential.id(), CheckFactors.OTP_PURPOSE, secret, binding);
            var acceptance = attempts.accept(
                    credential, held.caller().countedAs(), held.configuration().maxFailures(), step.getAsLong());
            return credentials.replaceOtp(acceptance, sealed, adopted);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static void requireOtp(HoldersAct.Held held) {
        if (!held.configuration().asksFor(Factor.OTP)) {
            throw new ProtocolException(
                    SignerError.CONFLICT, "The authorization configuration of the credential has no OTP");
        }
        if (held.configuration().asksForSentCode()) {
            throw new ProtocolException(
                    SignerError.CONFLICT,
                    "The OTP of the credential is a code that is sent: there is nothing to replace");
        }
    }

    private static ProtocolException nothingToConfirm() {
        return new ProtocolException(SignerError.CONFLICT, "No new OTP waits for its confirmation");
    }
}
