package org.countersign.ds.tokens;

import io.prometheus.metrics.core.metrics.Counter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Application;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.metrics.Metrics;

/** Gives applications their tokens for agents, whose subject is the application's label. */
public final class ApplicationTokens {

    /** Of tokens for a page of this service. */
    private static final Duration PAGE_VALIDITY = Duration.ofMinutes(5);

    private static final int LONGEST = 16_384;
    /** By how many seconds another node's clock may be ahead. */
    private static final long LEEWAY = 60;

    private final SigningKeys keys;
    private final URI issuer;
    private final Duration validity;
    private final ConnectorTokens tokens;
    private final Clock clock;
    private final Counter issued;

    public ApplicationTokens(
            SigningKeys keys, URI issuer, Duration validity, Entropy entropy, Clock clock, Metrics metrics) {
        this.keys = keys;
        this.issuer = issuer;
        this.validity = validity;
        this.tokens = new ConnectorTokens(keys, issuer, entropy, clock);
        this.clock = clock;
        this.issued = metrics.counter("countersign_ds_tokens", "Tokens given to applications", "occasion");
    }

    Duration validity() {
        return validity;
    }

    /** @param clientTime the header, or null */
    String issue(Application application, String clientTime) {
        var token = sign(application, tokens.offset(clientTime));
        issued.labelValues("issue").inc();
        return token;
    }

    /**
     * For one page of an application, for a short while.
     *
     * @param origin of the page
     * @param clientTime the header, or null
     */
    String issueForPage(Application application, String origin, String clientTime) {
        var shorter = validity.compareTo(PAGE_VALIDITY) < 0 ? validity : PAGE_VALIDITY;
        var token = tokens.issue(application.label(), List.of(origin), shorter, tokens.offset(clientTime));
        issued.labelValues("demonstration").inc();
        return token;
    }

    /**
     * A new token for one that lives.
     *
     * @param clientTime the header; without it the offset stays what it was
     * @throws ProtocolException {@code token_not_refreshed} when it is expired, another application's or none of ours
     */
    String refresh(Application application, String originalJwt, String clientTime) {
        if (originalJwt == null || originalJwt.length() > LONGEST) {
            throw ProtocolException.invalidRequest("originalJWT is required, with 16384 characters at most");
        }
        var claims = keys.verify(ConnectorTokens.TYPE, originalJwt)
                .filter(original -> isLive(original, application))
                .orElseThrow(() -> new ProtocolException(
                        DsError.TOKEN_NOT_REFRESHED, "The token has expired or is none of this application's"));
        var offset = tokens.offset(clientTime)
                .or(() -> Optional.ofNullable(claims.get(ConnectorTokens.CLOCK_OFFSET))
                        .map(seconds -> ((Number) seconds).longValue()));
        var token = sign(application, offset);
        issued.labelValues("refresh").inc();
        return token;
    }

    private boolean isLive(Map<String, Object> claims, Application application) {
        long now = clock.instant().getEpochSecond();
        return issuer.toString().equals(claims.get("iss"))
                && ConnectorTokens.AUDIENCE.equals(claims.get("aud"))
                && application.label().equals(claims.get("sub"))
                && claims.get("exp") instanceof Number expiry
                && now < expiry.longValue()
                && claims.get("nbf") instanceof Number begin
                && begin.longValue() <= now + LEEWAY;
    }

    private String sign(Application application, Optional<Long> clockOffset) {
        return tokens.issue(application.label(), application.origins(), validity, clockOffset);
    }
}
