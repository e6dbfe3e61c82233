package org.countersign.server.keys;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.SignatureAlgorithm.Scheme;

/** The spellings of {@code signAlgo}: those that say the hash and those that leave it to {@code hashAlgo}. */
final class SignatureAlgorithmNames {

    private static final Map<String, SignatureAlgorithm> WHOLE = whole();

    private static final Map<String, Scheme> WITHOUT_HASH = Map.ofEntries(
            Map.entry("RSA", Scheme.PKCS1),
            // rsaEncryption (RFC 8017 A.1)
            Map.entry("1.2.840.113549.1.1.1", Scheme.PKCS1),
            Map.entry("RSASSA-PSS", Scheme.PSS),
            Map.entry("RSAANDMGF1", Scheme.PSS),
            // id-RSASSA-PSS (RFC 8017 A.2.3)
            Map.entry("1.2.840.113549.1.1.10", Scheme.PSS),
            Map.entry("ECDSA", Scheme.ECDSA),
            // id-ecPublicKey (RFC 5480 §2.1.1)
            Map.entry("1.2.840.10045.2.1", Scheme.ECDSA));

    private SignatureAlgorithmNames() {}

    static SignatureAlgorithm parse(String signAlgo, String hashAlgo) {
        if (signAlgo == null || signAlgo.isEmpty()) {
            throw ProtocolException.invalidRequest("SignAlgo is null or empty");
        }
        var name = signAlgo.toUpperCase(Locale.ROOT);
        var whole = WHOLE.get(name);
        if (whole != null) {
            if (hashAlgo != null) {
                throw ProtocolException.invalidRequest(
                        "hashAlgo must be absent: signAlgo already says how the hash was made");
            }
            return whole;
        }
        var scheme = WITHOUT_HASH.get(name);
        if (scheme == null) {
            throw ProtocolException.invalidRequest("Unsupported signAlgo");
        }
        if (hashAlgo == null || hashAlgo.isEmpty()) {
            throw ProtocolException.invalidRequest("hashAlgo is required with this signAlgo");
        }
        var hash = HashAlgorithm.find(hashAlgo)
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "Unsupported hashAlgo: one of SHA-256, SHA-384, SHA-512 is expected"));
        return SignatureAlgorithm.of(scheme, hash);
    }

    private static Map<String, SignatureAlgorithm> whole() {
        var names = new HashMap<String, SignatureAlgorithm>();
        for (var algorithm : SignatureAlgorithm.values()) {
            names.put(algorithm.name(), algorithm);
            if (algorithm.scheme() != Scheme.PSS) {
                names.put(algorithm.oid(), algorithm);
            }
        }
        return Map.copyOf(names);
    }
}
