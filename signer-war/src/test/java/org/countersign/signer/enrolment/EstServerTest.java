package org.countersign.signer.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.VerifiedRequest;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.exchange.TlsIdentity;
import org.countersign.signer.configuration.EnrolmentSettings;
import org.countersign.signer.configuration.EnrolmentSettings.Subjects;
import org.countersign.signer.enrolment.EstServer.Issued;
import org.countersign.signer.enrolment.EstServer.Pending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that answers as it is told to, over HTTPS. */
class EstServerTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String PKCS7 = "application/pkcs7-mime; smime-type=certs-only";
    private static final String UNAVAILABLE = "The certification authority gives no certificate now; try again later";
    private static final String MALFORMED = "The answer of the certification authority is not as RFC 7030 has it";
    private static final byte[] REQUEST = {0x30, 3, 2, 1, 7};

    private static final TestAuthority AUTHORITY = new TestAuthority("Authority");
    private static final KeyPair SERVER_KEYS = TestAuthority.keys();
    private static final X509Certificate SERVER = AUTHORITY.issue("server", SERVER_KEYS);
    private static final KeyPair CLIENT_KEYS = TestAuthority.keys();
    private static final X509Certificate CLIENT = AUTHORITY.issue("client", CLIENT_KEYS);
    private static final X509Certificate ISSUED = AUTHORITY.issue("jdoe", TestAuthority.keys());

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> received = new ArrayList<>();
    private HttpsServer server;
    private boolean wantsCertificate;
    private Runnable before = () -> {};

    private volatile int status = 200;
    private volatile String type = PKCS7;
    private volatile String retryAfter;
    private volatile byte[] body = TestAuthority.body(ISSUED);

    @BeforeEach
    void start() throws IOException {
        var context = TlsIdentity.context(
                Set.of(AUTHORITY.certificate), Optional.of(new TlsIdentity(SERVER_KEYS.getPrivate(), List.of(SERVER))));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                var all = context.getDefaultSSLParameters();
                all.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(all);
            }
        });
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            before.run();
            var headers = exchange.getRequestHeaders();
            synchronized (received) {
                received.add(String.join(
                        " ",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        headers.getFirst("Authorization"),
                        headers.getFirst("Accept"),
                        headers.getFirst("Content-Type"),
                        sent));
            }
            if (type != null) {
                exchange.getResponseHeaders().set("Content-Type", type);
            }
            if (retryAfter != null) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            if (status == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private EstServer est() {
        return est("", Set.of(AUTHORITY.certificate), Optional.empty(), Duration.ofSeconds(30));
    }

    private EstServer est(
            String label, Set<X509Certificate> anchors, Optional<TlsIdentity> identity, Duration patience) {
        var base = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/.well-known/est" + label);
        return new EstServer(
                new EnrolmentSettings(
                        base, Optional.of(Exchange.basic("ra", "word")), identity, anchors, Subjects.SEAT, patience),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static EstServer.Enrolled enrol(EstServer est) {
        return est.enrol(new VerifiedRequest(new X500Principal("CN=jdoe"), REQUEST));
    }

    private static void refused(EstServer est, ErrorCode code, String why) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> enrol(est))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code))
                .satisfies(refusal -> assertThat(refusal.description()).isEqualTo(why));
    }

    @Test
    void a_request_goes_out_and_a_certificate_comes_back_as_rfc_7030_has_it() {
        var answer = enrol(est());
        assertThat(((Issued) answer).certificates().certificates()).containsExactly(ISSUED);
        assertThat(received)
                .containsExactly("POST /.well-known/est/simpleenroll " + Exchange.basic("ra", "word")
                        + " application/pkcs7-mime application/pkcs10 "
                        + Base64.getMimeEncoder().encodeToString(REQUEST));
    }

    @Test
    void the_authoritys_certificates_are_fetched_below_the_label() {
        body = TestAuthority.body(AUTHORITY.certificate, SERVER);
        // RFC 7030 §4.1.3
        type = "application/pkcs7-mime";
        var est = est("/acme", Set.of(AUTHORITY.certificate), Optional.empty(), Duration.ofSeconds(30));
        assertThat(est.authorities().certificates()).containsExactlyInAnyOrder(AUTHORITY.certificate, SERVER);
        assertThat(received.get(0)).startsWith("GET /.well-known/est/acme/cacerts ");
        status = 202;
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(est::authorities);
    }

    @Test
    void what_is_not_decided_is_asked_for_again_in_time() {
        status = 202;
        body = new byte[0];
        type = null;
        for (var wait : List.of(
                List.of("90", "90"),
                List.of("0", "1"),
                List.of("999999999", "604800"),
                List.of("Mon, 01 Jun 2026 12:02:00 GMT", "120"),
                List.of("Mon, 01 Jun 2026 11:00:00 GMT", "1"),
                List.of("soon", "60"))) {
            retryAfter = wait.get(0);
            assertThat(((Pending) enrol(est())).retryAfter()).hasSeconds(Long.parseLong(wait.get(1)));
        }
        retryAfter = null;
        assertThat(((Pending) enrol(est())).retryAfter()).hasSeconds(60);
    }

    @Test
    void a_refusal_is_told_from_a_failure() {
        status = 401;
        refused(est(), SignerError.ENROLMENT_FAILED, "The certification authority does not accept this server");
        status = 403;
        refused(est(), SignerError.ENROLMENT_FAILED, "The certification authority does not accept this server");
        for (int refusal : new int[] {204, 302, 400, 404}) {
            status = refusal;
            body = new byte[0];
            refused(est(), SignerError.ENROLMENT_FAILED, "The certification authority refused the request");
        }
        assertThat(received).noneMatch(request -> request.contains("/elsewhere"));
        for (int failure : new int[] {408, 429, 500, 502, 503}) {
            status = failure;
            refused(est(), OAuth2Error.TEMPORARILY_UNAVAILABLE, UNAVAILABLE);
        }
        retryAfter = "77";
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> enrol(est()))
                .satisfies(refusal -> assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(77)));
    }

    @Test
    void what_is_no_answer_of_est_is_refused() {
        for (var wrong : List.of(
                "text/html",
                "application/pkcs7-mime; smime-type=signed-data",
                "application/pkcs7-mimes",
                "multipart/mixed")) {
            type = wrong;
            refused(est(), SignerError.ENROLMENT_FAILED, MALFORMED);
        }
        type = null;
        refused(est(), SignerError.ENROLMENT_FAILED, MALFORMED);
        type = "Application/PKCS7-mime;smime-type=\"certs-only\"";
        assertThat(enrol(est())).isInstanceOf(Issued.class);
        for (var wrong : List.of(
                new byte[0],
                "<html>".getBytes(StandardCharsets.US_ASCII),
                "-----BEGIN PKCS7-----\n-----END PKCS7-----".getBytes(StandardCharsets.US_ASCII),
                // The DER, which older servers send.
                Base64.getMimeDecoder().decode(TestAuthority.body(ISSUED)),
                TestAuthority.body())) {
            body = wrong;
            refused(est(), SignerError.ENROLMENT_FAILED, MALFORMED);
        }
    }

    @Test
    void an_answer_that_is_too_large_is_refused() {
        body = new byte[98_305];
        java.util.Arrays.fill(body, (byte) ' ');
        var good = TestAuthority.body(ISSUED);
        System.arraycopy(good, 0, body, 0, good.length);
        refused(est(), SignerError.ENROLMENT_FAILED, MALFORMED);
        body = java.util.Arrays.copyOf(body, 98_304);
        assertThat(enrol(est())).isInstanceOf(Issued.class);
    }

    @Test
    void nobody_but_who_leads_to_an_anchor_is_told_anything() {
        var other = new TestAuthority("Authority");
        refused(
                est("", Set.of(other.certificate), Optional.empty(), Duration.ofSeconds(30)),
                OAuth2Error.TEMPORARILY_UNAVAILABLE,
                UNAVAILABLE);
        assertThat(received).isEmpty();
    }

    /** The name is compared as well: the certificate is for 127.0.0.1. */
    @Test
    void a_certificate_for_another_host_is_none() {
        var settings = new EnrolmentSettings(
                URI.create("https://localhost:" + server.getAddress().getPort() + "/.well-known/est"),
                Optional.of(Exchange.basic("ra", "word")),
                Optional.empty(),
                Set.of(AUTHORITY.certificate),
                Subjects.SEAT,
                Duration.ofSeconds(30));
        refused(
                new EstServer(settings, Clock.fixed(NOW, ZoneOffset.UTC)),
                OAuth2Error.TEMPORARILY_UNAVAILABLE,
                UNAVAILABLE);
        assertThat(received).isEmpty();
    }

    @Test
    void the_own_certificate_is_shown_where_one_is_asked_for() {
        wantsCertificate = true;
        refused(est(), OAuth2Error.TEMPORARILY_UNAVAILABLE, UNAVAILABLE);
        var identity = new TlsIdentity(CLIENT_KEYS.getPrivate(), List.of(CLIENT));
        var est = est("", Set.of(AUTHORITY.certificate), Optional.of(identity), Duration.ofSeconds(30));
        assertThat(enrol(est)).isInstanceOf(Issued.class);
    }

    @Test
    void who_does_not_answer_is_not_waited_for() {
        var end = new CountDownLatch(1);
        before = () -> await(end);
        try {
            refused(
                    est("", Set.of(AUTHORITY.certificate), Optional.empty(), Duration.ofSeconds(1)),
                    OAuth2Error.TEMPORARILY_UNAVAILABLE,
                    UNAVAILABLE);
        } finally {
            end.countDown();
        }
    }

    /** Each that waits has one of the server's threads. */
    @Test
    void no_more_than_eight_wait_at_a_time() throws Exception {
        var arrived = new CountDownLatch(EstServer.MOST_WAITING);
        var go = new CountDownLatch(1);
        before = () -> {
            arrived.countDown();
            await(go);
        };
        try {
            var est = est();
            var waiting = new ArrayList<Future<?>>();
            for (int i = 0; i < EstServer.MOST_WAITING; i++) {
                waiting.add(threads.submit(() -> enrol(est)));
            }
            assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
            refused(est, OAuth2Error.TEMPORARILY_UNAVAILABLE, UNAVAILABLE);
            go.countDown();
            for (var each : waiting) {
                each.get();
            }
            assertThat(enrol(est)).isInstanceOf(Issued.class);
        } finally {
            go.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
