package org.countersign.server.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.countersign.server.logging.ContextLogger;

/**
 * Looks, at a start, at the chains this node's anchor left unfinished, and takes over what the database has of each, if
 * it follows from the anchored head. What does not follow is left as it is, for verification to report. Chains of other
 * nodes have their anchors elsewhere, chains of living writers are locked: neither is looked at. An anchor signed by
 * another key (the key was changed while the node was down after a crash) is not taken over either.
 */
final class ChainRecovery {

    private static final System.Logger LOG = ContextLogger.of(ChainRecovery.class);

    /** @param last what the chain ends with in the database */
    record Recovered(ChainHead anchored, ChainHead last) {

        AuditEvent event() {
            return AuditEvent.ofChain("recovered")
                    .detail("chain", anchored.chain())
                    .detail("anchoredSeq", anchored.seq())
                    .detail("lastSeq", last.seq())
                    .detail("lastHash", last.hash());
        }
    }

    private final AuditAnchor anchor;
    private final AnchorPublicKey key;

    ChainRecovery(AuditAnchor anchor, AnchorPublicKey key) {
        this.anchor = anchor;
        this.key = key;
    }

    List<Recovered> examine(Connection connection) throws SQLException, IOException {
        var recovered = new ArrayList<Recovered>();
        for (SignedHead head : anchor.unfinished()) {
            var chain = head.head().chain();
            if (!key.signed(head)) {
                LOG.log(Level.ERROR, "The anchor of audit chain {0} has a wrong signature; verify the log", chain);
            } else if (!present(connection, head.head())) {
                LOG.log(Level.ERROR, "Audit chain {0} was changed or cut; verify the log", chain);
            } else {
                var last = new Tail(head.head());
                EntryTable.after(connection, chain, head.head().seq(), Long.MAX_VALUE, last::accept);
                if (last.broken) {
                    LOG.log(Level.ERROR, "The end of audit chain {0} was changed; verify the log", chain);
                } else {
                    recovered.add(new Recovered(head.head(), last.head));
                }
            }
        }
        return recovered;
    }

    private static boolean present(Connection connection, ChainHead head) throws SQLException {
        return head.seq() == 0
                || EntryTable.entry(connection, head.chain(), head.seq())
                        .filter(entry -> head.hash().equals(entry.hash()))
                        .isPresent();
    }

    private static final class Tail {

        private ChainHead head;
        private boolean broken;

        Tail(ChainHead anchored) {
            this.head = anchored;
        }

        void accept(ChainedEntry entry) {
            broken |= entry.seq() != head.seq() + 1
                    || !head.hash().equals(entry.previous())
                    || !entry.computedHash().equals(entry.hash());
            head = entry.head();
        }
    }
}
