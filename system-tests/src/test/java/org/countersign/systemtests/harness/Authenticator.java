package org.countersign.systemtests.harness;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * A holder's authenticator (RFC 6238). A server accepts the neighbours of the current time step, each once, so that three
 * passwords can follow each other without waiting; then the next step is waited for.
 */
public final class Authenticator {

    private static final long STEP_MILLIS = 30_000;
    private static final long NEARLY_OVER = 25_000;

    private final byte[] secret;
    private final Duration ahead;
    private long lastStep;

    /** @param secret in base32 */
    public Authenticator(String secret) {
        this(secret, Duration.ZERO);
    }

    /** @param ahead of the machine's clock */
    public Authenticator(String secret, Duration ahead) {
        this.secret = new Base32().decode(secret);
        this.ahead = ahead;
    }

    /** A password that was not given before. */
    public synchronized String next() {
        while (true) {
            long now = System.currentTimeMillis() + ahead.toMillis();
            long current = now / STEP_MILLIS;
            // The step before is about to be too old at the end of the current one.
            long oldest = now % STEP_MILLIS > NEARLY_OVER ? current : current - 1;
            long step = Math.max(lastStep + 1, oldest);
            if (step <= current + 1) {
                lastStep = step;
                return at(step);
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** Six digits that no time step near now has. */
    public String wrong() {
        long current = (System.currentTimeMillis() + ahead.toMillis()) / STEP_MILLIS;
        for (int candidate = 0; ; candidate++) {
            var text = String.format(Locale.ROOT, "%06d", candidate);
            boolean right = false;
            for (long step = current - 3; step <= current + 3; step++) {
                right |= at(step).equals(text);
            }
            if (!right) {
                return text;
            }
        }
    }

    private String at(long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int code = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & 0x7fff_ffff;
            return String.format(Locale.ROOT, "%06d", code % 1_000_000);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
