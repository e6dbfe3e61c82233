package org.countersign.server.keys;

import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * HMAC-SHA256 (RFC 2104) under a key of the master secret: what one node says, every other knows again, without a row in the database.
 * Safe for use by many threads.
 */
public final class MessageCodes {

    private final byte[] key;

    /** @param label a constant of the caller: codes of one purpose serve no other */
    public MessageCodes(MasterSecret master, String label) {
        this.key = master.derive("countersign message codes v1 " + label);
    }

    /** 32 bytes. Compare them in constant time. */
    public byte[] of(byte[] message) {
        return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, key).hmac(message);
    }
}
