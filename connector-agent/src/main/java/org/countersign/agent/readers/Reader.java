package org.countersign.agent.readers;

import java.util.List;
import java.util.Optional;

/**
 * A reader.
 *
 * @param id 16 hexadecimal digits; holds for this run of the agent
 * @param name as PC/SC has it
 * @param pinpad whether PINs can be typed on the reader itself
 */
public record Reader(String id, String name, boolean pinpad, Optional<Card> card) {

    /**
     * A card in a reader.
     *
     * @param atr hexadecimal, in capitals
     * @param description what kind it is, for people
     * @param modules that work with it
     */
    public record Card(String atr, List<String> description, List<String> modules) {

        public Card {
            description = List.copyOf(description);
            modules = List.copyOf(modules);
        }
    }
}
