package org.countersign.core.oauth2;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.specification.Rfc9449;

/**
 * A proof that the sender of one request holds a key (RFC 9449 §4.2): a JWS by the key in its header, over method, address,
 * time and an identifier. Whether the key is the expected one, and whether the identifier was seen before, is for the
 * caller: both need a memory.
 *
 * @param id {@code jti}; remember it with the key's thumbprint, not the text of the proof, of which a signer can make many
 * @param issuedAt {@code iat}
 */
public record ProofJwt(P256PublicKey key, String id, Instant issuedAt, CompactJws jws) {

    private static final Pattern ID = Pattern.compile("[!-~]{16,128}");
    /** The last second of the year 9999. */
    private static final long LATEST = 253_402_300_799L;

    /** Why a proof is none. */
    public enum Refusal {
        /** Not in the form, by another algorithm, with a bad key, or not signed by it. */
        MALFORMED,
        /** For another method or address. */
        OTHER_REQUEST,
        /** Too old, or not yet good: one of the two clocks is wrong. */
        TIME
    }

    /** Thrown for {@link Refusal}. */
    public static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final Refusal reason;

        RefusedException(Refusal reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }

        public Refusal reason() {
            return reason;
        }
    }

    /**
     * What a kind of proof has to be like.
     *
     * @param type {@code typ} of its header
     * @param window how far its time may be from the clock's, to both sides
     * @param es256 who does the mathematics
     */
    public record Rules(String type, Duration window, Clock clock, Es256 es256) {

        /**
         * @param text the proof as it was sent; may be null
         * @param method of the request
         * @param address of the request as senders write it, compared as it stands
         */
        public ProofJwt verify(String text, String method, String address) throws RefusedException {
            var jws = CompactJws.verify(text, type, es256).orElseThrow(() -> new RefusedException(Refusal.MALFORMED));
            var id = jws.text("jti")
                    .filter(jti -> ID.matcher(jti).matches())
                    .orElseThrow(() -> new RefusedException(Refusal.MALFORMED));
            var issuedAt = issuedAt(jws);
            if (!method.equals(jws.text(Rfc9449.HTM).orElse(null))
                    || !address.equals(jws.text(Rfc9449.HTU).orElse(null))) {
                throw new RefusedException(Refusal.OTHER_REQUEST);
            }
            if (Duration.between(issuedAt, clock.instant()).abs().compareTo(window) > 0) {
                throw new RefusedException(Refusal.TIME);
            }
            return new ProofJwt(jws.key(), id, issuedAt, jws);
        }

        private static Instant issuedAt(CompactJws jws) throws RefusedException {
            if (jws.claims().get("iat") instanceof Number number
                    && number.doubleValue() >= 0
                    && number.doubleValue() <= LATEST) {
                return Instant.ofEpochSecond(number.longValue());
            }
            throw new RefusedException(Refusal.MALFORMED);
        }
    }
}
