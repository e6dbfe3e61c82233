package org.countersign.server.console;

import java.util.Optional;
import org.countersign.server.audit.AuditEvent;

/**
 * What the audit log has of people who sign in: {@code console.signed-in}, or, of the seats of a tenant, {@code holder.signed-in}
 * with the seat, so that it is found with what else the seat did.
 *
 * @param tenant whose seats the people are; empty at an operators' console
 */
public record SessionEvents(Optional<String> tenant) {

    /** @param auditName as {@link Person} has it */
    AuditEvent success(String what, String auditName) {
        return about(AuditEvent.success(type(what)), auditName);
    }

    /** @param auditName null for somebody who is not known */
    AuditEvent failure(String what, String auditName) {
        return about(AuditEvent.failure(type(what)), auditName);
    }

    private String type(String what) {
        return (tenant.isPresent() ? "holder." : "console.") + what;
    }

    private AuditEvent about(AuditEvent event, String auditName) {
        var named = event.client(auditName);
        return auditName == null || tenant.isEmpty()
                ? named
                : named.tenant(tenant.get()).seat(Person.bareName(auditName));
    }
}
