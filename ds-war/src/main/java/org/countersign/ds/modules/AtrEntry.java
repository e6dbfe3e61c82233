package org.countersign.ds.modules;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.cards.AtrPattern;

/**
 * What cards with certain answers to reset are.
 *
 * @param organisation whose alone it is; everyone's when empty
 * @param imported whether it came with the public list
 */
record AtrEntry(UUID id, Optional<UUID> organisation, AtrPattern pattern, boolean imported, List<String> descriptions) {

    AtrEntry {
        descriptions = List.copyOf(descriptions);
    }

    /** Of entries as specific as each other, an organisation's own goes first, then an operator's. */
    int rank() {
        return organisation.isPresent() ? 0 : imported ? 2 : 1;
    }
}
