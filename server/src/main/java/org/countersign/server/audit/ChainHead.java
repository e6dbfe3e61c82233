package org.countersign.server.audit;

import java.util.UUID;

/**
 * How far a chain goes.
 *
 * @param seq number of the newest entry, from 1; 0 for a chain without entries
 * @param hash of that entry; 32 zero bytes for a chain without entries
 */
public record ChainHead(UUID chain, long seq, EntryHash hash) {

    static ChainHead before(UUID chain) {
        return new ChainHead(chain, 0, EntryHash.NONE);
    }
}
