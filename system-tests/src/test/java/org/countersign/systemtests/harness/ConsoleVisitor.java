package org.countersign.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.HttpCookie;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/**
 * Somebody at the console of a distribution service, as its pages call the service.
 *
 * @param cookie the session's, without its attributes; empty without one
 * @param csrfToken empty leaves it out
 */
public record ConsoleVisitor(SignerApi ds, String cookie, String csrfToken) {

    public static final String SESSION = "/admin/v1/session";
    public static final String PASSWORD = "demonstration-only";

    private static final JsonMapper JSON = new JsonMapper();

    public static ConsoleVisitor at(SignerApi ds) {
        return new ConsoleVisitor(ds, "", "");
    }

    /** Signed in as one of the demonstration's users, whose names are their roles. */
    public static ConsoleVisitor as(SignerApi ds, String role) {
        var answer = at(ds).signIn(role, PASSWORD).ok();
        return new ConsoleVisitor(ds, cookie(answer), answer.text("csrfToken"));
    }

    public static String cookie(Answer answer) {
        var cookie = HttpCookie.parse(answer.header("Set-Cookie").orElseThrow()).get(0);
        return cookie.getName() + "=" + cookie.getValue();
    }

    /** @param headers name, value, name, value … */
    public Answer signIn(String user, String password, String... headers) {
        return send("POST", SESSION, Map.of("user", user, "password", password), headers);
    }

    public ConsoleVisitor csrfToken(String token) {
        return new ConsoleVisitor(ds, cookie, token);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer post(String path, Object body, String... headers) {
        return send("POST", path, body, headers);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer send(String method, String path, Object body, String... headers) {
        var request = ds.request(path).method(method, publisher(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (!csrfToken.isEmpty()) {
            request.header("X-CSRF-Token", csrfToken);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Http.send(request);
    }

    private static BodyPublisher publisher(Object body) {
        try {
            return body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
