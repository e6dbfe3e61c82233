package org.countersign.signer.enrolment;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.core.x509.VerifiedRequest;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.exchange.TlsIdentity;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.configuration.EnrolmentSettings;

/**
 * The authority of a tenant, asked by EST (RFC 7030). What it answers is read strictly, and verified by nobody yet. Safe for use
 * by many threads.
 */
public final class EstServer {

    private static final System.Logger LOG = ContextLogger.of(EstServer.class);

    /** Requests that wait for the authority; each has a thread of the server, which others need. */
    static final int MOST_WAITING = 8;

    /** Of base64, in bytes: what {@link UnverifiedCertificates} reads. */
    private static final int LARGEST = 98_304;

    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration PENDING = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /** The pattern recurs with each parameter. */
    private static final int LONGEST_TYPE = 256;

    /** RFC 7030 §4.1.3, §4.2.3; {@code smime-type} may be left out. */
    private static final Pattern CERTS_ONLY = Pattern.compile(
            "application/pkcs7-mime( *; *(smime-type=(certs-only|\"certs-only\")|(?!smime-type=)[a-z-]+=([a-z0-9.-]+|\"[a-z0-9.-]+\")))*");

    private static final String PKCS7 = "application/pkcs7-mime";
    private static final String PKCS10 = "application/pkcs10";
    private static final String BASE64 = "base64";
    private static final String REFUSED = "The certification authority refused the request";
    private static final String STRANGER = "The certification authority does not accept this server";
    private static final String MALFORMED = "The answer of the certification authority is not as RFC 7030 has it";

    private final EnrolmentSettings settings;
    private final Exchange exchange;
    private final Clock clock;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    public EstServer(EnrolmentSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.exchange = new Exchange(
                settings.patience(),
                LARGEST,
                Optional.of(settings.trustAnchors())
                        .filter(anchors -> !anchors.isEmpty())
                        .map(anchors -> TlsIdentity.context(anchors, settings.identity())));
    }

    EnrolmentSettings settings() {
        return settings;
    }

    /** What a request was answered with. */
    sealed interface Enrolled {}

    /** The certificate that was asked for. */
    record Issued(UnverifiedCertificates certificates) implements Enrolled {}

    /** Not decided yet: the same request is to be sent again. */
    record Pending(Duration retryAfter) implements Enrolled {}

    /**
     * The authority's own certificates (RFC 7030 §4.1).
     *
     * @throws ProtocolException {@code temporarily_unavailable}, or {@code enrolment_failed}; the log says why
     */
    UnverifiedCertificates authorities() {
        var answer = send("cacerts", HttpRequest.Builder::GET);
        if (answer.status() != 200) {
            throw refused("cacerts", answer);
        }
        return certificates("cacerts", answer);
    }

    /**
     * Asks for a certificate (RFC 7030 §4.2.1).
     *
     * @throws ProtocolException likewise
     */
    Enrolled enrol(VerifiedRequest request) {
        var body = Base64.getMimeEncoder().encode(request.der());
        var answer = send(
                "simpleenroll",
                post -> post.header("Content-Type", PKCS10)
                        // RFC 8951 §3.1 has it ignored; servers from before it may want it.
                        .header("Content-Transfer-Encoding", BASE64)
                        .POST(BodyPublishers.ofByteArray(body)));
        return switch (answer.status()) {
            case 200 -> new Issued(certificates("simpleenroll", answer));
            // RFC 7030 §4.2.3
            case 202 -> new Pending(retryAfter(answer).orElse(PENDING));
            default -> throw refused("simpleenroll", answer);
        };
    }

    @FunctionalInterface
    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private Exchange.Answer send(String operation, Method method) {
        if (!waiting.tryAcquire()) {
            LOG.log(System.Logger.Level.WARNING, "{0} is not asked for {1}: too many wait for it", settings, operation);
            throw unavailable(RETRY);
        }
        try {
            var request = HttpRequest.newBuilder(URI.create(settings.base() + "/" + operation))
                    .header("Accept", PKCS7);
            settings.authorization().ifPresent(value -> request.header("Authorization", value));
            return exchange.answer(method.of(request));
        } catch (IOException away) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} does not answer {1}: {2}",
                    settings,
                    operation,
                    away.getCause() == null ? away.getMessage() : away.getMessage() + ", " + away.getCause());
            throw unavailable(RETRY);
        } finally {
            waiting.release();
        }
    }

    private ProtocolException refused(String operation, Exchange.Answer answer) {
        int status = answer.status();
        LOG.log(System.Logger.Level.WARNING, "{0} answers {1} with status {2}", settings, operation, status);
        if (status == 401 || status == 403) {
            return new ProtocolException(SignerError.ENROLMENT_FAILED, STRANGER);
        }
        return status == 408 || status == 429 || status >= 500
                ? unavailable(retryAfter(answer).orElse(RETRY))
                : new ProtocolException(SignerError.ENROLMENT_FAILED, REFUSED);
    }

    private static ProtocolException unavailable(Duration wait) {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE,
                "The certification authority gives no certificate now; try again later",
                wait);
    }

    private UnverifiedCertificates certificates(String operation, Exchange.Answer answer) {
        var type = answer.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.length() > LONGEST_TYPE || !CERTS_ONLY.matcher(type).matches()) {
            throw malformed(operation, "its type is not " + PKCS7);
        }
        var body = answer.body().orElseThrow(() -> malformed(operation, "it is too large"));
        try {
            return UnverifiedCertificates.parse(new String(body, StandardCharsets.US_ASCII));
        } catch (ProtocolException none) {
            throw malformed(operation, none.description());
        }
    }

    private ProtocolException malformed(String operation, String why) {
        LOG.log(System.Logger.Level.WARNING, "The answer of {0} to {1} is not taken: {2}", settings, operation, why);
        return new ProtocolException(SignerError.ENROLMENT_FAILED, MALFORMED);
    }

    /** Seconds or a time (RFC 9110 §10.2.3), within reason. */
    private Optional<Duration> retryAfter(Exchange.Answer answer) {
        return answer.header("Retry-After")
                .flatMap(this::wait)
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait)
                .map(wait -> wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait);
    }

    private Optional<Duration> wait(String value) {
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            var at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), at.toInstant()));
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
