package org.countersign.agent.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.agent.RunningAgent.ORIGIN;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate refuses, it refuses in front of every call that the agent has, over HTTP and HTTPS. */
class EveryRouteTest {

    /** Of all calls these alone are for everybody whom the gate lets in. */
    private static final List<String> OPEN = List.of("info", "device-key", "device-keys");

    @TempDir
    static Path data;

    static RunningAgent agent;
    static SSLContext tls;

    @BeforeAll
    static void start() throws Exception {
        agent = RunningAgent.start(data, "--token.required=true", "--token.issuers=https://ds.example.com/ds");
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Files.readAllBytes(data.resolve("loopback-authority.pem")))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static int port(boolean secure) {
        return secure ? agent.httpsPort() : agent.httpPort();
    }

    private static String send(boolean secure, String... lines) throws IOException {
        try (var socket = secure
                ? tls.getSocketFactory().createSocket("127.0.0.1", port(true))
                : new Socket("127.0.0.1", port(false))) {
            return RunningAgent.exchange(socket, lines);
        }
    }

    private static String path(Route route) {
        return "/"
                + String.join("/", route.segments())
                        .replace("{module}", "pkcs11")
                        .replaceAll("\\{[a-z]+\\}", "0000000000000000");
    }

    private static String[] request(Route route, boolean secure, String... more) {
        var lines = new ArrayList<String>(
                List.of(route.method() + " " + path(route) + " HTTP/1.1", "Host: localhost:" + port(secure)));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    private static boolean isOpen(Route route) {
        return route.segments().size() == 1 && OPEN.contains(route.segments().get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_call_answers_to_a_name_of_somebody_elses(boolean secure) throws IOException {
        assertThat(agent.routes()).hasSizeGreaterThan(10);
        for (var route : agent.routes()) {
            var start = route.method() + " " + path(route) + " HTTP/1.1";
            assertThat(send(secure, start, "Host: attacker.example:" + port(secure), "X-CSRF-Token: x"))
                    .as(start)
                    .startsWith("HTTP/1.1 403")
                    .contains("\"code\":101403");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void every_form_of_a_wrong_host_is_refused(boolean secure) throws IOException {
        var host = "Host: localhost:" + port(secure);
        for (var lines : List.of(
                List.of("GET /info HTTP/1.1", host, host),
                List.of("GET /info HTTP/1.1", host, "Host: attacker.example"),
                List.of("GET /info HTTP/1.1", "X-Host: none"),
                List.of("GET /info HTTP/1.1", "Host: localhost.:" + port(secure)),
                List.of("GET /info HTTP/1.1", "Host: localhost:" + port(!secure)),
                List.of("GET http://attacker.example/info HTTP/1.1", host),
                List.of("GET https://localhost:" + port(secure) + "/info HTTP/1.1", host))) {
            assertThat(send(secure, lines.toArray(String[]::new)))
                    .as("%s", lines)
                    .startsWith("HTTP/1.1 403")
                    .contains("\"code\":101403")
                    .doesNotContain("t1CInfoAPI");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_call_answers_a_page_of_another_origin(boolean secure) throws IOException {
        for (var route : agent.routes()) {
            for (var origin : List.of("https://attacker.example", "null", ORIGIN + ".attacker.example")) {
                assertThat(send(secure, request(route, secure, "Origin: " + origin, "X-CSRF-Token: x")))
                        .as("%s from %s", path(route), origin)
                        .startsWith("HTTP/1.1 403")
                        .contains("\"code\":104026")
                        .doesNotContainIgnoringCase("access-control-allow");
            }
            var preflight = List.of(
                    "OPTIONS " + path(route) + " HTTP/1.1",
                    "Host: localhost:" + port(secure),
                    "Origin: https://attacker.example",
                    "Access-Control-Request-Method: " + route.method());
            assertThat(send(secure, preflight.toArray(String[]::new)))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContainIgnoringCase("access-control-allow");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void all_but_three_calls_need_a_token_in_its_header(boolean secure) throws IOException {
        for (var route : agent.routes()) {
            assertThat(route.access() == Route.Access.OPEN).as(path(route)).isEqualTo(isOpen(route));
            if (!isOpen(route)) {
                var lines = request(
                        route, secure, "Origin: " + ORIGIN, "X-CSRF-Token: x", "Cookie: Authorization=Bearer x");
                lines[0] = route.method() + " " + path(route) + "?access_token=x&Authorization=Bearer%20x HTTP/1.1";
                assertThat(send(secure, lines))
                        .as(path(route))
                        .startsWith("HTTP/1.1 401")
                        .contains("\"code\":104025");
            }
        }
    }

    @Test
    void every_answer_without_tls_is_bound_to_its_nonce_and_none_with_it() throws IOException {
        for (var route : agent.routes()) {
            for (var secure : List.of(false, true)) {
                var answer = send(
                        secure, request(route, secure, "Origin: " + ORIGIN, "X-Countersign-Nonce: 0123456789abcdef"));
                var bound = answer.toLowerCase(Locale.ROOT).contains("\r\nx-countersign-answer: ");
                assertThat(bound)
                        .as("%s %s: %s", route.method(), path(route), answer)
                        .isNotEqualTo(secure);
            }
        }
        assertThat(send(true, "GET /info HTTP/1.1", "Host: localhost:" + port(true), "X-Countersign-Nonce: ?"))
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("x-countersign");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pages_may_send_a_nonce_where_there_is_no_tls(boolean secure) throws IOException {
        var preflight = send(
                secure,
                "OPTIONS /info HTTP/1.1",
                "Host: localhost:" + port(secure),
                "Origin: " + ORIGIN,
                "Access-Control-Request-Method: GET");
        assertThat(preflight.toLowerCase(Locale.ROOT).contains("x-t1c-billing-tag, x-countersign-nonce\r\n"))
                .isNotEqualTo(secure);
    }

    @Test
    void tokens_are_taken_once_and_not_of_any_size() throws IOException {
        for (var token : List.of("", "Bearer", "Bearer ", "bearer x", "Basic eDp4", "Bearer " + "A".repeat(60_000))) {
            assertThat(send(
                            false,
                            "GET /v3/readers HTTP/1.1",
                            "Host: localhost:" + port(false),
                            "Authorization: " + token))
                    .startsWith("HTTP/1.1 401");
        }
        assertThat(send(
                        false,
                        "GET /v3/readers HTTP/1.1",
                        "Host: localhost:" + port(false),
                        "Authorization: Bearer a.b.c",
                        "Authorization: Bearer a.b.c"))
                .startsWith("HTTP/1.1 401");
        assertThat(agent.get("/info").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_changes_something_can_not_be_had_by_a_simple_request(boolean secure) throws IOException {
        var all = agent.routes();
        for (var route : all) {
            boolean changes = "POST".equals(route.method())
                    || route.segments().get(route.segments().size() - 1).startsWith("reset-");
            if (changes) {
                assertThat(send(secure, request(route, secure, "Origin: " + ORIGIN, "Content-Length: 0")))
                        .as("%s %s", route.method(), path(route))
                        .startsWith("HTTP/1.1 403")
                        .contains("\"code\":104027");
            }
            boolean byGetToo = all.stream()
                    .anyMatch(other -> "GET".equals(other.method())
                            && other.match(Route.split(path(route))).isPresent());
            if (!byGetToo) {
                assertThat(send(
                                secure,
                                "GET " + path(route) + " HTTP/1.1",
                                "Host: localhost:" + port(secure),
                                "Origin: " + ORIGIN,
                                "X-CSRF-Token: x"))
                        .as("GET %s", path(route))
                        .startsWith("HTTP/1.1 405");
            }
        }
    }

    @Test
    void json_that_the_parser_does_not_like_is_the_clients_fault() {
        for (var json :
                List.of("[".repeat(50_000), "{\"a\":".repeat(20_000), "{\"pin\":" + "9".repeat(100_000) + "}")) {
            assertThat(Jsons.parse(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
        }
    }

    @Test
    void no_other_socket_is_open() {
        Tools.require("ss");
        var listening = Tools.run(data, "ss", "-H", "-ltn")
                .lines()
                .map(line -> line.strip().split("\\s+")[3])
                .filter(address ->
                        address.endsWith(":" + agent.httpPort()) || address.endsWith(":" + agent.httpsPort()))
                .toList();
        // A socket of Java's for both families has an IPv4 address in its IPv6 form.
        assertThat(listening.stream().map(address -> address.replaceFirst("\\[::ffff:(.*)\\]", "$1")))
                .contains("127.0.0.1:" + agent.httpPort(), "127.0.0.1:" + agent.httpsPort())
                .allMatch(address -> address.startsWith("127.0.0.1:") || address.startsWith("[::1]:"));
    }
}
