package org.countersign.server.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;

/**
 * Refuses what may change something while the audit log is known to be away: a change whose entry can not be written must
 * not be made.
 */
@Provider
public final class AuditedRequests implements ContainerRequestFilter {

    private static final String READS = "GET";

    private final AuditLog audit;

    public AuditedRequests(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!READS.equals(request.getMethod()) && !audit.available()) {
            throw new AuditUnavailableException("The audit log is away");
        }
    }
}
