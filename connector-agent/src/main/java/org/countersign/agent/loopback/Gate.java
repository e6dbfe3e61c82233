package org.countersign.agent.loopback;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * What every request passes, in this order: the host's name, the page's origin, the nonce, the preflight, the route, the header
 * that only an allowed page can send, the token, the user's consent, the body. A handler runs when all of it is right, never
 * before.
 */
public final class Gate implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    /** Less than what the server gives an answer. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(115);

    private static final int LARGEST_BODY = 1 << 20;
    private static final int LONGEST_QUERY = 2_048;
    /** How long a browser keeps an answer to a preflight, in seconds. */
    private static final String PREFLIGHT_SECONDS = "600";

    private static final String CHANGE_HEADER = "X-CSRF-Token";
    private static final String TAG_HEADER = "X-T1C-BILLING-TAG";
    private static final String BEARER = "Bearer ";
    private static final String HEADERS =
            "Authorization, Content-Type, Accept-Language, X-CSRF-Token, X-Authentication-Token, X-T1C-BILLING-TAG";

    private final HostNames hosts;
    private final AllowedOrigins origins;
    private final TokenCheck tokens;
    private final ConsentCheck consents;
    private final AnswerSigner signer;
    private final List<Route> routes;

    public Gate(
            HostNames hosts,
            AllowedOrigins origins,
            TokenCheck tokens,
            ConsentCheck consents,
            AnswerSigner signer,
            List<Route> routes) {
        this.hosts = hosts;
        this.origins = origins;
        this.tokens = tokens;
        this.consents = consents;
        this.signer = signer;
        this.routes = List.copyOf(routes);
    }

    /**
     * @throws IOException when the client went away. The server has to learn of it: it forgets connections that it closes itself,
     *     while one that {@link HttpExchange#close()} cut would stay counted among those it takes
     */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        send(exchange, answered(() -> {
            var origin = admit(exchange);
            var nonce = isSecure(exchange) ? Optional.<String>empty() : BoundAnswer.nonce(exchange.getRequestHeaders());
            var answer = answered(() -> answer(exchange, origin));
            nonce.ifPresent(given -> {
                var headers = exchange.getResponseHeaders();
                headers.set(BoundAnswer.HEADER, BoundAnswer.of(exchange, given, answer, signer));
                headers.set("Access-Control-Expose-Headers", BoundAnswer.HEADER);
            });
            return answer;
        }));
    }

    /** What gives an answer, or refuses. */
    @FunctionalInterface
    private interface Step {
        Answer answer() throws IOException;
    }

    private static Answer answered(Step step) throws IOException {
        try {
            return step.answer();
        } catch (ProtocolException refusal) {
            return Answer.of(refusal);
        } catch (RuntimeException | Error unexpected) {
            // Errors too, such as a library's that does not load: the server answers them with nothing, and keeps the
            // connection.
            LOG.log(System.Logger.Level.ERROR, "A call failed", unexpected);
            return Answer.of(new ProtocolException(AgentError.SERVER_ERROR, "The agent failed; its log says why"));
        }
    }

    private static boolean isSecure(HttpExchange exchange) {
        return exchange instanceof HttpsExchange;
    }

    /** By the host's name and the page's origin, which it gives; who does not pass here gets nothing that is bound. */
    private Optional<String> admit(HttpExchange exchange) {
        requireHost(exchange);
        var headers = exchange.getRequestHeaders();
        var origin = origin(headers);
        if (origin.isPresent() && headers.containsKey("Origin")) {
            var answer = exchange.getResponseHeaders();
            answer.set("Access-Control-Allow-Origin", origin.get());
            answer.set("Access-Control-Allow-Credentials", "true");
        }
        return origin;
    }

    private Answer answer(HttpExchange exchange, Optional<String> origin) throws IOException {
        var headers = exchange.getRequestHeaders();
        if ("OPTIONS".equals(exchange.getRequestMethod())) {
            return preflight(exchange, origin);
        }
        var path = Route.split(exchange.getRequestURI().getPath());
        var route = route(exchange.getRequestMethod(), path);
        if (route.changes() && !headers.containsKey(CHANGE_HEADER)) {
            throw new ProtocolException(AgentError.HEADER_REQUIRED, "This call needs the header X-CSRF-Token");
        }
        var label = route.access() == Route.Access.TOKEN
                ? tokens.require(token(headers), origin)
                : Optional.<String>empty();
        var browser = BrowserToken.of(headers.getOrDefault(BrowserToken.HEADER, List.of()));
        route.consent().ifPresent(type -> consents.require(type, origin, browser));
        var call = new Call(
                origin,
                browser,
                label,
                Optional.ofNullable(headers.getFirst(TAG_HEADER)),
                Optional.ofNullable(headers.getFirst("Accept-Language")).orElse(""),
                exchange.getLocalAddress().getPort(),
                Deadline.in(LONGEST_ANSWER),
                route.match(path).orElseThrow(),
                query(exchange),
                body(exchange));
        var signing = isSecure(exchange) ? Optional.<AnswerSigner>empty() : Optional.of(signer);
        return Answer.of(route.handler().answer(call), route.form(), signing);
    }

    /** RFC 9112 §3.2: exactly one {@code Host}; and the target is a path, so that nothing else names a host. */
    private void requireHost(HttpExchange exchange) {
        var given = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        var target = exchange.getRequestURI();
        int port = exchange.getLocalAddress().getPort();
        boolean plain = !target.isAbsolute() && target.getRawAuthority() == null && target.getPath() != null;
        if (given.size() != 1 || !plain || !target.getPath().startsWith("/") || !hosts.isOurs(given.get(0), port)) {
            throw new ProtocolException(AgentError.HOST_REFUSED, "The agent is not reached by this name");
        }
    }

    /** Of the page, when a page is behind it: by {@code Origin}, or by {@code Referer} when there is none. */
    private Optional<String> origin(Headers headers) {
        var given = headers.getOrDefault("Origin", List.of());
        if (given.size() > 1) {
            throw originRefused();
        }
        var referer = headers.getFirst("Referer");
        Optional<String> origin = given.isEmpty()
                ? Optional.ofNullable(referer)
                        .map(text -> AllowedOrigins.ofReferer(text).orElseThrow(Gate::originRefused))
                : Optional.of(given.get(0));
        boolean foreign = origin.isEmpty() && "cross-site".equals(headers.getFirst("Sec-Fetch-Site"));
        if (foreign || origin.isPresent() && !origins.allow(origin.get())) {
            throw originRefused();
        }
        return origin;
    }

    private static ProtocolException originRefused() {
        return new ProtocolException(AgentError.ORIGIN_REFUSED, "This origin is not allowed");
    }

    private static Answer preflight(HttpExchange exchange, Optional<String> origin) {
        var request = exchange.getRequestHeaders();
        var answer = exchange.getResponseHeaders();
        if (origin.isEmpty() || !request.containsKey("Access-Control-Request-Method")) {
            throw new ProtocolException(AgentError.METHOD_NOT_ALLOWED, "There is no such method here");
        }
        answer.set("Access-Control-Allow-Methods", "GET, POST");
        answer.set("Access-Control-Allow-Headers", isSecure(exchange) ? HEADERS : HEADERS + ", " + BoundAnswer.NONCE);
        answer.set("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        if ("true".equals(request.getFirst("Access-Control-Request-Private-Network"))) {
            answer.set("Access-Control-Allow-Private-Network", "true");
        }
        return new Answer(204, new byte[0]);
    }

    private Route route(String method, List<String> path) {
        var here =
                routes.stream().filter(route -> route.match(path).isPresent()).toList();
        if (here.isEmpty()) {
            throw new ProtocolException(AgentError.NOT_FOUND, "There is nothing at this address");
        }
        return here.stream()
                .filter(route -> route.method().equals(method))
                .findFirst()
                .orElseThrow(
                        () -> new ProtocolException(AgentError.METHOD_NOT_ALLOWED, "There is no such method here"));
    }

    private static Optional<String> token(Headers headers) {
        var given = headers.getOrDefault("Authorization", List.of());
        return given.size() == 1 && given.get(0).startsWith(BEARER)
                ? Optional.of(given.get(0).substring(BEARER.length()))
                : Optional.empty();
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = exchange.getRequestURI().getRawQuery();
        var values = new HashMap<String, String>();
        if (query == null) {
            return values;
        }
        if (query.length() > LONGEST_QUERY) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The query is too long");
        }
        try {
            for (var pair : query.split("&")) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                values.putIfAbsent(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The query is malformed");
        }
        return values;
    }

    private static JsonObject body(HttpExchange exchange) throws IOException {
        if ("GET".equals(exchange.getRequestMethod())) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
        var bytes = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (bytes.length > LARGEST_BODY) {
            exchange.getResponseHeaders().set("Connection", "close");
            throw new ProtocolException(AgentError.PAYLOAD_TOO_LARGE, "A body has 1 MiB at most");
        }
        if (bytes.length == 0) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ProtocolException(AgentError.UNSUPPORTED_MEDIA_TYPE, "A body is application/json");
        }
        return Jsons.parse(bytes)
                .orElseThrow(() -> new ProtocolException(AgentError.BAD_REQUEST, "The body is no JSON object"));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Vary", "Origin");
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (answer.body().length == 0) {
            exchange.getRequestBody().close();
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        headers.set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
        // What is left of the request is taken before the answer ends, and with it perhaps the connection.
        exchange.getRequestBody().close();
        exchange.getResponseBody().close();
    }
}
