package org.countersign.server.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/** Requests to one server: none takes longer than is allowed, and no answer is larger. Safe for use by many threads. */
public final class Exchange {

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final int LARGEST = 1 << 18;
    private static final int OK = 200;
    private static final int REDIRECTS = 300;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERRORS = 500;
    private static final int UNAVAILABLE = 503;
    private static final String ACCEPT = "Accept";
    private static final String CONTENT_TYPE = "Content-Type";

    private final Duration patience;
    private final int largest;
    private final HttpClient client;

    /** @param patience for one request, from its beginning to the answer's last byte */
    public Exchange(Duration patience) {
        this(patience, LARGEST);
    }

    /** @param largest answer, in bytes */
    public Exchange(Duration patience, int largest) {
        this(patience, largest, Optional.empty());
    }

    /** @param tls in place of the JVM's own */
    public Exchange(Duration patience, int largest, Optional<SSLContext> tls) {
        this.patience = patience;
        this.largest = largest;
        var builder = HttpClient.newBuilder()
                // The offer of a change to HTTP/2 is more than some small servers understand.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience.compareTo(CONNECTING) < 0 ? patience : CONNECTING)
                .followRedirects(HttpClient.Redirect.NEVER);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /**
     * What a server answered, whatever the status.
     *
     * @param body empty when it is larger than allowed
     */
    public record Answer(int status, HttpHeaders headers, Optional<byte[]> body) {

        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    /** Credentials of HTTP Basic (RFC 7617), the value of the {@code Authorization} header. */
    public static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The body of an answer of status 200.
     *
     * @throws NotTakenException when the request did nothing, for certain
     * @throws IOException for every other answer, and for none; its message holds nothing of what was sent or answered
     */
    public byte[] get(URI address, String accepted) throws IOException {
        return send(HttpRequest.newBuilder(address).header(ACCEPT, accepted).GET());
    }

    /** Likewise. */
    public byte[] post(URI address, String type, byte[] body, String accepted, Optional<String> authorization)
            throws IOException {
        var request = HttpRequest.newBuilder(address)
                .header(ACCEPT, accepted)
                .header(CONTENT_TYPE, type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        authorization.ifPresent(value -> request.header("Authorization", value));
        return send(request);
    }

    private byte[] send(HttpRequest.Builder request) throws IOException {
        var answer = answer(request);
        if (answer.status() != OK) {
            throw notOk(answer.status());
        }
        return answer.body().orElseThrow(() -> new IOException("The answer is too large"));
    }

    /**
     * Any request, for who understands more than 200.
     *
     * @throws NotTakenException when there was no connection to send it on
     * @throws IOException when there is no answer; its message holds nothing of what was sent
     */
    public Answer answer(HttpRequest.Builder request) throws IOException {
        var waiting = client.sendAsync(request.timeout(patience).build(), limited());
        try {
            var answer = waiting.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (ExecutionException failure) {
            throw noAnswer(failure.getCause());
        } catch (TimeoutException slow) {
            waiting.cancel(true);
            throw new IOException("The answer takes too long", slow);
        } catch (InterruptedException interrupted) {
            waiting.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", interrupted);
        }
    }

    private static IOException notOk(int status) {
        var message = "The answer's status is " + status;
        // A server that failed may have done it before, and what stands before one knows no more than we.
        boolean refused = status >= REDIRECTS && status < SERVER_ERRORS && status != REQUEST_TIMEOUT;
        return refused || status == UNAVAILABLE ? new NotTakenException(message) : new IOException(message);
    }

    private static IOException noAnswer(Throwable why) {
        var message = "There is no answer";
        return why instanceof ConnectException
                        || why instanceof HttpConnectTimeoutException
                        || why instanceof SSLHandshakeException
                ? new NotTakenException(message, why)
                : new IOException(message, why);
    }

    /** Keeps no more than is allowed, whatever comes. */
    private BodyHandler<Optional<byte[]>> limited() {
        return info -> {
            var body = new ByteArrayOutputStream();
            HttpResponse.BodySubscriber<Void> collecting = BodySubscribers.ofByteArrayConsumer(part ->
                    part.ifPresent(bytes -> body.write(bytes, 0, Math.min(bytes.length, largest + 1 - body.size()))));
            return BodySubscribers.mapping(
                    collecting, ended -> body.size() > largest ? Optional.empty() : Optional.of(body.toByteArray()));
        };
    }
}
