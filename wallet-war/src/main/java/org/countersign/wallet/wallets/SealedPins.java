package org.countersign.wallet.wallets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;
import org.countersign.server.keys.FactorSecrets;

/** Salted PIN codes, under a key of the master secret and bound to their wallet: who reads the database learns nothing of them. */
public final class SealedPins {

    private static final String PURPOSE = "wallet-pin";

    private final FactorSecrets secrets;

    public SealedPins(FactorSecrets secrets) {
        this.secrets = secrets;
    }

    public byte[] seal(UUID wallet, String saltedPin) {
        return secrets.seal(wallet, PURPOSE, saltedPin.getBytes(StandardCharsets.US_ASCII));
    }

    /** Compares in constant time. */
    boolean matches(UUID wallet, byte[] sealed, String saltedPin) {
        return MessageDigest.isEqual(
                secrets.open(wallet, PURPOSE, sealed), saltedPin.getBytes(StandardCharsets.US_ASCII));
    }
}
