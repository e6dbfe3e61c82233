package org.countersign.agent.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.P256PublicKey;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** A key on P-256 that lies in the data folder as a JWK (RFC 7517). */
public record P256Key(P256PublicKey publicKey, PrivateKey privateKey) {

    /** The stored one; a new one when there is none. */
    public static P256Key open(PrivateFolder folder, String file, Entropy entropy) {
        return folder.read(file).map(json -> stored(json, file)).orElseGet(() -> made(folder, file, entropy));
    }

    private static P256Key stored(byte[] json, String file) {
        try {
            var jwk = PublicJsonWebKey.Factory.newPublicJwk(new String(json, StandardCharsets.UTF_8));
            return new P256Key(P256PublicKey.of((ECPublicKey) jwk.getPublicKey()), jwk.getPrivateKey());
        } catch (JoseException | ClassCastException | IllegalArgumentException damaged) {
            throw new IllegalStateException("The file of a key is damaged: " + file, damaged);
        }
    }

    private static P256Key made(PrivateFolder folder, String file, Entropy entropy) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), entropy.secureRandom());
            var pair = generator.generateKeyPair();
            var jwk = new EllipticCurveJsonWebKey((ECPublicKey) pair.getPublic());
            jwk.setPrivateKey(pair.getPrivate());
            folder.write(file, jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8));
            return new P256Key(P256PublicKey.of((ECPublicKey) pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("No key can be made", impossible);
        }
    }

    /** Says that there is one. */
    @Override
    public String toString() {
        return "a key on P-256";
    }
}
