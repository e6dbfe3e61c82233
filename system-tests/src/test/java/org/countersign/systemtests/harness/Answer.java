package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the server answered, and what a test may expect of it. */
public record Answer(int status, java.net.http.HttpHeaders headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    static Answer of(HttpResponse<byte[]> response) {
        return new Answer(
                response.statusCode(), response.headers(), new String(response.body(), StandardCharsets.UTF_8));
    }

    /** The body; a missing node when there is none. */
    public JsonNode json() {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException notJson) {
            throw new AssertionError("Not JSON, with status " + status + ": " + body, notJson);
        }
    }

    public String text(String member) {
        return json().path(member).asText();
    }

    /** The strings of an array. */
    public List<String> texts(String member) {
        var texts = new ArrayList<String>();
        json().path(member).forEach(value -> texts.add(value.asText()));
        return texts;
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** This answer, of a call that a test needs to succeed. */
    public Answer ok() {
        assertThat(status).as("the answer: %s", body).isBetween(200, 299);
        return this;
    }

    /** Expects a refusal: status, both members word for word, nothing else, and never a cache. */
    public Answer refused(int expectedStatus, String error, String description) {
        assertThat(body).isEqualTo("{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
        assertThat(status).isEqualTo(expectedStatus);
        return refusal();
    }

    /** Expects any refusal in the form of all refusals. */
    public Answer refusal() {
        assertThat(status).as("the answer: %s", body).isGreaterThanOrEqualTo(400);
        assertThat(header("Content-Type").orElse("")).startsWith("application/json");
        assertThat(header("Cache-Control")).contains("no-store");
        assertThat(json().fieldNames())
                .toIterable()
                .as("the answer: %s", body)
                .containsExactly("error", "error_description");
        return this;
    }
}
