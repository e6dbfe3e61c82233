package org.countersign.cli.company;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * What a context says of itself.
 *
 * @param status of HTTP; 0 when nobody answered
 * @param context the deployment that answered; empty when it was none of the product's
 * @param nobody whether the server has no context of the product there; while the waiting room stands, its answer alone says so
 */
record ContextHealth(int status, String context, String version, boolean takesRequests, int inFlight, boolean nobody) {

    private static final ContextHealth AWAY = new ContextHealth(0, "", "", false, 0, false);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** @param context such as {@code https://sign.example/signer-acme}, with a front before it */
    static ContextHealth of(URI context) {
        return of(context, "", false);
    }

    /**
     * While the waiting room is there. Servers remember where they led an address: asked then, Open Liberty leads it there
     * for as long as that one is. So the context is asked at an address that nobody has asked at before.
     *
     * @param context such as {@code http://127.0.0.1:8080/signer-acme}
     * @param unheardOf a name that was used nowhere
     */
    static ContextHealth ofPlaceWithRoom(URI context, String unheardOf) {
        return of(context, "/" + unheardOf, true);
    }

    private static ContextHealth of(URI context, String further, boolean roomStands) {
        try {
            var response = get(context, "/health/ready" + further);
            var body = body(response.body());
            return new ContextHealth(
                    response.statusCode(),
                    body.path("context").asText(""),
                    body.path("version").asText(""),
                    body.path("checks").path("requests").asText("").equals("UP"),
                    body.path("inFlight").asInt(0),
                    WaitingRoom.isAnswer(response) || !roomStands && response.statusCode() == NOT_FOUND);
        } catch (IOException nobody) {
            return AWAY;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return AWAY;
        }
    }

    private static HttpResponse<byte[]> get(URI context, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(context + path))
                .timeout(PATIENCE)
                .build();
        return HTTP.send(request, BodyHandlers.ofByteArray());
    }

    /** Whether a distribution service publishes the keys that verify what it signs. */
    static boolean hasKeys(URI context) {
        try {
            var response = get(context, "/.well-known/jwks.json");
            // The current one and the next.
            return response.statusCode() == OK
                    && body(response.body()).path("keys").size() >= 2;
        } catch (IOException nobody) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Whether a server answers, and not this deployment: the waiting room, another context, or nobody there. A server that
     * is silent or in trouble says nothing about what it still has under way.
     */
    boolean isGone(String deployed) {
        return context.isEmpty() ? nobody : !context.equals(deployed);
    }

    /** Whether any server answered at all. */
    boolean answered() {
        return status != 0;
    }

    /** Whether it is this deployment in this version, and ready for requests. */
    boolean isReady(String deployed, String expectedVersion) {
        return status == OK && is(deployed, expectedVersion);
    }

    boolean is(String deployed, String expectedVersion) {
        return context.equals(deployed) && version.equals(expectedVersion);
    }

    String inWords() {
        if (!answered()) {
            return "no answer";
        }
        if (context.isEmpty()) {
            return "HTTP " + status;
        }
        return (status == OK ? "ready" : takesRequests ? "not ready" : "draining, " + inFlight + " under way") + " ("
                + version + ")";
    }

    private static JsonNode body(byte[] content) {
        try {
            var tree = JSON.readTree(content);
            return tree == null ? JSON.createObjectNode() : tree;
        } catch (IOException notJson) {
            return JSON.createObjectNode();
        }
    }
}
