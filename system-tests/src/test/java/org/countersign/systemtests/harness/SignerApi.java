package org.countersign.systemtests.harness;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The calls of a context that need no access token, and the way to those that do. */
public record SignerApi(URI context) {

    /** The calls of whoever holds this token. */
    public Caller with(String token) {
        return new Caller(this, token);
    }

    /** The calls of a client with a new token. */
    public Caller as(String clientId, String secret, String scope) {
        return with(token(clientId, secret, scope).ok().text("access_token"));
    }

    public Caller asAdministrator() {
        return as(Company.ADMINISTRATOR, Company.ADMINISTRATOR_SECRET, "");
    }

    /** @param scope may be empty, which leaves it out */
    public Answer token(String clientId, String secret, String scope) {
        var form = credentials(clientId, secret);
        form.put("grant_type", "client_credentials");
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return form("/oauth/token", form);
    }

    public Answer tokenByBasic(String clientId, String secret, Map<String, String> form) {
        return form(request("/oauth/token").header("Authorization", basic(clientId, secret)), form);
    }

    public Answer checkToken(String token) {
        return form("/oauth/check_token", Map.of("token", token));
    }

    public Answer introspect(String clientId, String secret, String token) {
        return withToken("/oauth/introspect", clientId, secret, token);
    }

    public Answer revoke(String clientId, String secret, String token) {
        return withToken("/oauth/revoke", clientId, secret, token);
    }

    public Answer form(String path, Map<String, String> form) {
        return form(request(path), form);
    }

    /** Sends a body as it stands. */
    public Answer rawForm(String path, String body) {
        return Http.send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    public Answer get(String path) {
        return Http.send(request(path).GET());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(context + path)).header("Accept", "application/json");
    }

    public static String basic(String clientId, String secret) {
        var pair = encode(clientId) + ":" + encode(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer withToken(String path, String clientId, String secret, String token) {
        var form = credentials(clientId, secret);
        form.put("token", token);
        return form(path, form);
    }

    static Answer form(HttpRequest.Builder request, Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return Http.send(request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private static Map<String, String> credentials(String clientId, String secret) {
        var form = new LinkedHashMap<String, String>();
        form.put("client_id", clientId);
        form.put("client_secret", secret);
        return form;
    }
}
