package org.countersign.server.exchange;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a context shows to a server that asks for a certificate (RFC 8446 §4.4.2).
 *
 * @param chain the own certificate first
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    /** Nothing secret is kept in it: it never leaves the memory. */
    private static final char[] NO_PASSWORD = new char[0];

    private static final byte[] PROBE = {1};

    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * TLS to a server whose certificate leads to one of some anchors, and to no other.
     *
     * @param anchors one at least
     */
    public static SSLContext context(Set<X509Certificate> anchors, Optional<TlsIdentity> identity) {
        try {
            var trusted = empty();
            int number = 0;
            for (var anchor : anchors) {
                trusted.setCertificateEntry(Integer.toString(number++), anchor);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(
                    identity.isPresent() ? identity.get().managers() : new KeyManager[0],
                    trust.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException everyJavaHasIt) {
            throw new IllegalStateException("There is no TLS", everyJavaHasIt);
        }
    }

    /** Whether the key is that of the first certificate, and each one is followed by its issuer's. */
    public boolean fits() {
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                return false;
            }
        }
        try {
            var signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> "EdDSA";
                    });
            signature.initSign(key);
            signature.update(PROBE);
            var signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private KeyManager[] managers() throws GeneralSecurityException, IOException {
        var own = empty();
        own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    @Override
    public String toString() {
        return "a client certificate";
    }
}
