package org.countersign.server.audit;

import java.io.IOException;
import java.util.List;

/**
 * Where signed heads go, out of reach of who can write the database. Used by one {@link AuditLog}, which closes it.
 * {@link FileAnchor} is the one every node has; one that also tells a log host or a time stamping authority wraps it.
 */
public interface AuditAnchor extends AutoCloseable {

    /**
     * Keeps a head in place of the chain's earlier one. Returns when it would survive the end of this process. A head
     * that is not {@link HeadState#OPEN} is the chain's last.
     */
    void write(SignedHead head) throws IOException;

    /**
     * The chains of this node that nobody writes any more although they were never ended: what a crash leaves. Signatures
     * are not checked. Each is reserved for the caller until its last head is written or the anchor is closed.
     */
    List<SignedHead> unfinished() throws IOException;

    @Override
    void close() throws IOException;
}
