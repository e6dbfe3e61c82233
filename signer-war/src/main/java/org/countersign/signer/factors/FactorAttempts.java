package org.countersign.signer.factors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/**
 * Counts wrong factors in the database, per credential and per client. A factor is compared first and the answer then
 * decided by one statement: whoever comes after the limit is told "locked", whether the guess was right or wrong, so that
 * parallel guesses get no extra tries.
 */
public final class FactorAttempts {

    private static final String COUNT_FOR_CREDENTIAL =
            "update credential set failures = failures + 1 where id = :id and failures < :max returning failures";

    private static final String COUNT_FOR_CLIENT =
            "insert into client_throttle as t (client_id, window_start, failures)"
                    + " values (:client, :now, 1) on conflict (client_id) do update set"
                    + " window_start = case when t.window_start < :begin then excluded.window_start else t.window_start end,"
                    + " failures = case when t.window_start < :begin then 1 else t.failures + 1 end"
                    + " where t.failures < :max or t.window_start < :begin";

    private static final String NOT_THROTTLED = "not exists (select 1 from client_throttle"
            + " where client_id = :client and failures >= :clientMax and window_start >= :begin)";

    private static final String RIGHT = "update credential set failures = 0,"
            + " otp_last_step = greatest(otp_last_step, :step)"
            + " where id = :id and failures < :max and (:step = 0 or otp_last_step < :step) and " + NOT_THROTTLED;

    private final SessionFactory sessions;
    private final Clock clock;
    private final int clientMax;
    private final Duration window;
    /**
     * @param clientMax wrong factors of one client, over all credentials, within the window
     */
    public FactorAttempts(SessionFactory sessions, Clock clock, int clientMax, Duration window) {
        this.sessions = sessions;
        this.clock = clock;
        this.clientMax = clientMax;
        this.window = window;
    }

    /**
     * Counts a wrong factor.
     *
     * @return whether it was the one that locks the credential
     * @throws ProtocolException {@code credential_locked} or {@code slow_down}, when it came after a limit; then it is
     *     not counted and the caller must not be told whether it was right
     */
    public boolean wrong(UUID credentialId, String clientId, int maxFailures) {
        var now = clock.instant();
        return sessions.fromTransaction(session -> {
            int client = session.createNativeMutationQuery(COUNT_FOR_CLIENT)
                    .setParameter("client", clientId)
                    .setParameter("now", now)
                    .setParameter("begin", now.minus(window))
                    .setParameter("max", clientMax)
                    .executeUpdate();
            if (client == 0) {
                throw throttled();
            }
            var failures = session.createNativeQuery(COUNT_FOR_CREDENTIAL, Integer.class)
                    .setParameter("id", credentialId)
                    .setParameter("max", maxFailures)
                    .uniqueResultOptional()
                    .orElseThrow(FactorAttempts::locked);
            return failures == maxFailures;
        });
    }

    /**
     * Takes right factors: sets the count back and uses up the OTP's time step, inside the caller's transaction.
     *
     * @param otpStep the time step the OTP belongs to, or 0 without OTP
     * @return false when the credential is locked, the client stopped, or the OTP was used before
     */
    public boolean right(Session session, UUID credentialId, String clientId, int maxFailures, long otpStep) {
        return session.createNativeMutationQuery(RIGHT)
                        .setParameter("id", credentialId)
                        .setParameter("step", otpStep)
                        .setParameter("max", maxFailures)
                        .setParameter("client", clientId)
                        .setParameter("clientMax", clientMax)
                        .setParameter("begin", begin())
                        .executeUpdate()
                == 1;
    }

    /** Whether the client's wrong factors stop it now. */
    public boolean isThrottled(String clientId) {
        return !sessions.fromSession(session -> session.createNativeQuery("select " + NOT_THROTTLED, Boolean.class)
                .setParameter("client", clientId)
                .setParameter("clientMax", clientMax)
                .setParameter("begin", begin())
                .getSingleResult());
    }

    public static ProtocolException locked() {
        return new ProtocolException(SignerError.CREDENTIAL_LOCKED, "The credential is locked");
    }

    private Instant begin() {
        return clock.instant().minus(window);
    }

    ProtocolException throttled() {
        return ProtocolException.retryAfter(
                OAuth2Error.SLOW_DOWN, "The client sent too many wrong factors; try again later", window);
    }
}
