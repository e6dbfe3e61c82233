package org.countersign.ds.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.countersign.ds.sync.SyncSettings.TrustedIssuer;
import org.countersign.ds.sync.TrustedKeys.IssuerKeys;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.Test;

class TrustedKeysTest {

    private static final URI OWN = URI.create("https://ds.example.com/ds-acme");

    @Test
    void othersKeysAreFetchedWithoutWhatIsPrivate() throws Exception {
        var jwk = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        var set = "{\"keys\": [" + jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE)
                + ", {\"kty\": \"oct\", \"k\": \"AAAA\"}]}";
        try (var issuer = new Issuer(200, set);
                var keys = issuer.trusted()) {
            issuer.awaitAsked();
            for (int i = 0; keys.current().get(1).keys().isEmpty(); i++) {
                assertThat(i).isLessThan(1_000);
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(keys.current().get(0).issuer()).isEqualTo(OWN.toString());
            assertThat(keys.current().get(1).keys())
                    .containsExactly(jwk.toParams(OutputControlLevel.PUBLIC_ONLY))
                    .allSatisfy(key -> assertThat(key).doesNotContainKeys("d", "k"));
        }
    }

    @Test
    void anIssuerWhoseKeysAreNotHadIsNamedWithoutKeys() throws Exception {
        for (var answer :
                Map.of(404, "{\"keys\": []}", 200, "x".repeat(70_000), 302, "").entrySet()) {
            try (var issuer = new Issuer(answer.getKey(), answer.getValue());
                    var keys = issuer.trusted()) {
                issuer.awaitAsked();
                assertThat(keys.current())
                        .containsExactly(
                                new IssuerKeys(OWN.toString(), List.of()), new IssuerKeys("https://other", List.of()));
            }
        }
    }

    /** A server of JWK sets. */
    private static final class Issuer implements AutoCloseable {

        private final HttpServer server;
        private final Semaphore asked = new Semaphore(0);

        Issuer(int status, String body) throws Exception {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.createContext("/", exchange -> {
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
                asked.release();
            });
            server.start();
        }

        TrustedKeys trusted() {
            var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
            return TrustedKeys.start(List.of(new TrustedIssuer("https://other", address)), OWN, List::of, "test");
        }

        void awaitAsked() throws InterruptedException {
            assertThat(asked.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
