package org.countersign.agent.sandbox;

import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** What a child refuses travels as the code's name; the words are added here. */
final class Refusals {

    private Refusals() {}

    static ProtocolException of(String name) {
        var code = AgentError.valueOf(name);
        return new ProtocolException(
                code,
                switch (code) {
                    case NO_CARD -> "There is no card that this module knows";
                    case CERTIFICATE_NOT_FOUND -> "The card has no such certificate or key";
                    case ALGORITHM_REFUSED -> "The card does not sign by this algorithm with this key";
                    case NOT_OFFERED -> "The card does not offer this";
                    case BUSY -> "The card is in use; try again later";
                    case CARD_DATA -> "The card's data are not as its specification says";
                    case PIN_NOT_ENTERED -> "The user did not give the PIN";
                    case PIN_REQUIRED -> "A PIN is required";
                    case PIN_INCORRECT -> "The PIN is not right";
                    case PIN_LAST_TRY -> "One more wrong PIN would lock the card, so none was tried";
                    case PIN_LOCKED -> "The card is locked after too many wrong PINs";
                    default -> "The card's library refused";
                });
    }
}
