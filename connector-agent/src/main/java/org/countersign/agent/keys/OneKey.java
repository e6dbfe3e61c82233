package org.countersign.agent.keys;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server's one EC key, with the certificate that is in force when a client comes. */
final class OneKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "loopback";
    private static final String KIND = "EC";

    private final PrivateKey key;
    private final Supplier<List<X509Certificate>> chain;

    OneKey(PrivateKey key, Supplier<List<X509Certificate>> chain) {
        this.key = key;
        this.chain = chain;
    }

    @Override
    public String chooseEngineServerAlias(String kind, Principal[] issuers, SSLEngine engine) {
        return KIND.equals(kind) ? ALIAS : null;
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
        return KIND.equals(kind) ? ALIAS : null;
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
        return KIND.equals(kind) ? new String[] {ALIAS} : new String[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.get().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
        return null;
    }
}
