package org.countersign.signer.acts;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.acts.CondemnedKeys.Condemned;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.factors.SentFactors;

/** Deletes a credential and has its key destroyed, by its holder's factors or an administrator. What was audited of it stays. */
public final class DeleteCredential {

    private static final String DELETED = "credential.deleted";

    private final HoldersAct holders;
    private final AdministratorsAct administrators;
    private final CondemnedKeys condemned;
    private final DestroyKeys keys;
    private final AuditLog audit;

    public DeleteCredential(
            HoldersAct holders,
            AdministratorsAct administrators,
            CondemnedKeys condemned,
            DestroyKeys keys,
            AuditLog audit) {
        this.holders = holders;
        this.administrators = administrators;
        this.condemned = condemned;
        this.keys = keys;
        this.audit = audit;
    }

    /** @param keyDestroyed false while the key's vault is away: the key is destroyed as soon as it is back */
    public record Deleted(boolean keyDestroyed) {}

    public Deleted delete(Caller caller, String credentialId, SentFactors sent) {
        if (caller.seat().isPresent()) {
            return delete(caller, credentialId, sent, Optional.empty());
        }
        var credential = administrators.reach(caller, credentialId);
        var left = condemned.delete(credential.id());
        if (left.isEmpty()) {
            throw Credentials.notFound();
        }
        return finish(caller, credential, AdministratorsAct.ADMINISTRATOR, Optional.empty(), left);
    }

    /**
     * The holder's act.
     *
     * @param reason why it is revoked with that, if it is; told to the audit log, and to no authority
     */
    public Deleted delete(Caller caller, String credentialId, SentFactors sent, Optional<RevocationReason> reason) {
        var held = holders.reach(caller, credentialId);
        var left = holders.perform(
                DELETED,
                held,
                sent,
                EnumSet.allOf(CredentialState.class),
                (factors, acceptance) ->
                        Optional.of(condemned.delete(acceptance)).filter(keys -> !keys.isEmpty()));
        return finish(caller, held.credential(), AdministratorsAct.HOLDER, reason, left);
    }

    /** One that was being created, and could not be. It stays if a certificate came in meanwhile. */
    public void takeBack(Caller caller, Credential credential) {
        var left = condemned.deleteUnfinished(credential.id());
        if (!left.isEmpty()) {
            finish(caller, credential, "creation", Optional.empty(), left);
        }
    }

    private Deleted finish(
            Caller caller, Credential credential, String by, Optional<RevocationReason> reason, List<Condemned> left) {
        var event = CredentialEvent.success(DELETED, caller, credential).detail(AdministratorsAct.DETAIL, by);
        audit.append(reason.map(why -> event.detail("revoked", why.wireName())).orElse(event));
        boolean destroyed = true;
        for (var key : left) {
            destroyed &= key.keyId() == null || keys.destroy(key);
        }
        return new Deleted(destroyed);
    }
}
