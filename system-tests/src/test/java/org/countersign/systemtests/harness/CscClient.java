package org.countersign.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls methods of the consortium's API; answers are held against its tables.
 *
 * @param version {@code v1}, which is 1.0.4.0, or {@code v2}, 2.0.0.2
 */
public record CscClient(SignerApi api, String token, String version) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Of 1.0.4.0, without a token. */
    public CscClient(SignerApi api) {
        this(api, null);
    }

    /** Of 1.0.4.0. */
    public CscClient(SignerApi api, String token) {
        this(api, token, "v1");
    }

    /** The same of 2.0.0.2. */
    public CscClient v2() {
        return new CscClient(api, token, "v2");
    }

    public CscClient with(String other) {
        return new CscClient(api, other, version);
    }

    /** @param parameters JSON's own types, or text that is the body as it stands */
    public Answer call(String method, Object parameters) {
        return send(method, token == null ? null : "Bearer " + token, body(parameters));
    }

    /** @param authorization the header, or null for none */
    public Answer call(String method, String authorization, Object parameters) {
        return send(method, authorization, body(parameters));
    }

    public Answer login(String clientId, String secret, Object parameters) {
        return call("auth/login", basic(clientId, secret), parameters);
    }

    public Answer get(String method, String authorization) {
        var request = api.request(path(method));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return checked(method, Http.send(request.GET()));
    }

    public Answer form(String method, Map<String, String> form) {
        return checked(method, api.form(path(method), form));
    }

    /** The parameters and a credential. */
    public static Map<String, Object> of(Holder holder, Object... more) {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("credentialID", holder.credential());
        for (int i = 0; i < more.length; i += 2) {
            parameters.put((String) more[i], more[i + 1]);
        }
        return parameters;
    }

    /** RFC 7617: not encoded first. */
    public static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Answer send(String method, String authorization, String body) {
        var request = api.request(path(method)).header("Content-Type", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return checked(method, Http.send(request.POST(BodyPublishers.ofString(body))));
    }

    private Answer checked(String method, Answer answer) {
        CscSchemas.check(version, method, answer);
        return answer;
    }

    private String path(String method) {
        return "/csc/" + version + "/" + method;
    }

    private static String body(Object parameters) {
        if (parameters instanceof String text) {
            return text;
        }
        try {
            return JSON.writeValueAsString(parameters);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
