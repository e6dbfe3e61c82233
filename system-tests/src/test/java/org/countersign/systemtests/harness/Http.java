package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** One HTTP/1.1 client for all. */
public final class Http {

    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private Http() {}

    /** Sends, and holds the answer against what the API's document says. */
    public static Answer send(HttpRequest.Builder request) {
        var built = request.timeout(PATIENCE).build();
        var answer = unchecked(built);
        ApiDocument.check(built, answer);
        return answer;
    }

    /** Likewise, for an answer that is no text; a refusal fails the test. */
    public static byte[] bytes(HttpRequest.Builder request) {
        var built = request.timeout(PATIENCE).build();
        var response = response(built);
        var answer = Answer.of(response);
        ApiDocument.check(built, answer);
        answer.ok();
        return response.body();
    }

    static Answer unchecked(HttpRequest request) {
        return Answer.of(response(request));
    }

    private static HttpResponse<byte[]> response(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException late) {
            throw new AssertionError("The server did not answer. " + TestServer.whereItStands(request.uri()), late);
        } catch (IOException failure) {
            throw new AssertionError("The server did not answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", interrupted);
        }
    }
}
