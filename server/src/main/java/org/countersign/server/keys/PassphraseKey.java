package org.countersign.server.keys;

/** An AES key from a passphrase, by Argon2id with one lane (RFC 9106). */
public final class PassphraseKey {

    /** What RFC 9106 §4 recommends where memory is scarce. */
    public static final Argon2Cost COST = new Argon2Cost(65_536, 3);

    public static final int SALT_LENGTH = 16;

    private static final byte[] NONE = new byte[0];
    private static final int LENGTH = 32;

    private PassphraseKey() {}

    /** 32 bytes. */
    public static byte[] derive(byte[] passphrase, Argon2Cost cost, byte[] salt) {
        return Argon2.derive(passphrase, cost, salt, NONE, NONE, LENGTH);
    }
}
