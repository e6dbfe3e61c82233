package org.countersign.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A gateway to holders' devices: keeps what it is sent, and calls back with what the test says that the holder answered. */
public final class ApprovalGateway implements AutoCloseable {

    public static final String CLIENT = "gatewayClient";
    public static final String SECRET = "secret of the gateway";

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final Queue<JsonNode> sent = new ConcurrentLinkedQueue<>();
    private volatile boolean away;

    private ApprovalGateway(HttpServer server) {
        this.server = server;
    }

    public static ApprovalGateway start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var gateway = new ApprovalGateway(server);
            server.createContext("/gateway/approvals", gateway::take);
            server.createContext("/gateway/messages", gateway::take);
            server.start();
            return gateway;
        } catch (IOException failure) {
            throw new IllegalStateException("No gateway", failure);
        }
    }

    /** The {@code didProperties} of a configuration file. */
    String settings() {
        return """
                {"url": "http://127.0.0.1:%d/gateway", "clientId": "%s", "clientSecret": "%s", "timeoutInSeconds": 120,
                 "pushApproveSubjectTemplate": "${NUMERO_DE_OPERACION}",
                 "pushApproveTextTemplate": "Please confirm this operation: ${TEXTO_A_FIRMAR} (${SIGNATURES}, ${CLIENT})",
                 "pushMessageSubjectTemplate": "Notification ${NUMERO_DE_OPERACION}",
                 "pushMessageTextTemplate": "Generated Code: ${CODE}"}""".formatted(server.getAddress().getPort(), CLIENT, SECRET);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            if (!CscClient.basic(CLIENT, SECRET)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (away) {
                exchange.sendResponseHeaders(500, -1);
            } else {
                sent.add(JSON.readTree(body));
                var answer = "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        }
    }

    /** Whether it takes nothing from now on. */
    public void away(boolean now) {
        away = now;
    }

    /** What it was sent for a seat, oldest first. */
    public List<JsonNode> sentTo(String seat) {
        return sent.stream()
                .filter(question -> question.path("seat").asText().equals(seat))
                .toList();
    }

    /** Has the holder answer. */
    public Answer answer(SignerApi api, JsonNode question, boolean approved) {
        return answer(
                api,
                CscClient.basic(CLIENT, SECRET),
                question.path("id").asText(),
                "{\"approved\": " + approved + ", \"content\": \""
                        + question.path("content").asText() + "\"}");
    }

    /** @param authorization the header, or null for none */
    public Answer answer(SignerApi api, String authorization, String id, String body) {
        var request = api.request("/api/v1/approvals/" + id).header("Content-Type", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return Http.send(request.POST(BodyPublishers.ofString(body)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
