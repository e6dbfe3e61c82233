package org.countersign.cli.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The calls of the signer's REST API that a demonstration and a canary need, as its public documentation describes them. */
public final class SignerApi {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int FIRST_FAILURE = 300;
    /** Long and odd enough to stand in no file. */
    private static final String BOUNDARY = "countersign-8f1d3c5a7b9e4f60a2c4e6081a3c5e7f";

    private final URI context;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param context such as {@code http://127.0.0.1:8080/signer-acme} */
    public SignerApi(URI context) {
        this.context = context;
    }

    /** @param scope such as {@code seat:jdoe@acme}; empty for generation. @return an access token */
    public String token(String clientId, String clientSecret, String scope) throws IOException {
        var form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clientId,
                "client_secret",
                clientSecret,
                "scope",
                scope);
        var body = form.entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = request("/oauth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build();
        return text(send("/oauth/token", request), "access_token");
    }

    /** @return the credential's identifier */
    public String create(String token, String tenant, String seat, String configuration) throws IOException {
        var body = object().put("tenant", tenant).put("seat", seat).put("authorizationConfigurationId", configuration);
        return text(post(token, "/api/v1/credentials", body.put("multiSignature", 1)), "credentialId");
    }

    public void setPin(String token, String credential, String pin) throws IOException {
        post(token, path(credential, "pin"), object().put("value", pin));
    }

    /** @return the OTP secret in base32, shown this once */
    String newOtp(String token, String credential) throws IOException {
        return text(post(token, path(credential, "otp"), object()), "secret");
    }

    void confirmOtp(String token, String credential, String otp) throws IOException {
        post(token, path(credential, "otp/confirm"), object().put("value", otp));
    }

    /** @return a certificate signing request in PEM */
    public String keyPair(String token, String credential, int length, String subject) throws IOException {
        var body = object().put("keyAlgorithm", "RSA")
                .put("keyLength", length)
                .put("csrSignatureAlgorithm", "SHA256WITHRSA")
                .put("subject", subject);
        return text(post(token, path(credential, "key-pair"), body), "csr");
    }

    public void certificate(String token, String credential, String pkcs7) throws IOException {
        post(token, path(credential, "certificate"), object().put("pkcs7", pkcs7));
    }

    /** Asks for what is public of a credential; a {@link ServerAnswer} when the seat has none of that name. */
    void info(String token, String credential) throws IOException {
        post(token, "/api/v1/credentials/info", object().put("credentialId", credential));
    }

    /** @param otp empty without one. @return the SAD for one signature of this hash */
    public String authorize(String token, String credential, byte[] hash, String pin, String otp) throws IOException {
        var body =
                object().put("credentialId", credential).put("numSignature", 1).put("PIN", pin);
        if (!otp.isEmpty()) {
            body.put("OTP", otp);
        }
        return text(post(token, "/api/v1/credentials/authorize", withHash(body, hash)), "SAD");
    }

    /** @return the signature of a SHA-256 hash, RSA PKCS #1 v1.5 */
    public byte[] sign(String token, String credential, String sad, byte[] hash) throws IOException {
        var body = object().put("credentialId", credential).put("SAD", sad).put("signAlgo", "SHA256WITHRSA");
        var answer = post(token, "/api/v1/signatures", withHash(body, hash));
        return Base64.getDecoder().decode(answer.path("signatures").path(0).asText());
    }

    /** @return {@code hash} to be authorized, and {@code parameters} for {@link #signDocument} */
    JsonNode digestDocument(String token, ObjectNode parameters, Path document) throws IOException {
        var path = "/api/v1/documents/digest";
        return send(
                path,
                form(token, path, parameters, Map.of("document", document)).build());
    }

    /** @param parameters with the SAD. @param target the signed document is written to it */
    void signDocument(String token, JsonNode parameters, Path document, Path target) throws IOException {
        var path = "/api/v1/documents/sign";
        var request = form(token, path, parameters, Map.of("document", document))
                .setHeader("Accept", "application/octet-stream")
                .build();
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() >= FIRST_FAILURE) {
                    throw refusal(path, response.statusCode(), body.readAllBytes());
                }
                Files.copy(body, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", interrupted);
        }
    }

    /** @return what the server says of a document's signatures */
    JsonNode validate(String token, Path document, Optional<Path> original) throws IOException {
        var files = new LinkedHashMap<String, Path>(Map.of("document", document));
        original.ifPresent(file -> files.put("original", file));
        var path = "/api/v1/validate";
        return send(path, form(token, path, object(), files).build());
    }

    /** A form (RFC 7578) whose files are read as they are sent. */
    private HttpRequest.Builder form(String token, String path, JsonNode parameters, Map<String, Path> files)
            throws IOException {
        var parts = new ArrayList<BodyPublisher>();
        parts.add(part("parameters"));
        parts.add(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(parameters)));
        for (var file : files.entrySet()) {
            parts.add(BodyPublishers.ofString("\r\n"));
            parts.add(part(file.getKey()));
            parts.add(BodyPublishers.ofFile(file.getValue()));
        }
        parts.add(BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        return request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.concat(parts.toArray(BodyPublisher[]::new)));
    }

    private static BodyPublisher part(String name) {
        return BodyPublishers.ofString(
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n");
    }

    private JsonNode post(String token, String path, ObjectNode body) throws IOException {
        var request = request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        return send(path, request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(context + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json");
    }

    private JsonNode send(String path, HttpRequest request) throws IOException {
        try {
            var response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() >= FIRST_FAILURE) {
                throw refusal(path, response.statusCode(), response.body());
            }
            return read(response.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", interrupted);
        }
    }

    private static ServerAnswer refusal(String path, int status, byte[] content) {
        var body = read(content);
        return new ServerAnswer(
                path,
                status,
                body.path("error").asText(""),
                body.path("error_description").asText(""));
    }

    private static JsonNode read(byte[] body) {
        try {
            var tree = JSON.readTree(body);
            return tree == null ? object() : tree;
        } catch (IOException notJson) {
            return object();
        }
    }

    private static String text(JsonNode answer, String field) throws IOException {
        var value = answer.path(field).asText("");
        if (value.isEmpty()) {
            throw new IOException("the server's answer has no " + field);
        }
        return value;
    }

    private static String path(String credential, String step) {
        return "/api/v1/credentials/" + URLEncoder.encode(credential, StandardCharsets.UTF_8) + "/" + step;
    }

    private static ObjectNode withHash(ObjectNode body, byte[] hash) {
        body.putArray("hash").add(hash);
        return body;
    }

    private static ObjectNode object() {
        return new ObjectNode(JsonNodeFactory.instance);
    }
}
