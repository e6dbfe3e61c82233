package org.countersign.systemtests.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** An authority that is asked by EST (RFC 7030), over HTTPS: it issues what a request that openssl verifies asks for, or does what a test says. */
public final class EstAuthority implements AutoCloseable {

    private static final String BASE = "/.well-known/est/signatures/";
    private static final String USER = "countersign";
    private static final String PASSWORD = "password at the authority";

    private final TestAuthority authority;
    private final HttpsServer server;
    private final X509CertificateHolder own;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** By the common name that is asked for. */
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();

    /** What a request is answered with, in place of the certificate that it asks for. */
    @FunctionalInterface
    public interface Behaviour {
        Reply of(String csr);
    }

    /** @param retryAfter null for none */
    public record Reply(int status, String retryAfter, String body) {

        /** Certificates, as RFC 7030 §4.2.3 has them. */
        public static Reply of(List<X509CertificateHolder> certificates) {
            return new Reply(200, null, TestAuthority.pkcs7(certificates).replaceAll("-----[A-Z0-9 ]+-----\\R?", ""));
        }
    }

    private EstAuthority(TestAuthority authority, HttpsServer server, X509CertificateHolder own) {
        this.authority = authority;
        this.server = server;
        this.own = own;
    }

    /** @param authority that issues */
    static EstAuthority start(TestAuthority authority) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            var keys = generator.generateKeyPair();
            var name = new X500Name("CN=EST server of the tests");
            var now = Instant.now();
            var own = new X509v3CertificateBuilder(
                            name,
                            BigInteger.ONE,
                            Date.from(now.minus(Duration.ofDays(1))),
                            Date.from(now.plus(Duration.ofDays(2))),
                            name,
                            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var certificate = new JcaX509CertificateConverter().getCertificate(own);
            store.setKeyEntry("own", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            var tls = SSLContext.getInstance("TLS");
            tls.init(managers.getKeyManagers(), null, null);

            var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            var est = new EstAuthority(authority, server, own);
            server.createContext(BASE + "cacerts", est::authorities);
            server.createContext(BASE + "simpleenroll", est::enrol);
            server.setExecutor(est.threads);
            server.start();
            return est;
        } catch (IOException | GeneralSecurityException | OperatorCreationException failure) {
            throw new IllegalStateException("No EST server", failure);
        }
    }

    /** The {@code enrolment} of a tenant. */
    String settings() {
        return """
                {"type": "est", "url": "https://127.0.0.1:%d", "label": "signatures", "trustAnchors": ["%s"],
                       "username": "%s", "password": "%s"}""".formatted(
                        server.getAddress().getPort(),
                        TestAuthority.pem(own).strip().replaceAll("\\R", "\\\\n"),
                        USER,
                        PASSWORD);
    }

    /** From now on, for requests with a common name. @param behaviour null for the usual one */
    public void behave(String commonName, Behaviour behaviour) {
        if (behaviour == null) {
            behaviours.remove(commonName);
        } else {
            behaviours.put(commonName, behaviour);
        }
    }

    private void authorities(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange, Reply.of(List.of(authority.issuing(), authority.root())));
        }
    }

    private void enrol(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            var headers = exchange.getRequestHeaders();
            if (!exchange.getRequestMethod().equals("POST")
                    || !"application/pkcs10".equals(headers.getFirst("Content-Type"))) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            if (!CscClient.basic(USER, PASSWORD).equals(headers.getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var csr = TestAuthority.pem(
                    new PKCS10CertificationRequest(Base64.getMimeDecoder().decode(body)));
            if (!OpenSsl.verifiesRequest(csr)) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            var subject = TestAuthority.request(csr).getSubject().toString();
            var behaviour = behaviours.getOrDefault(
                    subject.replaceFirst("^CN=", ""), request -> Reply.of(List.of(authority.issue(request))));
            answer(exchange, behaviour.of(csr));
        }
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        var body = reply.body().getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "application/pkcs7-mime; smime-type=certs-only");
        if (reply.retryAfter() != null) {
            exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
        }
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
