package org.countersign.agent.card;

/** What is in a virtual reader. */
interface VirtualCard {

    /** The answer to reset, hexadecimal. */
    String atr();

    /**
     * What was shown to the card is forgotten.
     *
     * @param warm without the power going off, which the reader service does by itself when nobody uses a card
     */
    void reset(boolean warm);

    /** One APDU; the answer with its status. */
    byte[] transmit(byte[] apdu);
}
