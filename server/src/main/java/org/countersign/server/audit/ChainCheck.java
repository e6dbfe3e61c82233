package org.countersign.server.audit;

import java.util.Optional;
import java.util.function.Consumer;
import org.countersign.server.audit.Finding.Kind;

/** Follows one chain entry by entry. Keeps only where it stands. */
final class ChainCheck {

    private final Consumer<Finding> findings;
    private ChainHead head;
    private Optional<SignedHead> anchor;
    private boolean rebuilt;

    ChainCheck(ChainHead before, Optional<SignedHead> anchor, Consumer<Finding> findings) {
        this.head = before;
        this.anchor = anchor;
        this.findings = findings;
    }

    void accept(ChainedEntry entry) {
        if (entry.seq() <= head.seq()) {
            report(Kind.DUPLICATE, entry.seq(), "there is another entry of this number");
            return;
        }
        boolean gap = entry.seq() != head.seq() + 1;
        if (gap) {
            report(
                    Kind.REMOVED,
                    head.seq() + 1,
                    "entries " + (head.seq() + 1) + " to " + (entry.seq() - 1) + " are missing");
        }
        boolean follows = gap || head.hash().equals(entry.previous());
        boolean right = entry.computedHash().equals(entry.hash());
        if (!right) {
            report(
                    follows ? Kind.CHANGED : Kind.MOVED,
                    entry.seq(),
                    follows ? "its content does not match its hash" : "it was not written at this place");
        } else if (!follows) {
            report(Kind.NOT_FOLLOWING, entry.seq(), "its previous hash is not the hash of the entry before");
        }
        head = new ChainHead(head.chain(), entry.seq(), entry.hash() == null ? EntryHash.NONE : entry.hash());
        compareAtAnchor();
    }

    ChainHead head() {
        return head;
    }

    Optional<SignedHead> anchor() {
        return anchor;
    }

    /** A later reading of the anchor. */
    void anchoredBy(SignedHead newer) {
        anchor = Optional.of(newer);
        compareAtAnchor();
    }

    /** After the last entry. */
    void end() {
        if (anchor.isEmpty()) {
            report(Kind.NO_ANCHOR, 0, "no anchor knows this chain of " + head.seq() + " entries");
            return;
        }
        long anchored = anchor.get().head().seq();
        if (head.seq() < anchored) {
            report(
                    Kind.CUT,
                    head.seq() + 1,
                    "entries " + (head.seq() + 1) + " to " + anchored + " are missing at the end");
        } else if (head.seq() > anchored) {
            report(
                    Kind.BEYOND_ANCHOR,
                    anchored + 1,
                    "entries " + (anchored + 1) + " to " + head.seq()
                            + " are not vouched for by the anchor"
                            + (anchor.get().state() == HeadState.OPEN
                                    ? "; if the server was killed and not started since, start it and verify again"
                                    : ""));
        }
    }

    private void compareAtAnchor() {
        boolean differs = anchor.map(SignedHead::head)
                .filter(anchored ->
                        anchored.seq() == head.seq() && !anchored.hash().equals(head.hash()))
                .isPresent();
        if (differs && !rebuilt) {
            rebuilt = true;
            report(Kind.REBUILT, head.seq(), "the anchor has another hash for this entry: the chain was written anew");
        }
    }

    private void report(Kind kind, long seq, String message) {
        findings.accept(new Finding(kind, head.chain(), seq, message));
    }
}
