package org.countersign.signer.factors;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.credentials.Credential;
import org.hibernate.SessionFactory;

/**
 * Counts wrong factors in the database, per credential and per client. A factor is compared first and the answer then
 * decided by one statement: whoever comes after the limit is told "locked", whether the guess was right or wrong, so that
 * parallel guesses get no extra tries.
 */
public final class FactorAttempts {

    /**
     * Where the count of a credential begins that is not in service: beyond every maximum that it may be compared with, also by a
     * version that knows no such state.
     */
    public static final int OUT_OF_SERVICE = 1_000_000_000;

    /** Where a credential's count begins, in a statement. */
    public static final String BEGIN = "case when state = 'ACTIVE' then 0 else " + OUT_OF_SERVICE + " end";

    private static final String COUNT_FOR_CREDENTIAL = "update credential set failures = failures + 1 where id = :id"
            + " and failures < :max + " + BEGIN + " returning failures - (" + BEGIN + ")";

    private static final String COUNT_FOR_CLIENT =
            "insert into client_throttle as t (client_id, window_start, failures)"
                    + " values (:client, :now, 1) on conflict (client_id) do update set"
                    + " window_start = case when t.window_start < :begin then excluded.window_start else t.window_start end,"
                    + " failures = case when t.window_start < :begin then 1 else t.failures + 1 end"
                    + " where t.failures < :max or t.window_start < :begin";

    /** Whether the client's wrong factors stop it; the parameters are a {@link Throttle}'s. */
    public static final String THROTTLED =
            "exists (select 1 from client_throttle where client_id = ? and failures >= ? and window_start >= ?)";

    private static final String STILL_RIGHT = "(? = 0 or otp_last_step < ?) and not " + THROTTLED
            + " and pin is not distinct from ? and otp_secret is not distinct from ?"
            + " and (not ? or code_hash = ? and code_expires_at > ?)";

    /** A code that was sent is used up by whatever takes the factors. */
    public static final String NO_CODE = "code_hash = null";

    private static final String IS_THROTTLED = "select 1 where " + THROTTLED;

    /**
     * Accepts right factors: sets the count back and uses up the OTP's time step or the code that was sent, or changes nothing when the credential
     * is locked or out of service, the client stopped, the OTP was used before or has expired, or a factor, or the key that the factors open, is another by now than
     * the one that was compared. The parameters are an {@link Acceptance}'s.
     */
    public static final String ACCEPT = accepting("failures = 0, ");

    /** As {@link #ACCEPT}, where another factor is to follow: the count is not set back yet. The parameters are the same. */
    public static final String ACCEPT_FIRST = accepting("");

    /**
     * As {@link #ACCEPT}, but for the state and the key: the condition of a statement that does something else with right
     * factors. The parameters are those that {@link Acceptance#bindCondition} binds.
     */
    public static final String ACCEPTED = "id = ? and failures < ? + " + BEGIN + " and " + STILL_RIGHT;

    private static String accepting(String count) {
        return "update credential set " + count + NO_CODE + ", otp_last_step = greatest(otp_last_step, ?)"
                + " where id = ? and failures < ? and " + STILL_RIGHT + " and key_id is not distinct from ?";
    }

    private final SessionFactory sessions;
    private final Statements statements;
    private final Clock clock;
    private final int clientMax;
    private final Duration window;

    /** @param clientMax wrong factors of one client, over all credentials, within the window */
    public FactorAttempts(Database database, Clock clock, int clientMax, Duration window) {
        this.sessions = database.sessions();
        this.statements = database.statements();
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

    /** What {@link #THROTTLED} asks for, within another statement. */
    public record Throttle(String clientId, int clientMax, Instant begin) {

        /** @return the number of the parameter that comes next */
        public int bind(PreparedStatement statement, int first) throws SQLException {
            int next = first;
            statement.setString(next++, clientId);
            statement.setInt(next++, clientMax);
            statement.setObject(next++, begin.atOffset(ZoneOffset.UTC));
            return next;
        }
    }

    /**
     * What is accepted by {@link #ACCEPT}, within another statement.
     *
     * @param credential as it was when its factors were compared
     * @param otpStep the time step the OTP belongs to, or 0 without one of an authenticator
     * @param code the code that the OTP was compared with; empty where none was asked for, whatever may be left of one
     * @param now by which the code has not expired
     */
    public record Acceptance(
            Credential credential,
            long otpStep,
            Optional<SentCode> code,
            int maxFailures,
            Throttle throttle,
            Instant now) {

        /** @return the number of the parameter that comes next */
        public int bind(PreparedStatement statement, int first) throws SQLException {
            int next = first;
            statement.setLong(next++, otpStep);
            next = bindCondition(statement, next);
            statement.setObject(next++, credential.keyId(), Types.OTHER);
            return next;
        }

        /** @return the number of the parameter that comes next */
        public int bindCondition(PreparedStatement statement, int first) throws SQLException {
            int next = first;
            statement.setObject(next++, credential.id());
            statement.setInt(next++, maxFailures);
            statement.setLong(next++, otpStep);
            statement.setLong(next++, otpStep);
            next = throttle.bind(statement, next);
            statement.setString(next++, credential.storedPin().orElse(null));
            statement.setBytes(next++, credential.otpSecret().orElse(null));
            statement.setBoolean(next++, code.isPresent());
            statement.setBytes(next++, code.map(SentCode::hash).orElse(null));
            statement.setObject(next++, now.atOffset(ZoneOffset.UTC));
            return next;
        }
    }

    public Throttle throttle(String clientId) {
        return new Throttle(clientId, clientMax, clock.instant().minus(window));
    }

    /** @param right how the factors compared */
    public Acceptance accept(Credential credential, String clientId, int maxFailures, CheckFactors.Right right) {
        return accept(credential, clientId, maxFailures, right.otpStep(), right.code());
    }

    /** Without a code that was sent. */
    public Acceptance accept(Credential credential, String clientId, int maxFailures, long otpStep) {
        return accept(credential, clientId, maxFailures, otpStep, Optional.empty());
    }

    private Acceptance accept(
            Credential credential, String clientId, int maxFailures, long otpStep, Optional<SentCode> code) {
        return new Acceptance(credential, otpStep, code, maxFailures, throttle(clientId), clock.instant());
    }

    /** Whether the client's wrong factors stop it now. */
    public boolean isThrottled(String clientId) {
        return statements
                .first(IS_THROTTLED, statement -> throttle(clientId).bind(statement, 1), row -> true)
                .isPresent();
    }

    public static ProtocolException locked() {
        return new ProtocolException(SignerError.CREDENTIAL_LOCKED, "The credential is locked");
    }

    ProtocolException throttled() {
        return ProtocolException.retryAfter(
                OAuth2Error.SLOW_DOWN, "The client sent too many wrong factors; try again later", window);
    }
}
