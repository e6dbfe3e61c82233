package org.countersign.agent.cards;

import jakarta.json.JsonObject;
import javax.smartcardio.CardException;

/** What one kind of card is asked. It has the card to itself. */
interface CardCommands {

    /** Whether it is such a card; if so, its application is selected. */
    boolean select(CardSession card) throws CardException;

    /** Works on one request. */
    JsonObject answer(CardSession card, JsonObject request) throws CardException;

    /** What is known of cards beyond a request, to be given back with the next as {@code memory}. */
    default JsonObject memory() {
        return JsonObject.EMPTY_JSON_OBJECT;
    }
}
