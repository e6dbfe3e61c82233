package org.countersign.server.keys;

import java.util.Arrays;

/**
 * A PIN on its way from one master secret to another.
 *
 * @param stored what checks the PIN and the activation key sealed under it, of use only with the key
 * @param key Argon2's input K, 32 bytes: with it and {@code stored}, PINs can be guessed
 * @param companyWide whether the key is also that of other credentials of the company it comes from
 */
public record MovedPin(String stored, byte[] key, boolean companyWide) implements AutoCloseable {

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "a PIN on its way";
    }
}
