package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import java.io.IOException;
import javax.smartcardio.CardException;
import org.xipki.pkcs11.wrapper.TokenException;

/** What a child process works with. */
interface Device {

    /** Works on one request to its end; nothing of it is left in the device. */
    JsonObject answer(JsonObject request) throws IOException, TokenException, CardException;

    /** What the next process must know when this one is gone: it comes back as {@code memory} of each request. */
    default JsonObject memory() {
        return JsonObject.EMPTY_JSON_OBJECT;
    }

    /** Whether its process is to be ended after this answer. */
    default boolean isSpent() {
        return false;
    }
}
