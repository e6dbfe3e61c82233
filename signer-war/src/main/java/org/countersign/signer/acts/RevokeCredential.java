package org.countersign.signer.acts;

import java.util.Set;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.factors.SentFactors;

/**
 * Ends a credential's signatures for good, by its holder's factors or an administrator. The authority that issued the certificate
 * is not told: its certificate is good to others until that authority revokes it.
 */
public final class RevokeCredential {

    private static final String REVOKED = "credential.revoked";

    private final HoldersAct holders;
    private final AdministratorsAct administrators;
    private final ActedCredentials credentials;
    private final AuditLog audit;

    public RevokeCredential(
            HoldersAct holders, AdministratorsAct administrators, ActedCredentials credentials, AuditLog audit) {
        this.holders = holders;
        this.administrators = administrators;
        this.credentials = credentials;
        this.audit = audit;
    }

    public void revoke(Caller caller, String credentialId, SentFactors sent, RevocationReason reason) {
        if (caller.seat().isPresent()) {
            var held = holders.reach(caller, credentialId);
            holders.decide(
                    REVOKED,
                    held,
                    sent,
                    Set.of(
                            CredentialState.ACTIVE,
                            CredentialState.SUSPENDED,
                            CredentialState.SUSPENDED_BY_ADMINISTRATOR),
                    (factors, acceptance) -> credentials.revoke(acceptance, reason));
            tell(caller, held.credential(), AdministratorsAct.HOLDER, reason);
            return;
        }
        var credential = administrators.reach(caller, credentialId);
        credential.requireCertificate();
        administrators.perform(REVOKED, caller, credential, id -> credentials.revoke(id, reason));
        tell(caller, credential, AdministratorsAct.ADMINISTRATOR, reason);
    }

    private void tell(Caller caller, Credential credential, String by, RevocationReason reason) {
        audit.append(CredentialEvent.success(REVOKED, caller, credential)
                .detail(AdministratorsAct.DETAIL, by)
                .detail("reason", reason.wireName()));
    }
}
