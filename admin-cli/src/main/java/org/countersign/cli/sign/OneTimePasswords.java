package org.countersign.cli.sign;

import java.time.Clock;
import java.time.Duration;
import org.apache.commons.codec.binary.Base32;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.otp.Totp;
import org.countersign.core.specification.Rfc6238;

/** Reads one-time passwords off the authenticator, waiting for the next when the current one was used already. */
final class OneTimePasswords {

    private static final long POLL_MILLIS = 250;

    /** A password and the time step it belongs to. */
    record OneTimePassword(String value, long step) {}

    private final Clock clock;
    private final Terminal terminal;

    OneTimePasswords(Clock clock, Terminal terminal) {
        this.clock = clock;
        this.terminal = terminal;
    }

    /** @param secret in base32, as the server shows it */
    OneTimePassword next(String secret, long lastStep) {
        if (Totp.stepAt(clock.instant()) <= lastStep) {
            long began = System.nanoTime();
            // Not while the clock was set back by hours: then the server decides.
            var longest = Rfc6238.TIME_STEP.multipliedBy(2);
            while (Totp.stepAt(clock.instant()) <= lastStep) {
                var waited = Duration.ofNanos(System.nanoTime() - began);
                if (waited.compareTo(longest) > 0 || Thread.currentThread().isInterrupted()) {
                    break;
                }
                terminal.progress("A one-time password counts once; waiting for the next", waited);
                Daemon.pause(POLL_MILLIS);
            }
        }
        long step = Totp.stepAt(clock.instant());
        return new OneTimePassword(Totp.passwordAt(new Base32().decode(secret), step), step);
    }
}
