package org.countersign.ds.applications;

import io.prometheus.metrics.core.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.limits.Windows;
import org.countersign.server.metrics.Metrics;
import org.countersign.server.web.AddressRange;

/**
 * Lets an application in by its API key: known and live, from where it may be used, with the certificate it needs, and not
 * too often. Who guesses keys is refused by address for a while. Counts are this node's.
 */
public final class Admission {

    private enum Reason {
        GUESSING,
        UNKNOWN,
        ADDRESS,
        CERTIFICATE,
        CLIENT,
        RATE
    }

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration GUESSING = Duration.ofMinutes(5);
    private static final int REMEMBERED = 10_000;
    private static final int LONGEST_NAME = 128;
    /** As many clients' names may a network get wrong to the end. */
    private static final int NAMES_PER_NETWORK = 5;

    private final ApiKeys keys;
    private final AdmissionSettings settings;
    private final AuditLog audit;
    private final Counter refusals;
    private final Windows uses;
    private final Windows failures;
    private final Windows clientFailures;
    private final Windows networkFailures;
    private final Windows audited;

    public Admission(ApiKeys keys, AdmissionSettings settings, AuditLog audit, Metrics metrics, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.audit = audit;
        this.refusals =
                metrics.counter("countersign_ds_api_key_refusals", "API keys and clients refused, by reason", "reason");
        this.uses = new Windows(MINUTE, REMEMBERED, clock);
        this.failures = new Windows(GUESSING, REMEMBERED, clock);
        this.clientFailures = new Windows(GUESSING, REMEMBERED, clock);
        this.networkFailures = new Windows(GUESSING, REMEMBERED, clock);
        this.audited = new Windows(GUESSING, REMEMBERED, clock);
    }

    /**
     * The application whose key this is.
     *
     * @param apiKey as shown, or null
     * @throws ProtocolException {@code invalid_api_key} when unknown, revoked or expired; {@code address_not_allowed};
     *     {@code certificate_required}; {@code too_many_requests} with the time to wait
     */
    public Application admit(String apiKey, Requester requester) {
        var network = requester.network();
        var found = keys.find(apiKey).orElse(null);
        if (found == null) {
            // Who has a good key is not stopped by a neighbour who guesses.
            if (failures.count(network) >= settings.failuresPerAddress()) {
                throw tooMany(Reason.GUESSING, failures.remaining(network));
            }
            guessed(requester);
            throw new ProtocolException(DsError.INVALID_API_KEY, "The API key was not accepted");
        }
        var application = found.application();
        if (!isFrom(application, requester)) {
            refused(Reason.ADDRESS, requester, found);
            throw new ProtocolException(DsError.ADDRESS_NOT_ALLOWED, "The API key must not be used from this address");
        }
        if (!hasCertificate(application, requester)) {
            refused(Reason.CERTIFICATE, requester, found);
            throw new ProtocolException(DsError.CERTIFICATE_REQUIRED, "The API key needs its client certificate");
        }
        var name = found.key().id().toString();
        int limit = application.requestsPerMinute().orElse(settings.requestsPerMinute());
        if (uses.add(name) > limit) {
            auditOnce(Reason.RATE, requester, found);
            throw tooMany(Reason.RATE, uses.remaining(name));
        }
        keys.used(found.key());
        return application;
    }

    /**
     * Before the secret of another client is compared. Such a secret may be one that people chose, so after too many wrong ones
     * from a network a right one is refused, too.
     *
     * @throws ProtocolException {@code too_many_requests} with the time to wait
     */
    public void admitClient(String clientId, Requester requester) {
        var name = client(clientId, requester);
        if (clientFailures.count(name) >= settings.failuresPerAddress()) {
            throw tooMany(Reason.GUESSING, clientFailures.remaining(name));
        }
        var network = requester.network();
        if (networkFailures.count(network) >= NAMES_PER_NETWORK * settings.failuresPerAddress()) {
            throw tooMany(Reason.GUESSING, networkFailures.remaining(network));
        }
    }

    /** A client with a wrong secret, or with the API key of another application. */
    public void clientRefused(String clientId, Requester requester) {
        networkFailures.add(requester.network());
        int guesses = clientFailures.add(client(clientId, requester));
        refused(Reason.CLIENT, requester, null);
        if (guesses == settings.failuresPerAddress()) {
            auditOnce(Reason.GUESSING, requester, null);
        }
    }

    private static String client(String clientId, Requester requester) {
        return requester.network() + " " + clientId.substring(0, Math.min(clientId.length(), LONGEST_NAME));
    }

    private static boolean isFrom(Application application, Requester requester) {
        return application.ipRanges().isEmpty()
                || application.ipRanges().stream()
                        .flatMap(range -> AddressRange.parse(range).stream())
                        .anyMatch(range -> range.contains(requester.address()));
    }

    private static boolean hasCertificate(Application application, Requester requester) {
        return application
                .clientCertificate()
                .map(needed -> requester
                        .certificate()
                        .map(shown -> MessageDigest.isEqual(
                                needed.getBytes(StandardCharsets.US_ASCII), shown.getBytes(StandardCharsets.US_ASCII)))
                        .orElse(false))
                .orElse(true);
    }

    private void guessed(Requester requester) {
        int guesses = failures.add(requester.network());
        refused(Reason.UNKNOWN, requester, null);
        if (guesses == settings.failuresPerAddress()) {
            auditOnce(Reason.GUESSING, requester, null);
        }
    }

    private void refused(Reason reason, Requester requester, ApiKeys.Found found) {
        count(reason);
        auditOnce(reason, requester, found);
    }

    /** The log waits for the disk: what goes on and on is told once in a while. */
    private void auditOnce(Reason reason, Requester requester, ApiKeys.Found found) {
        var whose = found == null ? requester.network() : found.key().id().toString();
        var name = reason + " " + whose;
        if (audited.add(name) > 1) {
            return;
        }
        var event = AuditEvent.failure("api-key.refused")
                .detail("reason", reason.name().toLowerCase(Locale.ROOT))
                .detail("address", requester.address());
        try {
            audit.append(
                    found == null
                            ? event
                            : event.client(found.application().label())
                                    .detail("key", found.key().id()));
        } catch (AuditUnavailableException away) {
            audited.forget(name);
            throw away;
        }
    }

    private ProtocolException tooMany(Reason reason, Duration wait) {
        count(reason);
        return ProtocolException.retryAfter(DsError.TOO_MANY_REQUESTS, "Too many requests; try again later", wait);
    }

    private void count(Reason reason) {
        refusals.labelValues(reason.name().toLowerCase(Locale.ROOT)).inc();
    }
}
