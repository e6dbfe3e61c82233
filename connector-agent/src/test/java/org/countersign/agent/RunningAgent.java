package org.countersign.agent;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import org.countersign.agent.loopback.Gate;
import org.countersign.agent.loopback.LoopbackServer;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.settings.SettingsReader;
import org.countersign.core.entropy.Entropy;

/** A real agent on free ports, with its data in a folder of the test's. */
public final class RunningAgent implements AutoCloseable {

    public static final String ORIGIN = "https://app.example.com";

    private final Agent agent;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningAgent(Agent agent) {
        this.agent = agent;
    }

    /** Without tokens and consent, unless the arguments say otherwise. */
    public static RunningAgent start(Path data, String... arguments) {
        return start(Map.of(), Clock.systemUTC(), data, arguments);
    }

    /**
     * Likewise.
     *
     * @param desktop variables of the environment that say where the user's desktop is
     */
    public static RunningAgent start(Map<String, String> desktop, Clock clock, Path data, String... arguments) {
        var all = new ArrayList<>(List.of(
                "--data=" + data,
                "--port.https=0",
                "--port.http=0",
                "--origins=" + ORIGIN,
                "--token.required=false",
                "--consent.required=false"));
        for (var argument : arguments) {
            var key = argument.substring(0, argument.indexOf('=') + 1);
            all.removeIf(earlier -> earlier.startsWith(key));
            all.add(argument);
        }
        var settings = new SettingsReader(Map.of(), data).read(all);
        return new RunningAgent(Agent.start(settings, desktop, clock, new Entropy(new SecureRandom())));
    }

    /** A PIN for the device key, as the v3 SDK encrypts it: base64. */
    public String encrypted(byte[] pin) {
        try {
            var pem = get("/device-key").body().getString("data").replaceAll("-----[A-Z ]+-----", "");
            var key = KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
            var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return Base64.getEncoder().encodeToString(cipher.doFinal(pin));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What it answers to, as it stands in the running one. */
    public List<Route> routes() {
        try {
            var server = Agent.class.getDeclaredField("server");
            server.setAccessible(true);
            var handler = LoopbackServer.class.getDeclaredField("handler");
            handler.setAccessible(true);
            var routes = Gate.class.getDeclaredField("routes");
            routes.setAccessible(true);
            return ((List<?>) routes.get(handler.get(server.get(agent))))
                    .stream().map(Route.class::cast).toList();
        } catch (ReflectiveOperationException renamed) {
            throw new AssertionError(renamed);
        }
    }

    public int httpsPort() {
        return agent.httpsPort();
    }

    public int httpPort() {
        return agent.httpPort().orElseThrow();
    }

    /** An answer. */
    public record Reply(int status, HttpResponse<String> raw, JsonObject body) {

        public int code() {
            return body.getInt("code");
        }
    }

    /** As the page at {@link #ORIGIN}. */
    public Reply get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    /** As the page at {@link #ORIGIN}. */
    public Reply post(String path, JsonObject body, String... headers) {
        return send(request(path, headers)
                .setHeader("X-CSRF-Token", "test")
                .setHeader("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort() + path))
                .header("Origin", ORIGIN);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            try (var reader = Json.createReader(new StringReader(response.body()))) {
                return new Reply(response.statusCode(), response, reader.readObject());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Sends lines as they stand over plain HTTP, and gives all that comes back. */
    public String raw(String... lines) {
        try (var socket = new Socket("127.0.0.1", httpPort())) {
            return exchange(socket, lines);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Likewise over a socket of the caller's. */
    public static String exchange(Socket socket, String... lines) throws IOException {
        socket.setSoTimeout(10_000);
        var request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        agent.close();
    }
}
