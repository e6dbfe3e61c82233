package org.countersign.agent.outgoing;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Sends requests over HTTP/1.1. The client is made when the first one is sent, so that a start does not wait for it. */
public final class Outgoing {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final List<X509Certificate> anchors;
    private final ToldTime time;
    private HttpClient client;

    /**
     * @param anchors authorities that are trusted beside Java's own
     */
    public Outgoing(List<X509Certificate> anchors, ToldTime time) {
        this.anchors = List.copyOf(anchors);
        this.time = time;
    }

    /**
     * Sends one, and waits for all of the answer. Redirections are not followed.
     *
     * @param patience for everything together
     * @param most bytes of the body
     * @param tellsTime whether the server's word on the time counts, for its certificate, too
     * @throws IOException when there is no answer in time, or it is longer
     */
    public Reply send(HttpRequest request, Duration patience, int most, boolean tellsTime) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent = client().sendAsync(request, head -> new LimitedBody(most));
        try {
            var response = sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            var told = tellsTime
                    ? response.headers().firstValue("X-Server-Time").flatMap(Outgoing::time)
                    : Optional.<Instant>empty();
            requireInTime(response.sslSession().flatMap(Outgoing::certificate), told.orElseGet(time::instant));
            return new Reply(response.statusCode(), response.body(), told);
        } catch (TimeoutException late) {
            sent.cancel(true);
            throw new IOException("There was no answer in time", late);
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause().toString(), failed.getCause());
        } catch (InterruptedException stopped) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("The agent stops", stopped);
        }
    }

    /** A server that tells a time at which its own certificate is none is not believed. */
    private static void requireInTime(Optional<X509Certificate> certificate, Instant time) throws IOException {
        if (certificate.isPresent()) {
            try {
                certificate.get().checkValidity(Date.from(time));
            } catch (CertificateException outOfTime) {
                throw new IOException("The server's certificate is not good at this time", outOfTime);
            }
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            var time = Instant.parse(text);
            return time.isAfter(EARLIEST) && time.isBefore(LATEST) ? Optional.of(time) : Optional.empty();
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            Certificate[] shown = session.getPeerCertificates();
            return shown.length > 0 && shown[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .sslContext(ServerTrust.context(anchors, time))
                    .build();
        }
        return client;
    }
}
