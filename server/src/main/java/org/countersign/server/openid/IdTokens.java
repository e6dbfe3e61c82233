package org.countersign.server.openid;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.server.logging.ContextLogger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/** Verifies ID tokens (OpenID Connect Core 1.0 §3.1.3.7) and finds out whom they are about. */
public final class IdTokens {

    private static final System.Logger LOG = ContextLogger.of(IdTokens.class);
    private static final int SKEW_SECONDS = 60;
    private static final int OLDEST_SECONDS = 600;

    /** What identifiers of providers consist of; nothing that could be taken for something else in a log or a page. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@|+:/=~-]{0,127}");

    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);

    /** The provider's public keys. */
    interface Keys {

        List<JsonWebKey> known();

        /** Looks for new ones, unless that was done just before. */
        List<JsonWebKey> refreshed();
    }

    private final OpenIdSettings settings;
    private final Keys keys;
    private final Clock clock;

    IdTokens(OpenIdSettings settings, Keys keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Whom a token is about.
     *
     * @param nonce that its sign-in began with
     * @return empty when it is not what the provider issued for this service and this sign-in, now; why is logged
     */
    Optional<OpenIdUser> user(String token, String nonce) {
        try {
            var claims = new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(ALGORITHMS)
                    .setVerificationKeyResolver((signed, around) -> key(signed))
                    .setExpectedIssuer(settings.issuer())
                    .setExpectedAudience(settings.clientId())
                    .setRequireSubject()
                    .setRequireExpirationTime()
                    .setRequireIssuedAt()
                    .setIssuedAtRestrictions(0, OLDEST_SECONDS)
                    .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                    .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                    .build()
                    .processToClaims(token);
            return isForUs(claims, nonce) ? user(claims) : Optional.empty();
        } catch (InvalidJwtException refused) {
            // Its message has the token.
            return refuse("errors "
                    + refused.getErrorDetails().stream()
                            .map(ErrorCodeValidator.Error::getErrorCode)
                            .toList());
        } catch (MalformedClaimException refused) {
            return refuse("a claim is of the wrong type");
        }
    }

    private boolean isForUs(JwtClaims claims, String nonce) throws MalformedClaimException {
        var named = claims.getStringClaimValue("nonce");
        if (named == null || !MessageDigest.isEqual(utf8(named), utf8(nonce))) {
            refuse("its nonce is another sign-in's");
            return false;
        }
        var party = claims.getStringClaimValue("azp");
        if (party == null ? claims.getAudience().size() > 1 : !party.equals(settings.clientId())) {
            refuse("its azp is not this client");
            return false;
        }
        return true;
    }

    private Optional<OpenIdUser> user(JwtClaims claims) throws MalformedClaimException {
        var name = claims.getStringClaimValue(settings.userClaim());
        if (name == null || !NAME.matcher(name).matches()) {
            return refuse("the claim " + settings.userClaim() + " is missing, or has unusual characters");
        }
        return Optional.of(new OpenIdUser(name, settings.rolesOf(texts(claims.getClaimValue(settings.rolesClaim())))));
    }

    private static Collection<String> texts(Object claim) {
        var texts = new ArrayList<String>();
        for (var value : claim instanceof Collection<?> many ? many : List.of(claim == null ? "" : claim)) {
            if (value instanceof String text) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static Optional<OpenIdUser> refuse(String reason) {
        LOG.log(System.Logger.Level.WARNING, "An ID token was refused: " + reason);
        return Optional.empty();
    }

    private Key key(JsonWebSignature signed) throws UnresolvableKeyException {
        try {
            var selector = new VerificationJwkSelector();
            var known = selector.select(signed, keys.known());
            var key = known == null ? selector.select(signed, keys.refreshed()) : known;
            if (key == null) {
                throw new UnresolvableKeyException("The provider has no such key");
            }
            return key.getKey();
        } catch (JoseException malformed) {
            throw new UnresolvableKeyException("The provider's keys are of no use", malformed);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
