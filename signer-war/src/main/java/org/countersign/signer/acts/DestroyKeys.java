package org.countersign.signer.acts;

import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.acts.CondemnedKeys.Condemned;
import org.countersign.signer.keypairs.Vaults;

/** Has vaults destroy the keys of deleted and renewed credentials; one whose vault is away now is tried again until it is done. */
public final class DestroyKeys {

    private static final System.Logger LOG = ContextLogger.of(DestroyKeys.class);

    private final CondemnedKeys condemned;
    private final Vaults vaults;
    private final AuditLog audit;

    public DestroyKeys(CondemnedKeys condemned, Vaults vaults, AuditLog audit) {
        this.condemned = condemned;
        this.vaults = vaults;
        this.audit = audit;
    }

    /** The chore. Of a vault that is away the others are not tried in vain, nor do other vaults wait for it. */
    public void again() {
        for (var vault : vaults.names()) {
            condemned.in(vault).stream().takeWhile(this::destroy).forEach(done -> {});
        }
    }

    /** @return whether the vault has destroyed it */
    boolean destroy(Condemned key) {
        try {
            vaults.named(key.vault()).destroy(key.keyId());
        } catch (RuntimeException away) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A condemned key of the credential " + key.credentialId()
                            + " is not destroyed yet; it is tried again",
                    away);
            return false;
        }
        // Told twice after a crash in between rather than never.
        audit.append(AuditEvent.success("key.destroyed")
                .tenant(key.seat().tenant())
                .seat(key.seat().seat())
                .credential(key.credentialId().toString())
                .detail("vault", key.vault()));
        condemned.forget(key.keyId());
        return true;
    }
}
