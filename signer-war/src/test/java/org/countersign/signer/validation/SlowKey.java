package org.countersign.signer.validation;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;

/** Verifying with it takes as long as signing would: its exponent is as long as its modulus. */
final class SlowKey {

    private SlowKey() {}

    /** There is no private one. */
    static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var modulus = ((RSAPublicKey) generator.generateKeyPair().getPublic()).getModulus();
            var exponent = BigInteger.ONE.shiftLeft(2_000).add(BigInteger.ONE);
            var key = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
            return new KeyPair(key, null);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
