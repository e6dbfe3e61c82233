package org.countersign.signer.factors;

import java.util.Objects;
import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;

/** Refuses wrong factors, and calls that come after a limit; each refusal has its audit entry before it is answered. */
public final class FactorRefusals {

    private final FactorAttempts attempts;
    private final AuditLog audit;

    public FactorRefusals(FactorAttempts attempts, AuditLog audit) {
        this.attempts = attempts;
        this.audit = audit;
    }

    /**
     * Stops a call before anything is compared.
     *
     * @param type of the audit entry
     * @throws ProtocolException {@code credential_locked}, or {@code slow_down} while the client's wrong factors stop it
     */
    public void requireOpen(
            String type, Caller caller, Credential credential, AuthorizationConfiguration configuration) {
        requireOpen(type, caller, credential, configuration, attempts.isThrottled(caller.countedAs()));
    }

    /** @param throttled whether the client's wrong factors stop it, where that was read along with the credential */
    public void requireOpen(
            String type,
            Caller caller,
            Credential credential,
            AuthorizationConfiguration configuration,
            boolean throttled) {
        if (credential.isLocked(configuration)) {
            throw recorded(type, caller, credential, FactorAttempts.locked());
        }
        if (throttled) {
            throw recorded(type, caller, credential, attempts.throttled());
        }
    }

    /** @throws ProtocolException {@code conflict} in any other state than these */
    public void requireState(String type, Caller caller, Credential credential, Set<CredentialState> states) {
        if (!states.contains(credential.state())) {
            throw recorded(type, caller, credential, credential.state().refusal());
        }
    }

    /**
     * Says how to answer factors that compared right and were not accepted: something has changed since they were read.
     *
     * @param compared the credential whose factors were compared
     * @param now as it is now
     */
    public ProtocolException notAccepted(
            String type,
            Caller caller,
            Credential compared,
            Credential now,
            AuthorizationConfiguration configuration,
            Set<CredentialState> states) {
        requireState(type, caller, now, states);
        if (!compared.storedPin().equals(now.storedPin())) {
            // It was right for the former PIN, which tells nothing of the new one; an equal call may have changed it.
            return recorded(
                    type,
                    caller,
                    now,
                    new ProtocolException(SignerError.CONFLICT, "The PIN was changed at the same moment"));
        }
        if (!Objects.equals(compared.keyId(), now.keyId())) {
            return recorded(
                    type,
                    caller,
                    now,
                    new ProtocolException(SignerError.CONFLICT, "The key was renewed at the same moment"));
        }
        // Locked or throttled meanwhile, or an OTP that was accepted before: counted like any wrong factor.
        return wrong(type, caller, now, configuration.maxFailures(), CheckFactors.invalidOtp());
    }

    /** Counts a wrong factor and says how to answer it: by what was wrong, or by the limit it came after. */
    public ProtocolException wrong(
            String type, Caller caller, Credential credential, int maxFailures, ProtocolException wrong) {
        boolean locks;
        try {
            locks = attempts.wrong(credential.id(), caller.countedAs(), maxFailures);
        } catch (ProtocolException limit) {
            return recorded(type, caller, credential, limit);
        }
        recorded(type, caller, credential, wrong);
        if (locks) {
            audit.append(CredentialEvent.success("credential.locked", caller, credential));
        }
        return wrong;
    }

    /** Has a refusal its audit entry. */
    ProtocolException recorded(String type, Caller caller, Credential credential, ProtocolException refusal) {
        audit.append(CredentialEvent.failure(type, caller, credential)
                .detail("reason", refusal.code().wireName()));
        return refusal;
    }
}
