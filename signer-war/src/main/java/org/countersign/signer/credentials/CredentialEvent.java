package org.countersign.signer.credentials;

import org.countersign.server.audit.AuditEvent;
import org.countersign.server.oauth.Caller;

/** An audit event about one credential. */
public final class CredentialEvent {

    private CredentialEvent() {}

    public static AuditEvent success(String type, Caller caller, Credential credential) {
        return about(AuditEvent.success(type), caller, credential);
    }

    public static AuditEvent failure(String type, Caller caller, Credential credential) {
        return about(AuditEvent.failure(type), caller, credential);
    }

    private static AuditEvent about(AuditEvent event, Caller caller, Credential credential) {
        return event.client(caller.clientId())
                .tenant(credential.seat().tenant())
                .seat(credential.seat().seat())
                .credential(credential.id().toString());
    }
}
