package org.countersign.signer.acts;

import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.factors.SentFactors;

/** What every act of a holder has in common: whose credential it is, and that the factors are looked at as at an authorization. */
public final class HoldersAct {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final CheckFactors check;
    private final FactorAttempts attempts;
    private final FactorRefusals refusals;

    public HoldersAct(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            CheckFactors check,
            FactorAttempts attempts,
            FactorRefusals refusals) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.check = check;
        this.attempts = attempts;
        this.refusals = refusals;
    }

    /** A credential that is its holder's to act upon. */
    record Held(Caller caller, Credential credential, AuthorizationConfiguration configuration) {}

    /** Does the act in one statement, if the factors are still right. */
    @FunctionalInterface
    interface Decision<T> {

        /**
         * @param factors what the holder's factors give
         * @return what came of it; empty when nothing was done
         */
        Optional<T> by(ActivationKey factors, FactorAttempts.Acceptance acceptance);
    }

    /** @throws ProtocolException for anybody but a signer of the credential's seat, and while the credential is being set up */
    Held reach(Caller caller, String credentialId) {
        caller.require(ApiGroup.SIGNER);
        var credential = credentials.requireOf(caller.requireSeat(), credentialId);
        credential.requireCertificate();
        var configuration = authorizations.of(credential.configurationId());
        credential.requireFactorsOf(configuration);
        return new Held(caller, credential, configuration);
    }

    /**
     * Has an act done by the holder's factors; refusals are audited, success is the caller's to audit.
     *
     * @param type of the audit entry
     * @param states in which the act makes sense
     */
    <T> T perform(String type, Held held, SentFactors sent, Set<CredentialState> states, Decision<T> decision) {
        var caller = held.caller();
        var credential = held.credential();
        var configuration = held.configuration();
        SentFactors.require(configuration, sent.pin(), sent.otp());
        refusals.requireState(type, caller, credential, states);
        refusals.requireOpen(type, caller, credential, configuration);
        var right = compare(type, held, sent);
        try (var factors = right.activationKey()) {
            var acceptance = attempts.accept(credential, caller.countedAs(), configuration.maxFailures(), right);
            return decision.by(factors, acceptance).orElseThrow(() -> {
                return refusals.notAccepted(type, caller, credential, now(held), configuration, states);
            });
        }
    }

    /** As {@link #perform}, of a statement that says whether it did it. */
    void decide(
            String type,
            Held held,
            SentFactors sent,
            Set<CredentialState> states,
            BiPredicate<ActivationKey, FactorAttempts.Acceptance> decision) {
        perform(
                type,
                held,
                sent,
                states,
                (factors, acceptance) -> Optional.of(held).filter(done -> decision.test(factors, acceptance)));
    }

    /** The credential as it is by now. */
    Credential now(Held held) {
        return credentials.require(held.credential().id().toString());
    }

    private CheckFactors.Right compare(String type, Held held, SentFactors sent) {
        try {
            return check.factors(held.credential(), held.configuration(), sent.pin(), sent.otp());
        } catch (ProtocolException wrong) {
            throw refusals.wrong(
                    type, held.caller(), held.credential(), held.configuration().maxFailures(), wrong);
        }
    }
}
