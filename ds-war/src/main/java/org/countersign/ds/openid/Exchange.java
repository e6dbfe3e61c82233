package org.countersign.ds.openid;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to a provider: none takes longer, and no answer is larger, than these. */
final class Exchange {

    private static final int SECONDS = 10;
    private static final int LARGEST = 1 << 18;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** The body of an answer of status 200. */
    String get(URI address) throws IOException {
        return send(HttpRequest.newBuilder(address).GET());
    }

    /** @param authorization the header's value */
    String post(URI address, String form, String authorization) throws IOException {
        return send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private String send(HttpRequest.Builder request) throws IOException {
        var waiting = client.sendAsync(
                request.header("Accept", "application/json")
                        .timeout(Duration.ofSeconds(SECONDS))
                        .build(),
                limited());
        try {
            var answer = waiting.get(SECONDS, TimeUnit.SECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("The answer's status is " + answer.statusCode());
            }
            return answer.body().orElseThrow(() -> new IOException("The answer is too large"));
        } catch (ExecutionException failure) {
            throw new IOException("There is no answer", failure.getCause());
        } catch (TimeoutException slow) {
            waiting.cancel(true);
            throw new IOException("The answer takes too long", slow);
        } catch (InterruptedException interrupted) {
            waiting.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", interrupted);
        }
    }

    /** Keeps no more than is allowed, whatever comes. */
    private static BodyHandler<Optional<String>> limited() {
        return info -> {
            var body = new ByteArrayOutputStream();
            HttpResponse.BodySubscriber<Void> collecting = BodySubscribers.ofByteArrayConsumer(part ->
                    part.ifPresent(bytes -> body.write(bytes, 0, Math.min(bytes.length, LARGEST + 1 - body.size()))));
            return BodySubscribers.mapping(
                    collecting,
                    ended -> body.size() > LARGEST
                            ? Optional.empty()
                            : Optional.of(body.toString(StandardCharsets.UTF_8)));
        };
    }
}
