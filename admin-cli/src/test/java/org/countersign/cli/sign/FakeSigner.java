package org.countersign.cli.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Answers the calls of a demonstration as the API's documentation says, with one credential and a key in memory. */
final class FakeSigner implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    final List<String> calls = new ArrayList<>();
    final List<String> passwords = new ArrayList<>();
    boolean forgetful;
    private final HttpServer http;
    private final KeyPair keys;
    private String pin;
    private byte[] authorized;

    FakeSigner() throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/signer-acme");
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().replace("/signer-acme", "");
        calls.add(path);
        var body = exchange.getRequestBody().readAllBytes();
        try {
            if (path.equals("/oauth/token")) {
                var form = new String(body, StandardCharsets.UTF_8);
                answer(exchange, 200, Map.of("access_token", form.contains("scope=seat%3Ajdoe%40acme") ? "s" : "g"));
            } else {
                api(exchange, path, JSON.readTree(body));
            }
        } catch (GeneralSecurityException | OperatorCreationException failure) {
            throw new IOException(failure);
        }
    }

    private void api(HttpExchange exchange, String path, JsonNode body)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var token = exchange.getRequestHeaders().getFirst("Authorization");
        switch (path) {
            case "/api/v1/credentials" -> answer(exchange, 201, Map.of("credentialId", "c1", "status", "new"));
            case "/api/v1/credentials/c1/pin" -> {
                pin = body.path("value").asText();
                answer(exchange, 200, Map.of());
            }
            case "/api/v1/credentials/c1/otp" ->
                answer(exchange, 200, Map.of("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
            case "/api/v1/credentials/c1/otp/confirm" -> {
                passwords.add(body.path("value").asText());
                answer(exchange, 200, Map.of());
            }
            case "/api/v1/credentials/c1/key-pair" -> answer(exchange, 200, Map.of("csr", csr(body)));
            case "/api/v1/credentials/c1/certificate" -> answer(exchange, 200, Map.of());
            case "/api/v1/credentials/info" -> {
                boolean known = !forgetful && token.equals("Bearer s");
                answer(exchange, known ? 200 : 404, Map.of("error", "not_found"));
            }
            case "/api/v1/credentials/authorize" -> authorize(exchange, token, body);
            case "/api/v1/signatures" -> sign(exchange, body);
            default -> answer(exchange, 404, Map.of());
        }
    }

    private void authorize(HttpExchange exchange, String token, JsonNode body) throws IOException {
        if (!token.equals("Bearer s") || !body.path("PIN").asText().equals(pin)) {
            answer(exchange, 400, Map.of("error", "invalid_pin", "error_description", "The PIN is wrong"));
            return;
        }
        passwords.add(body.path("OTP").asText());
        authorized = body.path("hash").path(0).binaryValue();
        answer(exchange, 200, Map.of("SAD", "sad", "expiresIn", 300));
    }

    private void sign(HttpExchange exchange, JsonNode body) throws IOException, GeneralSecurityException {
        var hash = body.path("hash").path(0).binaryValue();
        if (!MessageDigest.isEqual(hash, authorized)) {
            answer(exchange, 400, Map.of("error", "invalid_sad"));
            return;
        }
        // DigestInfo of SHA-256, RFC 8017 §9.2 note 1
        var info = HexFormat.of().parseHex("3031300d060960864801650304020105000420");
        var signature = Signature.getInstance("NONEwithRSA");
        signature.initSign(keys.getPrivate());
        signature.update(info);
        signature.update(hash);
        var value = Base64.getEncoder().encodeToString(signature.sign());
        answer(exchange, 200, Map.of("signatures", List.of(value)));
    }

    private String csr(JsonNode body) throws IOException, OperatorCreationException {
        var subject = new X500Name(body.path("subject").asText());
        return DemonstrationAuthority.pem(new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        try (var stream = exchange.getResponseBody()) {
            stream.write(bytes);
        }
    }
}
