package org.countersign.wallet.compatibility;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.oauth2.JwtTime;

/** Verifies what the shipped app asks for an attestation with, all but the nonce, which decides whether it was seen before. */
final class AttestationRequests {

    private static final String TYPE = "wiar+jwt";
    /** A constant of the app's, whichever provider it talks to. */
    private static final String AUDIENCE = "https://wallet-provider.altme.io";

    private static final Duration LONGEST_LIFE = Duration.ofSeconds(1_000);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Pattern ID = Pattern.compile("[!-~]{8,128}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final Clock clock;
    private final Es256 es256;

    AttestationRequests(Clock clock, Es256 es256) {
        this.clock = clock;
        this.es256 = es256;
    }

    /** @param key of which possession was proven */
    record Request(P256PublicKey key, String nonce) {}

    /** @return nothing when anything is wrong with it */
    Optional<Request> verify(String text) {
        return CompactJws.verifyConfirmed(text, TYPE, es256)
                .filter(jws -> jws.text("iss").equals(Optional.of(thumbprint(jws.key()))))
                .filter(jws -> AUDIENCE.equals(jws.claims().get("aud")))
                .filter(jws ->
                        jws.text("jti").filter(jti -> ID.matcher(jti).matches()).isPresent())
                .filter(this::isOfNow)
                .flatMap(jws -> jws.text("nonce")
                        .filter(nonce -> NONCE.matcher(nonce).matches())
                        .map(nonce -> new Request(jws.key(), nonce)));
    }

    /** As the app writes it: in the alphabet of base64, without padding. */
    private static String thumbprint(P256PublicKey key) {
        return new String(Base64.getEncoder().withoutPadding().encode(key.thumbprint()), StandardCharsets.US_ASCII);
    }

    private boolean isOfNow(CompactJws jws) {
        var issued = JwtTime.of(jws.claims().get("iat"));
        var expiry = JwtTime.of(jws.claims().get("exp"));
        var now = clock.instant();
        return issued.isPresent()
                && expiry.isPresent()
                && expiry.get().isAfter(issued.get())
                && !expiry.get().isAfter(issued.get().plus(LONGEST_LIFE))
                && !issued.get().isAfter(now.plus(SKEW))
                && JwtTime.hasBegun(jws.claims(), now.plus(SKEW))
                && now.isBefore(expiry.get().plus(SKEW));
    }
}
