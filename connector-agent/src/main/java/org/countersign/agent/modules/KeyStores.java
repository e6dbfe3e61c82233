package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.signature.HashSignature;
import org.countersign.agent.signature.SignatureScheme;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateEncoding;

/** Keys and certificates of a Java key store, in the words of the modules. */
final class KeyStores {

    private static final int ID_BYTES = 8;

    private KeyStores() {}

    /** All of them by identifier: of keys, of their chains, and those that stand alone. */
    static Map<String, X509Certificate> certificates(KeyStore store) throws GeneralSecurityException {
        var found = new LinkedHashMap<String, X509Certificate>();
        for (var alias : Collections.list(store.aliases())) {
            var chain = store.getCertificateChain(alias);
            if (chain != null) {
                for (var certificate : chain) {
                    add(certificate, found);
                }
            } else {
                add(store.getCertificate(alias), found);
            }
        }
        return found;
    }

    private static void add(java.security.cert.Certificate certificate, Map<String, X509Certificate> found) {
        if (certificate instanceof X509Certificate x509) {
            found.put(id(x509), x509);
        }
    }

    private static String id(X509Certificate certificate) {
        var hash = SignatureScheme.SHA256.hash(CertificateEncoding.encode(certificate));
        return HexFormat.of().withUpperCase().formatHex(hash, 0, ID_BYTES);
    }

    static JsonObject json(Map<String, X509Certificate> certificates) {
        var list = Jsons.array();
        certificates.forEach((id, certificate) -> list.add(Jsons.object()
                .add("id", id)
                .add("certificate", Base64.getEncoder().encodeToString(CertificateEncoding.encode(certificate)))));
        return Jsons.object().add("certificates", list).build();
    }

    static JsonObject algorithms() {
        var names = Jsons.array();
        for (var scheme : SignatureScheme.values()) {
            names.add(scheme.wireName());
        }
        return Jsons.object().add("algorithms", names).build();
    }

    /** The scheme that is asked for, when the hash fits it. */
    static SignatureScheme scheme(JsonObject details, byte[] hash) {
        var scheme = SignatureScheme.of(details.getString("algorithm")).orElseThrow(KeyStores::algorithmRefused);
        if (hash.length != scheme.hashBytes()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The hash has another length");
        }
        return scheme;
    }

    /** @param password of the key; null where the store asks for itself */
    static JsonObject sign(KeyStore store, char[] password, JsonObject details, Entropy entropy)
            throws GeneralSecurityException {
        var hash = Base64.getDecoder().decode(details.getString("hash"));
        var scheme = scheme(details, hash);
        for (var alias : Collections.list(store.aliases())) {
            boolean meant = store.isKeyEntry(alias)
                    && store.getCertificate(alias) instanceof X509Certificate certificate
                    && id(certificate).equals(details.getString("id"));
            if (meant && store.getKey(alias, password) instanceof PrivateKey key) {
                var signature = HashSignature.sign(scheme, key, hash, entropy.secureRandom())
                        .orElseThrow(KeyStores::algorithmRefused);
                return Jsons.object()
                        .add("signature", Base64.getEncoder().encodeToString(signature))
                        .build();
            }
        }
        throw new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "There is no such key");
    }

    private static ProtocolException algorithmRefused() {
        return new ProtocolException(AgentError.ALGORITHM_REFUSED, "Not offered for this key");
    }
}
