package org.countersign.agent.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.agent.RunningAgent.ORIGIN;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.agent.RunningAgent;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over sockets: what binds an answer without TLS to its request. */
class BoundAnswerTest {

    private static final String NONCE = "0123456789-_abcdefXYZZZZ";
    private static final Pattern LINE = Pattern.compile("(?i)\r\nX-Countersign-Answer: (\\S+)\r\n");

    @TempDir
    static Path data;

    static RunningAgent agent;
    static JsonWebKey key;

    @BeforeAll
    static void start() throws JoseException {
        agent = RunningAgent.start(data);
        var keys = agent.get("/device-keys").body().getJsonObject("data");
        key = JsonWebKey.Factory.newJwk(keys.getJsonObject("signature").toString());
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static String send(String start, String... more) {
        var lines = new ArrayList<>(List.of(start + " HTTP/1.1", "Host: localhost:" + agent.httpPort()));
        lines.addAll(List.of(more));
        return agent.raw(lines.toArray(String[]::new));
    }

    private static String jws(String response) {
        var line = LINE.matcher(response);
        assertThat(line.find()).as(response).isTrue();
        return line.group(1);
    }

    private static boolean isVerified(String compact) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "RS256"));
        jws.setCompactSerialization(compact);
        jws.setKey(key.getKey());
        return jws.verifySignature();
    }

    private static JsonObject part(String compact, int index) {
        return Jsons.parse(Base64.getUrlDecoder().decode(compact.split("\\.")[index]))
                .orElseThrow();
    }

    private static void assertBound(String method, String path, int status, String nonce, String response)
            throws GeneralSecurityException, JoseException {
        var body = response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        var digest = MessageDigest.getInstance("SHA-256").digest(body);
        var jws = jws(response);
        assertThat(response).startsWith("HTTP/1.1 " + status).containsIgnoringCase("expose-headers: X-Countersign-A");
        assertThat(isVerified(jws)).isTrue();
        assertThat(part(jws, 0)).hasSize(2);
        assertThat(part(jws, 0).getString("typ")).isEqualTo("countersign-answer+jws");
        assertThat(part(jws, 1))
                .isEqualTo(Jsons.object()
                        .add("nonce", nonce)
                        .add("method", method)
                        .add("path", path)
                        .add("status", status)
                        .add("digest", Base64.getUrlEncoder().withoutPadding().encodeToString(digest))
                        .build());
    }

    private static void assertAnswersBound(String method, String path, int status, String... more)
            throws GeneralSecurityException, JoseException {
        var lines = new ArrayList<>(List.of("X-Countersign-Nonce: " + NONCE));
        lines.addAll(Arrays.asList(more));
        assertBound(method, path, status, NONCE, send(method + " " + path, lines.toArray(String[]::new)));
    }

    @Test
    void answers_are_bound_to_the_request_as_it_was_made() throws GeneralSecurityException, JoseException {
        assertAnswersBound("GET", "/info", 200, "Origin: " + ORIGIN);
        assertAnswersBound("GET", "/device-keys", 200);
        assertAnswersBound("GET", "/v3/readers?excluded=%C3%B1%20/&cardInserted=true", 200);
        var preflight = new String[] {"Origin: " + ORIGIN, "Access-Control-Request-Method: GET"};
        assertAnswersBound("OPTIONS", "/v3/readers", 204, preflight);
    }

    @Test
    void refusals_are_bound_too() throws GeneralSecurityException, JoseException {
        assertAnswersBound("GET", "/nothing", 404);
        assertAnswersBound("POST", "/info?a", 405, "X-CSRF-Token: x", "Content-Length: 0");
        assertAnswersBound("GET", "/v3/readers/0000000000000000", 404);
        assertAnswersBound("GET", "/v3/readers?a=" + "b".repeat(2_048), 400);
        var verify = "/v3/modules/pkcs11/apps/token/verify-pin";
        assertAnswersBound("POST", verify, 403, "Content-Length: 0");
        var type = "Content-Type: application/json";
        assertAnswersBound(
                "POST", verify, 400, "X-CSRF-Token: x", type, "Content-Length: 1", "Connection: close", "", "{");
    }

    @Test
    void each_request_has_an_answer_of_its_own() throws GeneralSecurityException, JoseException {
        var other = NONCE.replace('0', '1');
        var first = send("GET /info", "X-Countersign-Nonce: " + NONCE);
        var second = send("GET /info", "X-Countersign-Nonce: " + other);
        assertBound("GET", "/info", 200, NONCE, first);
        assertBound("GET", "/info", 200, other, second);
        assertThat(jws(first)).isNotEqualTo(jws(second));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "method", "path", "status", "digest"})
    void a_changed_claim_is_not_the_agents(String claim) throws JoseException {
        var parts = jws(send("GET /info", "X-Countersign-Nonce: " + NONCE)).split("\\.");
        var changed = Jsons.object(part(String.join(".", parts), 1)).add(claim, "x");
        parts[1] = Base64.getUrlEncoder().withoutPadding().encodeToString(Jsons.bytes(changed.build()));
        assertThat(isVerified(String.join(".", parts))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789abcde",
                "0123456789abcdefg",
                "0123456789abcdef=",
                "0123456789abcde+",
                "0123456789abcde/",
                "0123456789 bcdef",
                "0123456789abcde\u00f1",
                "0123456789abcdef, 0123456789abcdef",
                "0123456789012345678901234567890123456789012345678901234567890123xx"
            })
    void a_malformed_nonce_is_refused(String nonce) {
        assertThat(send("GET /info", "X-Countersign-Nonce: " + nonce))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":101400")
                .doesNotContainIgnoringCase("X-Countersign");
    }

    @Test
    void a_nonce_has_16_to_64_characters_and_comes_once() throws GeneralSecurityException, JoseException {
        for (var nonce : List.of("_".repeat(16), "Z".repeat(22), "9".repeat(63), "-".repeat(64))) {
            assertBound("GET", "/info", 200, nonce, send("GET /info", "X-Countersign-Nonce: " + nonce));
        }
        var line = "X-Countersign-Nonce: " + NONCE;
        assertThat(send("GET /info", line, line))
                .startsWith("HTTP/1.1 400")
                .doesNotContainIgnoringCase("X-Countersign");
    }

    @Test
    void without_a_nonce_answers_are_as_they_were() {
        assertThat(send("GET /v3/readers", "Origin: " + ORIGIN))
                .startsWith("HTTP/1.1 200")
                .contains("\"signature\":")
                .doesNotContainIgnoringCase("X-Countersign")
                .doesNotContainIgnoringCase("Expose");
    }

    @Test
    void whom_the_agent_does_not_serve_gets_nothing_signed() {
        var line = "X-Countersign-Nonce: " + NONCE;
        assertThat(send("GET /info", line, "Origin: https://attacker.example"))
                .startsWith("HTTP/1.1 403")
                .doesNotContainIgnoringCase("X-Countersign");
        assertThat(agent.raw("GET /info HTTP/1.1", "Host: attacker.example:" + agent.httpPort(), line))
                .startsWith("HTTP/1.1 403")
                .doesNotContainIgnoringCase("X-Countersign");
    }
}
