package org.countersign.wallet.assertions;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.oauth2.JwtTime;

/**
 * Verifies wallets' assertions (RFC 7523 §3), signed by the key that their claim {@code jwk} names. Whatever is wrong, the refusal is
 * the same.
 */
public final class AssertionVerifier {

    /** In characters. */
    public static final int LONGEST_INITIALISATION = 24_576;

    private static final int LONGEST = 8_192;
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Pattern ID = Pattern.compile("[!-~]{8,128}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** A login, or the thumbprint of a key. */
    private static final Pattern ISSUER = Pattern.compile("[!-~]{1,254}");

    private final String audience;
    private final Clock clock;
    private final Es256 es256;

    /** @param audience the context's public address */
    public AssertionVerifier(URI audience, Clock clock, Es256 es256) {
        this.audience = audience.toString();
        this.clock = clock;
        this.es256 = es256;
    }

    /** @throws ProtocolException {@code invalid_client} when anything is wrong with it */
    public Assertion verify(String text) {
        return verify(text, LONGEST);
    }

    /**
     * One that has what a device says of a key, too.
     *
     * @throws ProtocolException {@code invalid_client} when anything is wrong with it
     */
    public Assertion verifyInitialisation(String text) {
        return verify(text, LONGEST_INITIALISATION);
    }

    private Assertion verify(String text, int longest) {
        return CompactJws.verifyAssertion(text, longest, es256)
                // RFC 7523 §3 (3): this provider, and nobody beside
                .filter(jws -> audience.equals(jws.claims().get("aud"))
                        || List.of(audience).equals(jws.claims().get("aud")))
                // (4) to (6)
                .filter(this::isOfNow)
                // (7); the nonce decides whether it was seen before
                .filter(jws ->
                        jws.text("jti").filter(jti -> ID.matcher(jti).matches()).isPresent())
                .flatMap(AssertionVerifier::assertion)
                .orElseThrow(AssertionVerifier::refused);
    }

    private static Optional<Assertion> assertion(CompactJws jws) {
        var issuer = jws.text("iss").filter(iss -> ISSUER.matcher(iss).matches());
        var nonce = jws.text("nonce").filter(text -> NONCE.matcher(text).matches());
        var pin = jws.text("salted_pin_code").filter(Assertion::isSaltedPin);
        return issuer.isPresent() && nonce.isPresent() && pin.isPresent()
                ? Optional.of(new Assertion(jws, issuer.get(), nonce.get(), pin.get()))
                : Optional.empty();
    }

    private boolean isOfNow(CompactJws jws) {
        var issued = JwtTime.of(jws.claims().get("iat"));
        var expiry = JwtTime.of(jws.claims().get("exp"));
        var now = clock.instant();
        return issued.isPresent()
                && expiry.isPresent()
                && JwtTime.hasBegun(jws.claims(), now.plus(SKEW))
                && isOfNow(issued.get(), expiry.get(), now);
    }

    private static boolean isOfNow(Instant issued, Instant expiry, Instant now) {
        return expiry.isAfter(issued)
                && !expiry.isAfter(issued.plus(LONGEST_LIFE))
                && !issued.isAfter(now.plus(SKEW))
                && now.isBefore(expiry.plus(SKEW));
    }

    /** The one answer for all that may be wrong with an assertion, its user, key or PIN. */
    public static ProtocolException refused() {
        return new ProtocolException(WalletError.INVALID_CLIENT, "The assertion was not accepted");
    }
}
