package org.countersign.agent.readers;

import java.util.List;

/** What the distribution service knows of cards; it comes before the agent's own list. */
public interface SyncedCards {

    /** Nothing is known. */
    SyncedCards NONE = new SyncedCards() {
        @Override
        public List<String> modules(String atr) {
            return List.of();
        }

        @Override
        public List<String> descriptions(String atr) {
            return List.of();
        }

        @Override
        public List<AtrMap.Kind> all() {
            return List.of();
        }
    };

    /** The modules that work with a card. @param atr hexadecimal digits in capitals */
    List<String> modules(String atr);

    /** What people call it. */
    List<String> descriptions(String atr);

    List<AtrMap.Kind> all();
}
