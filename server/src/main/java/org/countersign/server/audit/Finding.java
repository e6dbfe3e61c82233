package org.countersign.server.audit;

import java.util.UUID;

/**
 * One thing wrong with the log.
 *
 * @param seq number of the entry concerned, 0 when it is the chain as a whole
 * @param message for people; the kind, chain and number are not repeated in it
 */
public record Finding(Kind kind, UUID chain, long seq, String message) {

    public enum Kind {
        /** An entry's content does not match its hash. */
        CHANGED,
        /** Entries are missing between others. */
        REMOVED,
        /** An entry stands where it was not written: swapped or moved. */
        MOVED,
        /** An entry is right in itself but does not follow from the one before. */
        NOT_FOLLOWING,
        /** A second entry of the same number. */
        DUPLICATE,
        /** The chain ends before its anchored head. */
        CUT,
        /** The anchored chain has no entries at all. */
        CHAIN_MISSING,
        /** No anchor knows the chain. */
        NO_ANCHOR,
        /** Entries after the anchored head that no start of the node took over. */
        BEYOND_ANCHOR,
        /** The entry at the anchored number has another hash: the chain was written anew. */
        REBUILT,
        /** An anchor file is unreadable, of another chain, or not signed by a trusted key. */
        ANCHOR_INVALID
    }
}
