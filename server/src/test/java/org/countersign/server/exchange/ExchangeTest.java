package org.countersign.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    private static final String TYPE = "text/plain";
    private static final int LARGEST = 1 << 18;

    private final Exchange exchange = new Exchange(Duration.ofSeconds(30));
    private final CountDownLatch end = new CountDownLatch(1);
    private ExecutorService threads;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/echo", request -> answer(request, request.getRequestBody().readAllBytes()));
        server.createContext(
                "/who",
                request -> answer(
                        request,
                        (request.getRequestHeaders().getFirst("Authorization") + " "
                                        + request.getRequestHeaders().getFirst("Accept"))
                                .getBytes()));
        server.createContext("/moved", request -> {
            request.getResponseHeaders().set("Location", "/echo");
            request.sendResponseHeaders(302, -1);
            request.close();
        });
        server.createContext("/answers", request -> {
            request.sendResponseHeaders(Integer.parseInt(request.getRequestURI().getQuery()), -1);
            request.close();
        });
        server.createContext("/hangs-up", HttpExchange::close);
        server.createContext("/large", request -> answer(request, new byte[LARGEST]));
        server.createContext("/too-large", request -> answer(request, new byte[LARGEST + 1]));
        server.createContext("/endless", request -> {
            request.sendResponseHeaders(200, 0);
            request.getResponseBody().write(1);
            request.getResponseBody().flush();
            await();
            request.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdown();
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange request, byte[] body) throws IOException {
        request.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        request.getResponseBody().write(body);
        request.close();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Test
    void what_is_sent_arrives_and_the_answer_comes_back() throws IOException {
        assertThat(exchange.post(at("/echo"), TYPE, new byte[] {1, 2}, TYPE, Optional.empty()))
                .containsExactly(1, 2);
        assertThat(exchange.post(at("/who"), TYPE, new byte[0], TYPE, Optional.of(Exchange.basic("a", "b"))))
                .asString()
                .isEqualTo("Basic YTpi text/plain");
        assertThat(exchange.get(at("/who"), TYPE)).asString().isEqualTo("null text/plain");
    }

    @Test
    void no_redirection_is_followed() {
        assertThatIOException()
                .isThrownBy(() -> exchange.get(at("/moved"), TYPE))
                .withMessage("The answer's status is 302");
        assertThatIOException()
                .isThrownBy(() -> exchange.get(at("/nowhere"), TYPE))
                .withMessage("The answer's status is 404");
    }

    @Test
    void an_answer_that_is_too_large_is_none() throws IOException {
        assertThat(exchange.get(at("/large"), TYPE)).hasSize(LARGEST);
        assertThatIOException()
                .isThrownBy(() -> exchange.get(at("/too-large"), TYPE))
                .withMessage("The answer is too large");
    }

    @Test
    void an_answer_that_does_not_end_is_none() {
        assertThatIOException()
                .isThrownBy(() -> new Exchange(Duration.ofSeconds(1)).get(at("/endless"), TYPE))
                .withMessage("The answer takes too long");
    }

    @Test
    void nobody_there_is_no_answer() {
        server.stop(0);
        assertThatIOException()
                .isThrownBy(() -> exchange.get(at("/echo"), TYPE))
                .withMessage("There is no answer");
    }

    /** As with a certificate that has expired: nothing is sent before it. */
    @Test
    void without_a_tls_session_nothing_was_done() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        var secured = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(context));
        secured.setExecutor(threads);
        secured.start();
        try {
            var address = URI.create("https://127.0.0.1:" + secured.getAddress().getPort());
            assertThatIOException()
                    .isThrownBy(() -> exchange.get(address, TYPE))
                    .isInstanceOf(NotTakenException.class)
                    .withCauseInstanceOf(SSLHandshakeException.class);
        } finally {
            secured.stop(0);
        }
    }

    @Test
    void a_refusal_or_no_connection_is_certain_to_have_done_nothing() {
        for (var refusal : List.of("/moved", "/nowhere", "/answers?503")) {
            assertThatIOException()
                    .isThrownBy(() -> exchange.get(at(refusal), TYPE))
                    .isInstanceOf(NotTakenException.class);
        }
        for (var unknown : List.of(
                "/answers?202",
                "/answers?408",
                "/answers?500",
                "/answers?502",
                "/answers?504",
                "/hangs-up",
                "/too-large")) {
            assertThatIOException()
                    .isThrownBy(() -> exchange.post(at(unknown), TYPE, new byte[1], TYPE, Optional.empty()))
                    .isNotInstanceOf(NotTakenException.class);
        }
        server.stop(0);
        assertThatIOException()
                .isThrownBy(() -> exchange.get(at("/echo"), TYPE))
                .isInstanceOf(NotTakenException.class);
    }
}
