package org.countersign.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of the API that need an access token, one method each. Hashes go out in base64. */
public record Caller(SignerApi api, String token) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CREDENTIALS = "/api/v1/credentials";

    public Answer create(String tenant, String seat, String configuration, int multiSignature) {
        return post(
                CREDENTIALS,
                Map.of(
                        "tenant",
                        tenant,
                        "seat",
                        seat,
                        "authorizationConfigurationId",
                        configuration,
                        "multiSignature",
                        multiSignature));
    }

    public Answer setPin(String credential, String pin) {
        return post(of(credential, "pin"), Map.of("value", pin));
    }

    public Answer newOtp(String credential) {
        return post(of(credential, "otp"), Map.of());
    }

    public Answer confirmOtp(String credential, String otp) {
        return post(of(credential, "otp/confirm"), Map.of("value", otp));
    }

    public Answer keyPair(String credential, KeyKind kind) {
        return post(of(credential, "key-pair"), kind.request());
    }

    public Answer certificate(String credential, String pkcs7) {
        return post(of(credential, "certificate"), Map.of("pkcs7", pkcs7));
    }

    public Answer unlock(String credential) {
        return post(of(credential, "unlock"), Map.of());
    }

    /** An act upon a living credential, such as {@code suspend} or {@code pin/change}. */
    public Answer act(String credential, String act, Map<String, ?> body) {
        return post(of(credential, act), body);
    }

    public Answer list() {
        return post(CREDENTIALS + "/list", Map.of());
    }

    public Answer info(String credential) {
        return info(credential, Map.of());
    }

    /** @param more {@code certificates}, {@code certInfo}, {@code authInfo} */
    public Answer info(String credential, Map<String, ?> more) {
        var body = new LinkedHashMap<String, Object>(more);
        body.put("credentialId", credential);
        return post(CREDENTIALS + "/info", body);
    }

    public Answer certificates(Map<String, ?> filter) {
        return post("/api/v1/certificates/list", filter);
    }

    public Answer configurations() {
        return get("/api/v1/authorization-configurations");
    }

    /** @param factors {@code PIN} and {@code OTP} as needed */
    public Answer authorize(String credential, List<byte[]> hashes, Map<String, String> factors) {
        var body = new LinkedHashMap<String, Object>(factors);
        body.put("credentialId", credential);
        body.put("numSignature", hashes.size());
        body.put("hash", base64(hashes));
        return authorize(body);
    }

    public Answer authorize(Map<String, ?> body) {
        return post(CREDENTIALS + "/authorize", body);
    }

    public Answer sign(String credential, String sad, List<byte[]> hashes, String signAlgo) {
        return sign(Map.of("credentialId", credential, "SAD", sad, "hash", base64(hashes), "signAlgo", signAlgo));
    }

    public Answer sign(Map<String, ?> body) {
        return post("/api/v1/signatures", body);
    }

    public Answer clients() {
        return get("/api/v1/oauth-clients");
    }

    public Answer client(String clientId) {
        return get("/api/v1/oauth-clients/" + SignerApi.encode(clientId));
    }

    public Answer createClient(Map<String, ?> client) {
        return post("/api/v1/oauth-clients", client);
    }

    public Answer replaceClient(String clientId, Map<String, ?> client) {
        return put("/api/v1/oauth-clients/" + SignerApi.encode(clientId), client);
    }

    public Answer createGroup(String tenant, String group) {
        return post("/api/v1/groups", Map.of("tenant", tenant, "group", group));
    }

    public Answer putIntoGroup(String tenant, String group, String... seats) {
        return put("/api/v1/seats", Map.of("tenant", tenant, "group", group, "seats", List.of(seats)));
    }

    public Answer deleteClient(String clientId) {
        return Http.send(
                request("/api/v1/oauth-clients/" + SignerApi.encode(clientId)).DELETE());
    }

    public Answer post(String path, Object body) {
        return postRaw(path, json(body));
    }

    public Answer put(String path, Object body) {
        return Http.send(
                request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json(body))));
    }

    /** Sends a body as it stands. */
    public Answer postRaw(String path, String body) {
        return Http.send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    public Answer get(String path) {
        return Http.send(request(path).GET());
    }

    public HttpRequest.Builder request(String path) {
        return api.request(path).header("Authorization", "Bearer " + token);
    }

    public static List<String> base64(List<byte[]> hashes) {
        return hashes.stream().map(Base64.getEncoder()::encodeToString).toList();
    }

    private static String of(String credential, String step) {
        return CREDENTIALS + "/" + SignerApi.encode(credential) + "/" + step;
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
