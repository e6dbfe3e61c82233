package org.countersign.signer.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A gateway to holders on this machine, which keeps what it is sent. */
public final class TestGateway implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private volatile int status = 200;

    private TestGateway(HttpServer server) {
        this.server = server;
    }

    public static TestGateway start() throws IOException {
        var gateway = new TestGateway(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        gateway.server.createContext("/", gateway::take);
        gateway.server.start();
        return gateway;
    }

    /** What it was sent, the oldest first. */
    public List<JsonNode> received() {
        return received;
    }

    /** @param now of its answers from now on; 0 hangs up without one */
    public void status(int now) {
        status = now;
    }

    /**
     * {@code didProperties} of a configuration file.
     *
     * @param more members, each after a comma
     */
    public String properties(String more) {
        return "\"didProperties\": {\"url\": \"http://127.0.0.1:"
                + server.getAddress().getPort()
                + "\", \"clientId\": \"gateway\", \"clientSecret\": \"0123456789abcdef\"" + more + "}";
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(JSON.readTree(exchange.getRequestBody()));
            if (status == 0) {
                return;
            }
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
