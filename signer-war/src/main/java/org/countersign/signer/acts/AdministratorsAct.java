package org.countersign.signer.acts;

import java.util.UUID;
import java.util.function.Predicate;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.Credentials;

/** What every act of an administrator has in common: in the tenants of the client, or all of the context when it has none. */
public final class AdministratorsAct {

    static final String DETAIL = "by";
    static final String ADMINISTRATOR = "administrator";
    static final String HOLDER = "holder";

    private final Credentials credentials;
    private final AuditLog audit;

    public AdministratorsAct(Credentials credentials, AuditLog audit) {
        this.credentials = credentials;
        this.audit = audit;
    }

    /** @throws ProtocolException for anybody but an administrator in whose reach the credential is */
    Credential reach(Caller caller, String credentialId) {
        caller.require(ApiGroup.OAUTH_ADMIN);
        return credentials.requireIn(caller.authorities().tenants(), credentialId);
    }

    /**
     * Has an act done; a refusal is audited, success is the caller's to audit.
     *
     * @param decision does it in one statement, or says that the state is another
     */
    void perform(String type, Caller caller, Credential credential, Predicate<UUID> decision) {
        if (!decision.test(credential.id())) {
            var refusal =
                    credentials.require(credential.id().toString()).state().refusal();
            audit.append(CredentialEvent.failure(type, caller, credential)
                    .detail(DETAIL, ADMINISTRATOR)
                    .detail("reason", refusal.code().wireName()));
            throw refusal;
        }
    }
}
