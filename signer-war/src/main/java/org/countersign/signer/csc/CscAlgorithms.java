package org.countersign.signer.csc;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;

/** Algorithms as the specification names them: by OID alone (CSC API 1.0.4.0 §11.5, §11.9). */
final class CscAlgorithms {

    private static final String RSA = PKCSObjectIdentifiers.rsaEncryption.getId();
    private static final String PSS = PKCSObjectIdentifiers.id_RSASSA_PSS.getId();
    private static final String EC = X9ObjectIdentifiers.id_ecPublicKey.getId();
    private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9]\\d{0,9})){1,20}");

    private CscAlgorithms() {}

    /**
     * The algorithm that {@code signAlgo} means, with a hash algorithm or {@code signAlgoParams} where it needs one.
     *
     * @param hashName the parameter that names the hash algorithm
     */
    static SignatureAlgorithm of(CscRequest request, String hashName) {
        var name = request.requiredText("signAlgo");
        if (name.equals(PSS)) {
            return pss(request.requiredText("signAlgoParams"));
        }
        if (name.equals(RSA) || name.equals(EC)) {
            return SignatureAlgorithm.parse(name, hash(request, hashName).oid());
        }
        if (!OID.matcher(name).matches()) {
            throw CscRequest.invalid("signAlgo");
        }
        try {
            // It says the hash as well; then hashAlgo does not matter.
            return SignatureAlgorithm.parse(name, null);
        } catch (ProtocolException unknown) {
            throw CscRequest.invalid("signAlgo");
        }
    }

    /** As {@link #of(CscRequest, String)}, with SHA-256 where nothing names a hash algorithm. */
    static SignatureAlgorithm ofDocument(CscRequest request, String hashName) {
        var name = request.requiredText("signAlgo");
        return (name.equals(RSA) || name.equals(EC)) && !request.has(hashName)
                ? SignatureAlgorithm.parse(name, HashAlgorithm.SHA256.oid())
                : of(request, hashName);
    }

    /** The hash algorithm that a parameter names. */
    static HashAlgorithm hash(CscRequest request, String name) {
        return Optional.of(request.requiredText(name))
                .filter(text -> OID.matcher(text).matches())
                .flatMap(HashAlgorithm::find)
                .orElseThrow(() -> CscRequest.invalid(name));
    }

    /** @param text RSASSA-PSS-params of RFC 8017 A.2.3: one hash for both, a salt as long as it, the trailer field BC */
    private static SignatureAlgorithm pss(String text) {
        try {
            var params = RSASSAPSSparams.getInstance(
                    ASN1Primitive.fromByteArray(Base64.getDecoder().decode(text)));
            if (params == null) {
                throw CscRequest.invalid("signAlgoParams");
            }
            var hash = HashAlgorithm.find(
                            params.getHashAlgorithm().getAlgorithm().getId())
                    .orElseThrow(() -> CscRequest.invalid("signAlgoParams"));
            var mask =
                    AlgorithmIdentifier.getInstance(params.getMaskGenAlgorithm().getParameters());
            if (params.getMaskGenAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1)
                    && mask != null
                    && mask.getAlgorithm().equals(new ASN1ObjectIdentifier(hash.oid()))
                    && params.getSaltLength().intValueExact() == hash.length()
                    && params.getTrailerField().intValueExact() == 1) {
                return SignatureAlgorithm.parse(PSS, hash.oid());
            }
        } catch (java.io.IOException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException
                | ArithmeticException malformed) {
            // answered below
        }
        throw CscRequest.invalid("signAlgoParams");
    }

    /** What {@code key/algo} lists for a key: that of the key itself first, with which {@code hashAlgo} goes. */
    static List<String> of(KeyAlgorithm key) {
        var oids = new LinkedHashSet<String>();
        switch (key.family()) {
            case RSA -> oids.add(RSA);
            case EC -> oids.add(EC);
            case ED25519 -> {
                // Its one algorithm has the same OID as the key.
            }
        }
        key.signatureAlgorithms().stream().map(SignatureAlgorithm::oid).forEach(oids::add);
        return new ArrayList<>(oids);
    }

    /** The OID of the curve, for ECDSA alone. */
    static String curve(KeyAlgorithm key) {
        return switch (key) {
            case EC_P256 -> "1.2.840.10045.3.1.7";
            case EC_P384 -> "1.3.132.0.34";
            case EC_P521 -> "1.3.132.0.35";
            default -> null;
        };
    }
}
