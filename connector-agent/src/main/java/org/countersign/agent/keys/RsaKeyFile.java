package org.countersign.agent.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.countersign.core.entropy.Entropy;

/** An RSA key in the data folder. Made in the background at the first start; who needs it waits. */
final class RsaKeyFile {

    private static final int BITS = 2_048;

    private RsaKeyFile() {}

    static CompletableFuture<KeyPair> open(PrivateFolder folder, String file, Entropy entropy) {
        return folder.read(file)
                .map(der -> CompletableFuture.completedFuture(stored(der, file)))
                .orElseGet(() -> CompletableFuture.supplyAsync(() -> made(folder, file, entropy)));
    }

    private static KeyPair stored(byte[] der, String file) {
        try {
            var factory = KeyFactory.getInstance("RSA");
            var key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der));
            return new KeyPair(
                    factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())), key);
        } catch (GeneralSecurityException | ClassCastException damaged) {
            throw new IllegalStateException("The file of a key is damaged: " + file, damaged);
        }
    }

    private static KeyPair made(PrivateFolder folder, String file, Entropy entropy) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS, entropy.secureRandom());
            var pair = generator.generateKeyPair();
            var encoded = pair.getPrivate().getEncoded();
            folder.write(file, encoded);
            Arrays.fill(encoded, (byte) 0);
            return pair;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("No RSA key can be made", impossible);
        }
    }
}
