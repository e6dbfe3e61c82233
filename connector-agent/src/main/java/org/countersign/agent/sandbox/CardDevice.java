package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import javax.smartcardio.CardException;
import org.countersign.agent.cards.CardReaders;

/** A kind of cards. */
record CardDevice(CardReaders readers) implements Device {

    @Override
    public JsonObject answer(JsonObject request) throws CardException {
        return readers.answer(request);
    }

    @Override
    public JsonObject memory() {
        return readers.memory();
    }

    @Override
    public boolean isSpent() {
        return readers.isSpent();
    }
}
