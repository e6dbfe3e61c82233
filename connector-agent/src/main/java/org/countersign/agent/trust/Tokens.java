package org.countersign.agent.trust;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.agent.loopback.TokenCheck;
import org.countersign.agent.settings.Setting;
import org.countersign.core.configuration.Problems;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Verifies JWTs (RFC 7519 §7.2) of trusted issuers for the audience {@code connector}. {@code clock_offset}, by how many
 * seconds the requester's clock was ahead of the issuer's, puts this machine's time right when there is no distribution
 * service that could.
 */
public final class Tokens implements TokenCheck {

    private static final String AUDIENCE = "connector";
    private static final int LONGEST = 8_192;
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Set<String> KNOWN = Set.of("ES256", "RS256", "PS256");
    private static final Duration SLACK = Duration.ofSeconds(60);
    /**
     * A clock with the wrong zone, and a little more. Whoever may ask for tokens names the offset, and a token that would be good
     * in a month outlives his right to it.
     */
    private static final long LARGEST_OFFSET = Duration.ofHours(26).toSeconds();

    private final TrustedIssuers issuers;
    private final AlgorithmConstraints algorithms;
    private final CorrectedClock clock;
    private final boolean linked;

    private Tokens(TrustedIssuers issuers, AlgorithmConstraints algorithms, CorrectedClock clock, boolean linked) {
        this.issuers = issuers;
        this.algorithms = algorithms;
        this.clock = clock;
        this.linked = linked;
    }

    /** @param linked whether a distribution service tells the time: then tokens do not */
    public static Tokens of(
            TrustedIssuers issuers, List<String> algorithms, CorrectedClock clock, boolean linked, Problems problems) {
        if (algorithms.isEmpty() || !KNOWN.containsAll(algorithms)) {
            problems.error(Setting.TOKEN_ALGORITHMS.key(), "must be some of ES256, RS256, PS256");
        }
        var permitted = algorithms.stream().filter(KNOWN::contains).toArray(String[]::new);
        return new Tokens(issuers, new AlgorithmConstraints(ConstraintType.PERMIT, permitted), clock, linked);
    }

    @Override
    public Optional<String> require(Optional<String> token, Optional<String> origin) {
        var claims = token.filter(text ->
                        text.length() <= LONGEST && COMPACT.matcher(text).matches())
                .flatMap(this::verified)
                .filter(this::isForUsNow)
                .orElseThrow(() -> new ProtocolException(AgentError.UNAUTHORIZED, "A valid token is required"));
        if (claims.get("origins") instanceof List<?> origins
                && !origins.isEmpty()
                && (origin.isEmpty() || !origins.contains(origin.get()))) {
            throw new ProtocolException(AgentError.ORIGIN_REFUSED, "The token is for pages of another origin");
        }
        return claims.get("sub") instanceof String subject ? Optional.of(subject) : Optional.empty();
    }

    /** The claims, when the key that issuer and {@code kid} name has signed them. */
    private Optional<Map<String, Object>> verified(String token) {
        try {
            var parts = token.split("\\.");
            var unverified = Base64Url.decode(parts[1]);
            if (unverified.isEmpty()
                    || Base64Url.decode(parts[0]).isEmpty()
                    || Base64Url.decode(parts[2]).isEmpty()) {
                return Optional.empty();
            }
            var unverifiedClaims = JsonUtil.parseJson(new String(unverified.get(), StandardCharsets.UTF_8));
            var jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(algorithms);
            jws.setCompactSerialization(token);
            var kid = jws.getKeyIdHeaderValue();
            if (!(unverifiedClaims.get("iss") instanceof String iss)
                    || kid == null
                    || jws.getHeaders().getObjectHeaderValue("crit") != null
                    // Before anybody is asked for a key.
                    || !isPermitted(jws.getAlgorithmHeaderValue())) {
                return Optional.empty();
            }
            var key = issuers.issuer(iss).flatMap(issuer -> issuer.key(kid));
            if (key.isEmpty()) {
                return Optional.empty();
            }
            jws.setKey(key.get());
            return jws.verifySignature() ? Optional.of(unverifiedClaims) : Optional.empty();
        } catch (JoseException refused) {
            return Optional.empty();
        }
    }

    private boolean isPermitted(String algorithm) {
        try {
            algorithms.checkConstraint(algorithm);
            return true;
        } catch (JoseException refused) {
            return false;
        }
    }

    private boolean isForUsNow(Map<String, Object> claims) {
        var audience = claims.get("aud");
        boolean forUs = AUDIENCE.equals(audience) || audience instanceof List<?> several && several.contains(AUDIENCE);
        if (!forUs || !(claims.get("exp") instanceof Number expiry)) {
            return false;
        }
        long offset = claims.get("clock_offset") instanceof Number seconds ? seconds.longValue() : 0;
        if (linked) {
            offset = 0;
        } else if (offset < -LARGEST_OFFSET || offset > LARGEST_OFFSET) {
            return false;
        }
        // What the distribution service told this run is better than what it told the application.
        boolean good = isIn(claims, expiry.longValue(), clock.instant().getEpochSecond())
                || !clock.isFresh()
                        && isIn(
                                claims,
                                expiry.longValue(),
                                clock.machine().instant().getEpochSecond() - offset);
        if (!good) {
            issuers.doubt();
        }
        return good;
    }

    private static boolean isIn(Map<String, Object> claims, long expiry, long now) {
        long slack = SLACK.toSeconds();
        return now - slack < expiry && isPast(claims.get("nbf"), now + slack) && isPast(claims.get("iat"), now + slack);
    }

    /** A time that may be left out. */
    private static boolean isPast(Object time, long now) {
        return time == null || time instanceof Number seconds && seconds.longValue() <= now;
    }
}
