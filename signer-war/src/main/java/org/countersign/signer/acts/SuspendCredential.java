package org.countersign.signer.acts;

import java.util.Set;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.factors.SentFactors;

/**
 * Takes a credential out of service and back into it: its holder, whose token speaks for a seat, by factors; an administrator
 * without. What an administrator suspended its holder can not resume.
 */
public final class SuspendCredential {

    private static final String SUSPENDED = "credential.suspended";
    private static final String RESUMED = "credential.resumed";

    private final HoldersAct holders;
    private final AdministratorsAct administrators;
    private final ActedCredentials credentials;
    private final AuditLog audit;

    public SuspendCredential(
            HoldersAct holders, AdministratorsAct administrators, ActedCredentials credentials, AuditLog audit) {
        this.holders = holders;
        this.administrators = administrators;
        this.credentials = credentials;
        this.audit = audit;
    }

    public void suspend(Caller caller, String credentialId, SentFactors sent) {
        if (caller.seat().isPresent()) {
            var held = holders.reach(caller, credentialId);
            holders.decide(
                    SUSPENDED,
                    held,
                    sent,
                    Set.of(CredentialState.ACTIVE),
                    (factors, acceptance) -> credentials.suspend(acceptance));
            audit.append(CredentialEvent.success(SUSPENDED, caller, held.credential())
                    .detail(AdministratorsAct.DETAIL, AdministratorsAct.HOLDER));
            return;
        }
        var credential = administrators.reach(caller, credentialId);
        credential.requireCertificate();
        administrators.perform(SUSPENDED, caller, credential, credentials::suspend);
        audit.append(CredentialEvent.success(SUSPENDED, caller, credential)
                .detail(AdministratorsAct.DETAIL, AdministratorsAct.ADMINISTRATOR));
    }

    public void resume(Caller caller, String credentialId, SentFactors sent) {
        if (caller.seat().isPresent()) {
            var held = holders.reach(caller, credentialId);
            holders.decide(
                    RESUMED,
                    held,
                    sent,
                    Set.of(CredentialState.SUSPENDED),
                    (factors, acceptance) -> credentials.resume(acceptance));
            audit.append(CredentialEvent.success(RESUMED, caller, held.credential())
                    .detail(AdministratorsAct.DETAIL, AdministratorsAct.HOLDER));
            return;
        }
        var credential = administrators.reach(caller, credentialId);
        administrators.perform(RESUMED, caller, credential, credentials::resume);
        audit.append(CredentialEvent.success(RESUMED, caller, credential)
                .detail(AdministratorsAct.DETAIL, AdministratorsAct.ADMINISTRATOR));
    }
}
