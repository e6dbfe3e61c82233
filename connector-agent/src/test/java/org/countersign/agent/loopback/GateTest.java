package org.countersign.agent.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.agent.RunningAgent.ORIGIN;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.countersign.agent.RunningAgent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over sockets, byte for byte: what passes the gate and what does not. */
class GateTest {

    @TempDir
    static Path data;

    static RunningAgent agent;

    @BeforeAll
    static void start() {
        agent = RunningAgent.start(data);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    static Stream<String> goodHosts() {
        int port = agent.httpPort();
        return Stream.of("localhost:" + port, "LOCALHOST:" + port, "127.0.0.1:" + port, "[::1]:" + port);
    }

    @ParameterizedTest
    @MethodSource("goodHosts")
    void the_agent_answers_to_its_names(String host) {
        assertThat(agent.raw("GET /info HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @Test
    void after_a_head_the_connection_goes_on() {
        var host = "Host: localhost:" + agent.httpPort();
        var answers = agent.raw("HEAD /info HTTP/1.1", host, "", "GET /info HTTP/1.1", host);
        assertThat(answers).startsWith("HTTP/1.1 405").contains("HTTP/1.1 200");
    }

    static Stream<String> badHosts() {
        int port = agent.httpPort();
        return Stream.of(
                "attacker.example:" + port,
                "localhost",
                "localhost.:" + port,
                "localhost:1",
                "localhost.attacker.example:" + port,
                "127.0.0.1.attacker.example:" + port,
                "127.0.0.2:" + port,
                "127.1:" + port,
                "0.0.0.0:" + port,
                "user@localhost:" + port,
                "");
    }

    @ParameterizedTest
    @MethodSource("badHosts")
    void a_name_of_somebody_elses_is_refused(String host) {
        assertThat(agent.raw("GET /info HTTP/1.1", "Host: " + host))
                .startsWith("HTTP/1.1 403")
                .contains("\"code\":101403")
                .doesNotContain("t1CInfoAPI");
    }

    @Test
    void exactly_one_host_is_named() {
        var host = "Host: localhost:" + agent.httpPort();
        assertThat(agent.raw("GET /info HTTP/1.1", host, host)).startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Host: attacker.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET /info HTTP/1.1", "X-Host: none")).startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET http://attacker.example/info HTTP/1.1", host)).startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET http://localhost:" + agent.httpPort() + "/info HTTP/1.1", host))
                .startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET //attacker.example/info HTTP/1.1", host)).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://attacker.example",
                "null",
                "",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.attacker.example",
                "https://attacker-app.example.com",
                "https://app.example.com/",
                "https://APP.example.com",
                "https://app.example.com https://attacker.example"
            })
    void a_page_of_another_origin_gets_nothing(String origin) {
        assertThat(agent.raw("GET /v3/readers HTTP/1.1", "Host: localhost:" + agent.httpPort(), "Origin: " + origin))
                .startsWith("HTTP/1.1 403")
                .contains("\"code\":104026")
                .doesNotContainIgnoringCase("Access-Control-Allow-Origin");
    }

    @Test
    void without_an_origin_the_referer_tells_the_page() {
        var host = "Host: localhost:" + agent.httpPort();
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Referer: https://attacker.example/page"))
                .startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Referer: https://app.example.com@attacker.example/"))
                .startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Referer: " + ORIGIN + "/page"))
                .startsWith("HTTP/1.1 200");
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Sec-Fetch-Site: cross-site"))
                .startsWith("HTTP/1.1 403");
        assertThat(agent.raw("GET /info HTTP/1.1", host, "Origin: " + ORIGIN, "Origin: " + ORIGIN))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void an_allowed_page_is_named_exactly_and_may_send_credentials() {
        assertThat(agent.raw("GET /info HTTP/1.1", "Host: localhost:" + agent.httpPort(), "Origin: " + ORIGIN))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: " + ORIGIN + "\r\n")
                .containsIgnoringCase("access-control-allow-credentials: true")
                .containsIgnoringCase("vary: Origin");
    }

    @Test
    void a_preflight_is_answered_for_allowed_pages_only() {
        var host = "Host: localhost:" + agent.httpPort();
        assertThat(agent.raw(
                        "OPTIONS /v3/readers HTTP/1.1",
                        host,
                        "Origin: " + ORIGIN,
                        "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Private-Network: true"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-private-network: true")
                .containsIgnoringCase("x-csrf-token");
        assertThat(agent.raw(
                        "OPTIONS /v3/readers HTTP/1.1",
                        host,
                        "Origin: https://attacker.example",
                        "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Private-Network: true"))
                .startsWith("HTTP/1.1 403")
                .doesNotContainIgnoringCase("access-control-allow");
    }

    @Test
    void what_a_form_of_any_page_can_send_changes_nothing() {
        var path = "/v3/modules/pkcs11/apps/token/verify-pin";
        assertThat(agent.raw(
                        "POST " + path + " HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "Origin: " + ORIGIN,
                        "Content-Type: text/plain",
                        "Content-Length: 0"))
                .startsWith("HTTP/1.1 403")
                .contains("\"code\":104027");
    }

    @Test
    void bodies_are_json_objects_of_a_limited_size() {
        var path = "/v3/modules/pkcs11/apps/token/verify-pin";
        var big = Json.createObjectBuilder().add("pin", "x".repeat(1 << 20)).build();
        assertThat(agent.post(path, big).code()).isEqualTo(101_413);
        assertThat(agent.raw(
                        "POST " + path + " HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "X-CSRF-Token: x",
                        "Content-Type: text/plain",
                        "Content-Length: 2",
                        "Connection: close",
                        "",
                        "{}"))
                .contains("\"code\":101415");
        assertThat(agent.raw(
                        "POST " + path + " HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "X-CSRF-Token: x",
                        "Content-Type: application/json",
                        "Content-Length: 15",
                        "Connection: close",
                        "",
                        "{\"a\":1,\"a\":2}  "))
                .contains("\"code\":101400");
    }

    @Test
    void nothing_and_no_such_method_have_their_codes() {
        assertThat(agent.get("/nothing").code()).isEqualTo(101_404);
        assertThat(agent.post("/info", JsonObject.EMPTY_JSON_OBJECT).code()).isEqualTo(101_405);
    }

    @Test
    void info_has_the_shape_of_the_v3_api_and_nothing_of_the_user() {
        var info = agent.get("/info");
        var api = info.body().getJsonObject("t1CInfoAPI");
        assertThat(api.getString("version")).isEqualTo("3.8.0");
        assertThat(api.getBoolean("activated")).isTrue();
        assertThat(api.getJsonObject("service").getString("deviceType")).isEqualTo("API");
        assertThat(api.getJsonObject("service").getString("apiPort")).isEqualTo("" + agent.httpsPort());
        assertThat(info.body().getJsonObject("t1CInfoOS").getString("os")).isEqualTo(System.getProperty("os.name"));
        assertThat(info.raw().body())
                .doesNotContain(System.getProperty("user.home") + "/")
                .doesNotContain(ORIGIN)
                .doesNotContain(data.toString());
    }

    @Test
    void without_tls_answers_are_signed_by_the_device_key() throws GeneralSecurityException {
        var pem = agent.get("/device-key").body().getString("data");
        var key = KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder()
                        .decode(pem.replaceAll("-----[A-Z ]+-----", "").strip())));
        var answer = agent.get("/v3/readers");
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update(answer.body().getJsonArray("data").toString().getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(Base64.getDecoder().decode(answer.body().getString("signature"))))
                .isTrue();
    }

    @Test
    void https_is_trusted_by_who_trusts_the_installations_own_authority() throws Exception {
        // Made in the background.
        agent.get("/device-key");
        agent.get("/device-keys");
        var authority = certificate(data.resolve("loopback-authority.pem"));
        assertThat(authority.getExtensionValue("2.5.29.30"))
                .as("name constraints")
                .isNotNull();
        try (var files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("no key of the authority")
                    .containsExactlyInAnyOrder(
                            "consent.key",
                            "device-key.der",
                            "encryption-key.der",
                            "transactions",
                            "keys",
                            "native",
                            "loopback-authority.pem",
                            "loopback-chain.pem",
                            "loopback-key.der");
        }
        assertThat(Files.getPosixFilePermissions(data.resolve("loopback-key.der")))
                .hasSize(2);
        for (var name : new String[] {"localhost", "127.0.0.1", "::1"}) {
            try (var socket =
                    (SSLSocket) trusting(authority).getSocketFactory().createSocket(name, agent.httpsPort())) {
                var checked = new SSLParameters();
                checked.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(checked);
                var answer = RunningAgent.exchange(
                        socket, "GET /v3/readers HTTP/1.1", "Host: localhost:" + agent.httpsPort());
                assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("signature");
            }
        }
    }

    @Test
    void nobody_else_on_the_network_reaches_it() throws IOException {
        for (var network : java.util.Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : java.util.Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress()) {
                    try (var socket = new Socket()) {
                        var connecting = org.assertj.core.api.Assertions.catchThrowable(
                                () -> socket.connect(new InetSocketAddress(address, agent.httpPort()), 2_000));
                        assertThat(connecting).as("%s", address).isInstanceOf(IOException.class);
                    }
                }
            }
        }
    }

    private static X509Certificate certificate(Path file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static SSLContext trusting(X509Certificate authority) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
