package org.countersign.cli.sign;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/** Time-based one-time passwords, RFC 6238, in the form every authenticator app makes: SHA-1, 6 digits, 30 seconds. */
final class Totp {

    /** RFC 6238 §4.1, X. */
    static final Duration STEP = Duration.ofSeconds(30);

    private static final int MODULUS = 1_000_000;

    private final SecretKeySpec key;

    /** @param secret in base32, as the server shows it */
    Totp(String secret) {
        this.key = new SecretKeySpec(new Base32().decode(secret), "HmacSHA1");
    }

    /** RFC 6238 §4.2: the number of time steps since 1970. */
    static long stepAt(Instant time) {
        return time.getEpochSecond() / STEP.toSeconds();
    }

    /** RFC 4226 §5.3 with the step as counter. */
    String password(long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(key);
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            int truncated = ByteBuffer.wrap(hash).getInt(offset) & 0x7fff_ffff;
            return String.format(Locale.ROOT, "%06d", truncated % MODULUS);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
