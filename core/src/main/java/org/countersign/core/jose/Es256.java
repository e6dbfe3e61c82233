package org.countersign.core.jose;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.jose4j.keys.EllipticCurves;

/** Verifies signatures by ES256: ECDSA on P-256 with SHA-256 (RFC 7518 §3.4). Safe for use by many threads. */
public final class Es256 {

    /** {@code alg} of a JWS. */
    static final String NAME = "ES256";

    private static final int SIGNATURE_BYTES = 64;
    private static final String JDK = "SunEC";
    private static final BigInteger ORDER = EllipticCurves.P256.getOrder();

    private final Provider provider;

    private Es256(Provider provider) {
        this.provider = provider;
    }

    /** By the JDK. */
    public static Es256 jdk() {
        return new Es256(Security.getProvider(JDK));
    }

    /** @param provider of the JCA with {@code SHA256withECDSAinP1363Format}; need not be registered */
    public static Es256 by(Provider provider) {
        return new Es256(provider);
    }

    /** @param signature R and S, 32 bytes each */
    boolean verify(P256PublicKey key, byte[] content, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES || !isInRange(signature, 0) || !isInRange(signature, 32)) {
            return false;
        }
        try {
            var publicKey =
                    KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(key.encoded()));
            var verification = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            verification.initVerify(publicKey);
            verification.update(content);
            return verification.verify(signature);
        } catch (GeneralSecurityException refused) {
            return false;
        }
    }

    /** From 1 to the order: providers have been known to take zero for a signature of everything (CVE-2022-21449). */
    private static boolean isInRange(byte[] signature, int from) {
        var value = new BigInteger(1, Arrays.copyOfRange(signature, from, from + SIGNATURE_BYTES / 2));
        return value.signum() > 0 && value.compareTo(ORDER) < 0;
    }
}
