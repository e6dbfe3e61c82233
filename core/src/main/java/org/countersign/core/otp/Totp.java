package org.countersign.core.otp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.specification.Rfc6238;

/** Time-based one-time passwords: HMAC-SHA-1, 6 digits, 30 s (RFC 6238 with RFC 4226 §5.3). */
public final class Totp {

    private static final int MODULUS = 1_000_000;

    private Totp() {}

    /** The number of time steps since 1970. */
    public static long stepAt(Instant time) {
        return time.getEpochSecond() / Rfc6238.TIME_STEP.toSeconds();
    }

    /** The password of one time step. */
    public static String passwordAt(byte[] secret, long step) {
        var message = ByteBuffer.allocate(Long.BYTES).putLong(step).array();
        var mac = new HmacUtils(HmacAlgorithms.HMAC_SHA_1, secret).hmac(message);
        // RFC 4226 §5.3: dynamic truncation
        int offset = mac[mac.length - 1] & 0x0f;
        int code = ByteBuffer.wrap(mac, offset, Integer.BYTES).getInt() & 0x7fff_ffff;
        return String.format(Locale.ROOT, "%0" + Rfc6238.DIGITS + "d", code % MODULUS);
    }

    /**
     * The step a password belongs to, among the current one and its neighbours (RFC 6238 §5.2). Every candidate is
     * compared, each in constant time.
     */
    public static OptionalLong matchingStep(byte[] secret, String password, Instant now) {
        var given = password.getBytes(StandardCharsets.UTF_8);
        long current = stepAt(now);
        var match = OptionalLong.empty();
        for (long step = current - Rfc6238.WINDOW_STEPS; step <= current + Rfc6238.WINDOW_STEPS; step++) {
            var expected = passwordAt(secret, step).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(expected, given)) {
                match = OptionalLong.of(step);
            }
        }
        return match;
    }
}
