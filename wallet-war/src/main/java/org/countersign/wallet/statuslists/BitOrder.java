package org.countersign.wallet.statuslists;

/** Which bit of a byte is the first one. */
public enum BitOrder {
    /** As the Token Status List has it (§4.1): the least significant one. */
    LEAST_FIRST(""),
    /** As a wallet app reads it that was shipped before: the most significant one. */
    MOST_FIRST("msb/");

    private final String path;

    BitOrder(String path) {
        this.path = path;
    }

    /** Of lists in this order, before their number. */
    String path() {
        return path;
    }

    /** @param place 0 to 7 */
    byte bit(int place) {
        return (byte) (1 << (this == LEAST_FIRST ? place : Byte.SIZE - 1 - place));
    }
}
