package org.countersign.server.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.countersign.server.keys.KeyAlgorithm.Family;
import org.countersign.server.keys.token.Fields;

/**
 * Key and signature algorithms as PKCS#11 writes them: 2.40 (Current Mechanisms, §2.1 and §2.3), Ed25519 as 3.0 has it
 * (§2.3.5, §2.3.14).
 */
final class TokenAlgorithms {

    private static final long CKK_RSA = 0x0;
    private static final long CKK_EC = 0x3;
    private static final long CKK_EC_EDWARDS = 0x40;
    private static final long CKM_RSA_PKCS_KEY_PAIR_GEN = 0x0;
    private static final long CKM_RSA_PKCS = 0x1;
    private static final long CKM_RSA_PKCS_PSS = 0xd;
    private static final long CKM_EC_KEY_PAIR_GEN = 0x1040;
    private static final long CKM_ECDSA = 0x1041;
    private static final long CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
    private static final long CKM_EDDSA = 0x1057;

    /** CKM_SHA… with its CKG_MGF1_SHA…. */
    private static final Map<HashAlgorithm, long[]> PSS = Map.of(
            HashAlgorithm.SHA256, new long[] {0x250, 2},
            HashAlgorithm.SHA384, new long[] {0x260, 3},
            HashAlgorithm.SHA512, new long[] {0x270, 4});

    /** CKA_EC_PARAMS: the DER of the curve's OID; of Ed25519 also its name as a PrintableString, which some want. */
    private static final Map<KeyAlgorithm, List<byte[]>> CURVES = Map.of(
            KeyAlgorithm.EC_P256, List.of(HexFormat.of().parseHex("06082a8648ce3d030107")),
            KeyAlgorithm.EC_P384, List.of(HexFormat.of().parseHex("06052b81040022")),
            KeyAlgorithm.EC_P521, List.of(HexFormat.of().parseHex("06052b81040023")),
            KeyAlgorithm.ED25519,
                    List.of(
                            HexFormat.of().parseHex("06032b6570"),
                            HexFormat.of().parseHex("130c656477617264733235353139")));

    private static final int OCTET_STRING_HEADER = 3;

    private TokenAlgorithms() {}

    /** The ways to write the curve; one empty one for RSA. */
    static List<byte[]> curves(KeyAlgorithm algorithm) {
        return CURVES.getOrDefault(algorithm, List.of(new byte[0]));
    }

    /** The fields that say what to make. */
    static Fields generating(KeyAlgorithm algorithm, byte[] curve) {
        var fields = Fields.empty();
        switch (algorithm.family()) {
            case RSA ->
                fields.number(CKM_RSA_PKCS_KEY_PAIR_GEN).number(CKM_RSA_PKCS).number(CKK_RSA);
            case EC -> fields.number(CKM_EC_KEY_PAIR_GEN).number(CKM_ECDSA).number(CKK_EC);
            case ED25519 ->
                fields.number(CKM_EC_EDWARDS_KEY_PAIR_GEN).number(CKM_EDDSA).number(CKK_EC_EDWARDS);
        }
        return fields.number(algorithm.bits()).bytes(curve);
    }

    /** @throws IllegalStateException when it is none of ours */
    static KeyAlgorithm algorithm(byte[] description) {
        try {
            var fields = Fields.of(description);
            boolean rsa = fields.nextNumber() == CKK_RSA;
            long bits = rsa ? fields.nextNumber() : 0;
            var curve = rsa ? new byte[0] : fields.nextBytes();
            for (var algorithm : KeyAlgorithm.values()) {
                boolean fits = rsa
                        ? algorithm.family() == Family.RSA && algorithm.bits() == bits
                        : CURVES.getOrDefault(algorithm, List.of()).stream()
                                .anyMatch(known -> Arrays.compare(known, curve) == 0);
                if (fits) {
                    return algorithm;
                }
            }
            throw new IllegalStateException("The token's key is of an unknown algorithm");
        } catch (IOException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    /** The fields that say how to sign, and what: mechanism, parameters of PSS or a zero, data. */
    static void signing(Fields fields, SignatureAlgorithm algorithm, KeyAlgorithm key, byte[] hash) {
        switch (algorithm.scheme()) {
            case PKCS1 -> fields.number(CKM_RSA_PKCS).number(0).bytes(DigestInfo.of(algorithm.hash(), hash));
            case PSS ->
                fields.number(CKM_RSA_PKCS_PSS)
                        .number(PSS.get(algorithm.hash())[0])
                        .number(PSS.get(algorithm.hash())[1])
                        .number(algorithm.hash().length())
                        .bytes(hash);
            // FIPS 186-5 §6.4.1: of a longer hash its leftmost bits, which not every token cuts off by itself.
            case ECDSA ->
                fields.number(CKM_ECDSA).number(0).bytes(Arrays.copyOf(hash, Math.min(hash.length, width(key))));
            case EDDSA -> fields.number(CKM_EDDSA).number(0).bytes(hash);
        }
    }

    /** As the signer gives it out: PKCS#11 puts ECDSA's two numbers one after the other. */
    static byte[] signature(SignatureAlgorithm algorithm, byte[] made) {
        if (algorithm.scheme() != SignatureAlgorithm.Scheme.ECDSA) {
            return made;
        }
        try {
            int half = made.length / 2;
            return new DERSequence(new ASN1Encodable[] {
                        new ASN1Integer(new BigInteger(1, Arrays.copyOf(made, half))),
                        new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(made, half, made.length)))
                    })
                    .getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @param made modulus and exponent, or the point: as it is, or as PKCS#11 wants it, in an OCTET STRING */
    static PublicKey publicKey(KeyAlgorithm algorithm, byte[] made) {
        try {
            var fields = Fields.of(made);
            var factory =
                    KeyFactory.getInstance(algorithm.family().wireName(), KeyEncoding.jdkProvider(algorithm.family()));
            return switch (algorithm.family()) {
                case RSA ->
                    factory.generatePublic(new RSAPublicKeySpec(
                            new BigInteger(1, fields.nextBytes()), new BigInteger(1, fields.nextBytes())));
                case EC ->
                    factory.generatePublic(spki(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve(algorithm)),
                            last(fields.nextBytes(), 1 + 2 * width(algorithm))));
                case ED25519 ->
                    factory.generatePublic(spki(
                            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                            last(fields.nextBytes(), width(algorithm))));
            };
        } catch (GeneralSecurityException | IOException malformed) {
            throw new IllegalStateException("The token's public key does not decode", malformed);
        }
    }

    private static ASN1ObjectIdentifier curve(KeyAlgorithm algorithm) {
        return ASN1ObjectIdentifier.getInstance(CURVES.get(algorithm).get(0));
    }

    private static X509EncodedKeySpec spki(AlgorithmIdentifier algorithm, byte[] point) throws IOException {
        return new X509EncodedKeySpec(new SubjectPublicKeyInfo(algorithm, point).getEncoded());
    }

    /** Without the OCTET STRING's tag and length, if they are there. */
    private static byte[] last(byte[] point, int length) throws IOException {
        if (point.length < length || point.length > length + OCTET_STRING_HEADER) {
            throw new IOException("A point has an unexpected length");
        }
        return Arrays.copyOfRange(point, point.length - length, point.length);
    }

    /** Bytes of a coordinate, or of the order. */
    private static int width(KeyAlgorithm key) {
        return (key.bits() + 7) / 8;
    }
}
