package org.countersign.signer.acts;

import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SentFactors;

/** The holder's change of PIN: what opens the key is sealed anew under the new one, the key itself stays. */
public final class ChangePin {

    private static final String CHANGED = "pin.changed";

    private final HoldersAct act;
    private final ActedCredentials credentials;
    private final FactorSecrets secrets;
    private final AuditLog audit;

    public ChangePin(HoldersAct act, ActedCredentials credentials, FactorSecrets secrets, AuditLog audit) {
        this.act = act;
        this.credentials = credentials;
        this.secrets = secrets;
        this.audit = audit;
    }

    public void change(Caller caller, String credentialId, SentFactors sent, String newPin) {
        var held = act.reach(caller, credentialId);
        var credential = held.credential();
        var configuration = held.configuration();
        if (!configuration.asksFor(Factor.PIN)) {
            throw new ProtocolException(
                    SignerError.CONFLICT, "The authorization configuration of the credential has no PIN");
        }
        if (newPin == null || newPin.isEmpty()) {
            throw ProtocolException.invalidRequest("newPIN is required");
        }
        configuration.pinPolicy().require(newPin);
        if (newPin.equals(sent.pin())) {
            throw ProtocolException.invalidRequest("newPIN must differ from PIN");
        }
        act.decide(
                CHANGED,
                held,
                sent,
                Set.of(CredentialState.ACTIVE, CredentialState.SUSPENDED),
                (factors, acceptance) -> credentials.changePin(
                        acceptance,
                        secrets.changePin(credential.id(), newPin, factors).stored()));
        audit.append(CredentialEvent.success(CHANGED, caller, credential));
    }
}
