package org.countersign.core.x509;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A private key as text: PKCS#8 without encryption, RFC 7468 §10. */
public final class PrivateKeyPem {

    private static final String LABEL = "PRIVATE KEY";

    private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption,
            "RSA",
            X9ObjectIdentifiers.id_ecPublicKey,
            "EC",
            EdECObjectIdentifiers.id_Ed25519,
            "Ed25519");

    private PrivateKeyPem() {}

    /** @throws IllegalArgumentException when it is not one key; the message has nothing of it */
    public static PrivateKey read(String pem) {
        var blocks = Pem.blocks(pem);
        if (blocks.size() != 1 || !LABEL.equals(blocks.get(0).label())) {
            throw malformed();
        }
        var der = blocks.get(0).der();
        try {
            var algorithm = PrivateKeyInfo.getInstance(der).getPrivateKeyAlgorithm();
            return KeyFactory.getInstance(ALGORITHMS.getOrDefault(algorithm.getAlgorithm(), "unknown"))
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("A private key does not decode");
    }
}
