package org.countersign.server.audit;

/**
 * The event is not known to be in the log, so whatever it tells of must not be released. It may still be found there
 * later, when the database's answer was lost: an entry without its signature is possible, a signature without its entry
 * is not.
 */
public final class AuditUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuditUnavailableException(String message) {
        super(message);
    }

    AuditUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
