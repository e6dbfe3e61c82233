package org.countersign.server.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.countersign.server.keys.KeyAlgorithm.Family;

/**
 * PKCS#8 to keys. Parsed by the JDK, then handed to the accelerated provider number by number: read from PKCS#8, it would
 * check an RSA key anew each time, for 0.5 ms and more, though the vault's seal already proves the key unchanged.
 */
final class KeyEncoding {

    /** A private key and what it is. */
    record OpenedKey(KeyAlgorithm algorithm, PrivateKey privateKey) {}

    private final Provider accelerated;

    /** @param accelerated null for the JDK's own */
    KeyEncoding(Provider accelerated) {
        this.accelerated = accelerated;
    }

    /** @throws IllegalArgumentException when not one of ours */
    OpenedKey privateKey(byte[] pkcs8) {
        try {
            var family = family(PrivateKeyInfo.getInstance(pkcs8));
            var key = KeyFactory.getInstance(family.wireName(), jdkProvider(family))
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            var algorithm = algorithm(family, key);
            if (accelerated == null || family == Family.ED25519) {
                return new OpenedKey(algorithm, key);
            }
            var fast = KeyFactory.getInstance(family.wireName(), accelerated).generatePrivate(numbers(key));
            return new OpenedKey(algorithm, fast);
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("A private key does not decode");
        }
    }

    /** The same public key as an object of the JDK, which holds no native memory. */
    static PublicKey publicKey(KeyAlgorithm algorithm, PublicKey key) {
        try {
            return KeyFactory.getInstance(algorithm.family().wireName(), jdkProvider(algorithm.family()))
                    .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("A public key does not decode", impossible);
        }
    }

    static String jdkProvider(Family family) {
        return family == Family.RSA ? "SunRsaSign" : "SunEC";
    }

    private static Family family(PrivateKeyInfo info) {
        var oid = info.getPrivateKeyAlgorithm().getAlgorithm();
        if (PKCSObjectIdentifiers.rsaEncryption.equals(oid)) {
            return Family.RSA;
        }
        if (X9ObjectIdentifiers.id_ecPublicKey.equals(oid)) {
            return Family.EC;
        }
        if (EdECObjectIdentifiers.id_Ed25519.equals(oid)) {
            return Family.ED25519;
        }
        throw new IllegalArgumentException("A private key is of an unknown algorithm");
    }

    private static KeyAlgorithm algorithm(Family family, PrivateKey key) {
        int bits = switch (family) {
            case RSA -> ((RSAPrivateCrtKey) key).getModulus().bitLength();
            case EC -> ((ECKey) key).getParams().getOrder().bitLength();
            case ED25519 -> KeyAlgorithm.ED25519.bits();
        };
        for (var algorithm : KeyAlgorithm.values()) {
            if (algorithm.family() == family && algorithm.bits() == bits) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("A private key is of an unknown length");
    }

    private static KeySpec numbers(PrivateKey key) {
        if (key instanceof RSAPrivateCrtKey rsa) {
            return new RSAPrivateCrtKeySpec(
                    rsa.getModulus(),
                    rsa.getPublicExponent(),
                    rsa.getPrivateExponent(),
                    rsa.getPrimeP(),
                    rsa.getPrimeQ(),
                    rsa.getPrimeExponentP(),
                    rsa.getPrimeExponentQ(),
                    rsa.getCrtCoefficient());
        }
        var ec = (ECPrivateKey) key;
        return new ECPrivateKeySpec(ec.getS(), ec.getParams());
    }
}
