package org.countersign.systemtests.benchmark;

import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.ws.server.signing.common.RemoteSignatureTokenConnectionImpl;
import eu.europa.esig.dss.ws.server.signing.rest.RestSignatureTokenConnectionImpl;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyStore.PasswordProtection;
import java.util.Set;

/** Goes into {@link DssService}'s archive: EU DSS's server-signing REST service as its authors publish it, with one key store. */
@ApplicationPath("")
public final class DssApplication extends Application {

    static final String KEY_STORE = "benchmark.p12";
    static final char[] PASSWORD = "benchmark".toCharArray();

    @Override
    @Deprecated
    public Set<Object> getSingletons() {
        try (var keys = DssApplication.class.getResourceAsStream("/" + KEY_STORE)) {
            var token = new RemoteSignatureTokenConnectionImpl();
            token.setToken(new Pkcs12SignatureToken(keys, new PasswordProtection(PASSWORD)));
            var service = new RestSignatureTokenConnectionImpl();
            service.setToken(token);
            return Set.of(service);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
