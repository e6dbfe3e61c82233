package org.countersign.server.issuing;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;

/**
 * Makes the JWTs (RFC 7519) that local agents accept: {@code iss}, {@code aud} "connector", {@code sub}, {@code origins},
 * {@code iat}, {@code nbf}, {@code exp} and {@code jti}, all by the server's clock. When the requester told its time,
 * {@code clock_offset} is by how many seconds that is ahead.
 */
public final class ConnectorTokens {

    /** {@code typ} of these tokens. */
    public static final String TYPE = "JWT";

    /** {@code aud} of these tokens: the agents. */
    public static final String AUDIENCE = "connector";

    /** The header with the requester's time. */
    public static final String CLIENT_TIME = "X-Client-Time";

    /** The claim by how many seconds the requester's clock is ahead. */
    public static final String CLOCK_OFFSET = "clock_offset";

    private final SigningKeys keys;
    private final URI issuer;
    private final Entropy entropy;
    private final Clock clock;

    public ConnectorTokens(SigningKeys keys, URI issuer, Entropy entropy, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * How far the requester's clock is ahead, in seconds.
     *
     * @param clientTime the header, or null
     */
    public Optional<Long> offset(String clientTime) {
        return ClientTime.offset(clientTime, clock.instant()).map(Duration::toSeconds);
    }

    /**
     * A new one.
     *
     * @param subject the application, which transactions are labelled with
     * @param origins whose pages may use it
     */
    public String issue(String subject, List<String> origins, Duration validity, Optional<Long> clockOffset) {
        long now = clock.instant().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer.toString());
        claims.put("aud", AUDIENCE);
        claims.put("sub", subject);
        claims.put("origins", origins);
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + validity.toSeconds());
        claims.put("jti", entropy.uuid().toString());
        clockOffset.ifPresent(seconds -> claims.put(CLOCK_OFFSET, seconds));
        return keys.sign(TYPE, claims);
    }
}
