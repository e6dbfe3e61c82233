package org.countersign.agent.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.countersign.agent.keys.LoopbackCertificate;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.trust.CorrectedClock;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.x509.TrustAnchors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server whose certificate ended a month ago. */
class ServerTrustTest {

    private static final Instant NOW = Clock.systemUTC().instant();
    private static final Instant ENDED = NOW.minus(Duration.ofDays(30));

    @TempDir
    Path folder;

    HttpsServer server;
    List<java.security.cert.X509Certificate> anchors;
    final CorrectedClock clock = new CorrectedClock(Clock.systemUTC());

    @BeforeEach
    void serve() throws IOException {
        serve(ENDED.minus(Duration.ofDays(365)));
    }

    private void serve(Instant begin) throws IOException {
        var made = Clock.fixed(begin, ZoneOffset.UTC);
        var certificate = LoopbackCertificate.open(
                PrivateFolder.open(folder), List.of("localhost"), new Entropy(new SecureRandom()), made);
        anchors = List.copyOf(TrustAnchors.read(Files.readString(folder.resolve("loopback-authority.pem")))
                .certificates());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add("X-Server-Time", begin.plus(Duration.ofDays(364)).toString());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Reply ask() throws IOException {
        var request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + server.getAddress().getPort() + "/"))
                .build();
        return new Outgoing(anchors, clock).send(request, Duration.ofSeconds(30), 100, true);
    }

    @Test
    void an_ended_certificate_counts_while_the_time_is_not_known() throws IOException {
        assertThat(ask().time()).contains(ENDED.minus(Duration.ofDays(1)));
        clock.restore(Duration.ZERO, Optional.of(ENDED.minus(Duration.ofDays(9))));
        assertThat(ask().status()).isEqualTo(200);
    }

    @Test
    void it_counts_no_more_once_the_time_is_known() throws IOException {
        clock.learn(NOW);
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }

    @Test
    void a_machine_that_is_ahead_and_was_told_so_trusts_by_the_time_that_it_was_told() throws IOException {
        clock.learn(ENDED.minus(Duration.ofDays(9)));
        assertThat(ask().status()).isEqualTo(200);
    }

    @Test
    void it_does_not_count_when_it_ended_before_the_time_that_a_run_before_was_told() throws IOException {
        clock.restore(Duration.ZERO, Optional.of(ENDED.plus(Duration.ofDays(3))));
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }

    @Test
    void nor_when_the_clock_was_set_back_to_its_time() throws IOException {
        stop();
        serve(NOW);
        clock.restore(Duration.ZERO, Optional.of(NOW.plus(Duration.ofDays(300))));
        ask();
        clock.restore(Duration.ZERO, Optional.of(NOW.plus(Duration.ofDays(400))));
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }
}
