package org.countersign.server.audit;

import java.time.Duration;

/**
 * @param node this node's name, as {@code chain.started} shows it
 * @param version the software's version
 * @param patience the longest a caller waits for its entry
 * @param queue the most events waiting to be written; more callers wait for a place
 * @param batch the most events of one transaction
 */
public record AuditSettings(String node, String version, Duration patience, int queue, int batch) {

    /** A wait of 5 s, 1024 waiting events, 256 in a transaction. */
    public static AuditSettings of(String node, String version) {
        return new AuditSettings(node, version, Duration.ofSeconds(5), 1024, 256);
    }
}
