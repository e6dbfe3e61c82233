package org.countersign.core.oauth2;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.specification.Rfc9449;

/**
 * A DPoP proof (RFC 9449 §4.2) that was found right for one request. Whether its key is the expected one, and whether its
 * identifier was seen before, is for the caller: both need a memory.
 *
 * @param id {@code jti}; remember it with the key's thumbprint, not the text of the proof, of which a signer can make many
 * @param nonce of the server, if there is one; whether it is one of this server is for the caller too
 * @param rememberUntil when no node would accept it any more
 */
public record DpopProof(P256PublicKey key, String id, Optional<String> nonce, Instant rememberUntil) {

    private static final Pattern ID = Pattern.compile("[!-~]{16,128}");
    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofSeconds(5);
    /** Nodes' clocks may differ: what one would accept for the last time the other still remembers. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    /**
     * What a request must have been.
     *
     * @param method as it was sent
     * @param address the public one of what was called, without query
     * @param token the access token that came with it
     * @param expiryAlone whether a proof with {@code exp} and without {@code iat} will do
     */
    public record Request(String method, URI address, Optional<String> token, boolean expiryAlone) {

        /** @throws IllegalArgumentException without a normal form of the address, which a missing {@code htu} would equal */
        public Request {
            if (normal(address).isEmpty()) {
                throw new IllegalArgumentException("Not an address with a host and without a user");
            }
        }
    }

    /**
     * RFC 9449 §4.3, clause by clause; that there is one header only (1) was seen before.
     *
     * @param text may be null
     * @return nothing when anything is wrong with it
     */
    public static Optional<DpopProof> verify(String text, Request request, Clock clock, Es256 es256) {
        // (2) to (7): a JWS with all that is required, by a public key in its header, of the type and an asymmetric
        // algorithm
        return CompactJws.verify(text, Rfc9449.TYPE, es256)
                // (8), (9)
                .filter(jws -> request.method().equals(jws.claims().get(Rfc9449.HTM)))
                .filter(jws -> jws.text(Rfc9449.HTU).flatMap(DpopProof::normal).equals(normal(request.address())))
                // (12) the token's digest; its key is the caller's to compare
                .filter(jws -> request.token().map(DpopProof::digest).equals(jws.text(Rfc9449.ATH))
                        || request.token().isEmpty())
                .flatMap(jws -> jws.text("jti")
                        .filter(jti -> ID.matcher(jti).matches())
                        // (11)
                        .flatMap(jti -> usableUntil(jws, request.expiryAlone(), clock.instant())
                                .map(until ->
                                        new DpopProof(jws.key(), jti, jws.text(Rfc9449.NONCE), until.plus(MARGIN)))));
    }

    private static Optional<Instant> usableUntil(CompactJws jws, boolean expiryAlone, Instant now) {
        var expiry = JwtTime.of(jws.claims().get("exp"));
        if (jws.claims().containsKey("exp")
                && (expiry.isEmpty() || !now.isBefore(expiry.get().plus(SKEW)))) {
            return Optional.empty();
        }
        // RFC 7519 §4.1.5
        if (!JwtTime.hasBegun(jws.claims(), now.plus(SKEW))) {
            return Optional.empty();
        }
        if (!jws.claims().containsKey("iat")) {
            return expiry.filter(until ->
                            expiryAlone && !until.isAfter(now.plus(LIFE).plus(SKEW)))
                    .map(until -> until.plus(SKEW));
        }
        return JwtTime.of(jws.claims().get("iat"))
                .filter(begin -> !begin.isAfter(now.plus(SKEW)))
                .map(begin -> begin.plus(LIFE).plus(SKEW))
                .filter(until -> !now.isAfter(until));
    }

    /** RFC 3986 §6.2.2 and §6.2.3, as far as RFC 9449 wants it: scheme and host without case, the default port, no query. */
    private static Optional<String> normal(String text) {
        try {
            return normal(new URI(text));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> normal(URI address) {
        if (address.getScheme() == null || address.getHost() == null || address.getRawUserInfo() != null) {
            return Optional.empty();
        }
        var scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        int port = address.getPort() < 0 ? usual : address.getPort();
        return Optional.of(
                scheme + "://" + address.getHost().toLowerCase(Locale.ROOT) + ":" + port + address.getRawPath());
    }

    /** {@code ath} of a token. */
    private static String digest(String token) {
        try {
            return Base64Url.encode(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
