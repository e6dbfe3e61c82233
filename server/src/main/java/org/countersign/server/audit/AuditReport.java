package org.countersign.server.audit;

import java.util.List;
import java.util.UUID;

/**
 * What a verification saw.
 *
 * @param anchored chains with a valid anchored head
 * @param takenOver ends of chains that a crash left unanchored and the node's next start took over
 * @param findings the first thousand
 * @param findingCount all of them
 */
public record AuditReport(
        long chains,
        long entries,
        long anchored,
        List<TakenOver> takenOver,
        List<Finding> findings,
        long findingCount) {

    /** @param anchoredSeq the newest entry the anchor vouches for; those after it, up to {@code lastSeq}, were taken over */
    public record TakenOver(UUID chain, long anchoredSeq, long lastSeq) {}

    public boolean fine() {
        return findingCount == 0;
    }
}
