package org.countersign.server.keys;

import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Signature algorithms as X.509 and PKCS#10 write them (RFC 4055, RFC 5758 §3.2, RFC 8410 §3). */
final class AlgorithmIdentifiers {

    private AlgorithmIdentifiers() {}

    static AlgorithmIdentifier of(SignatureAlgorithm algorithm) {
        var oid = new ASN1ObjectIdentifier(algorithm.oid());
        return switch (algorithm.scheme()) {
            case PKCS1 -> new AlgorithmIdentifier(oid, DERNull.INSTANCE);
            case PSS -> new AlgorithmIdentifier(oid, pss(algorithm.hash()));
            case ECDSA, EDDSA -> new AlgorithmIdentifier(oid);
        };
    }

    private static RSASSAPSSparams pss(HashAlgorithm hash) {
        var digest = new AlgorithmIdentifier(new ASN1ObjectIdentifier(hash.oid()), DERNull.INSTANCE);
        return new RSASSAPSSparams(
                digest,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, digest),
                new ASN1Integer(hash.length()),
                RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
    }
}
