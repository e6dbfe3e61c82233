package org.countersign.signer.acts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.countersign.server.persistence.Database;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorAttempts.Acceptance;
import org.hibernate.SessionFactory;

/**
 * Acts upon stored credentials, each decided by one statement that says whether this call did it. In the same transaction the
 * authorizations end that were given before: what was stored before the row changed is seen by then, and nothing can be stored by
 * the former factors or the former state afterwards.
 */
public final class ActedCredentials {

    private static final String OUT_OF_SERVICE = Integer.toString(FactorAttempts.OUT_OF_SERVICE);

    /** Who asked for a new OTP may be the one that the holder, or an administrator, is now shutting out. */
    private static final String NO_NEW_OTP = ", new_otp_secret = null, new_otp_at = null";

    private static final String CHANGE_PIN =
            byHolder("pin = ?, failures = " + FactorAttempts.BEGIN + NO_NEW_OTP, "'ACTIVE', 'SUSPENDED'");

    private static final String ADD_NEW_OTP =
            byHolder("new_otp_secret = ?, new_otp_at = ?, failures = " + FactorAttempts.BEGIN, "'ACTIVE', 'SUSPENDED'");

    /** The password is one of the new secret, of which none was used: the step of the former one is of no meaning. */
    private static final String REPLACE_OTP = "update credential set otp_secret = ?, otp_last_step = ?,"
            + " failures = " + FactorAttempts.BEGIN + NO_NEW_OTP
            + " where id = ? and failures < ? + " + FactorAttempts.BEGIN + " and not " + FactorAttempts.THROTTLED
            + " and otp_secret = ? and new_otp_secret = ? and state in ('ACTIVE', 'SUSPENDED')";

    private static final String SUSPEND =
            byHolder("state = 'SUSPENDED', failures = " + OUT_OF_SERVICE + NO_NEW_OTP, "'ACTIVE'");

    private static final String RESUME = byHolder("state = 'ACTIVE', failures = 0", "'SUSPENDED'");

    private static final String REVOKED =
            "state = 'REVOKED', revoked_at = ?, revocation_reason = ?" + NO_NEW_OTP + ", failures = ";

    private static final String REVOKE =
            byHolder(REVOKED + OUT_OF_SERVICE, "'ACTIVE', 'SUSPENDED', 'SUSPENDED_BY_ADMINISTRATOR'");

    /** What an administrator does leaves the count as it is: only right factors, or unlocking, set it back. */
    private static final String SUSPEND_BY_ADMINISTRATOR =
            "update credential set state = 'SUSPENDED_BY_ADMINISTRATOR', failures = failures - (" + FactorAttempts.BEGIN
                    + ") + " + OUT_OF_SERVICE + NO_NEW_OTP + ", " + FactorAttempts.NO_CODE
                    + " where id = ? and state in ('ACTIVE', 'SUSPENDED')";

    /** A version that knows of no codes may have suspended it. */
    private static final String RESUME_BY_ADMINISTRATOR =
            "update credential set state = 'ACTIVE', failures = failures - " + OUT_OF_SERVICE + ", "
                    + FactorAttempts.NO_CODE + " where id = ? and state in ('SUSPENDED', 'SUSPENDED_BY_ADMINISTRATOR')";

    private static final String REVOKE_BY_ADMINISTRATOR = "update credential set " + REVOKED + "failures - ("
            + FactorAttempts.BEGIN + ") + " + OUT_OF_SERVICE + ", " + FactorAttempts.NO_CODE
            + " where id = ? and state <> 'REVOKED'";

    private final SessionFactory sessions;
    private final Clock clock;

    public ActedCredentials(Database database, Clock clock) {
        this.sessions = database.sessions();
        this.clock = clock;
    }

    private static String byHolder(String set, String states) {
        return "update credential set otp_last_step = greatest(otp_last_step, ?), " + FactorAttempts.NO_CODE + ", "
                + set
                + " where "
                + FactorAttempts.ACCEPTED + " and state in (" + states + ")";
    }

    /** @param storedPin takes the place of the present one */
    public boolean changePin(Acceptance accepted, String storedPin) {
        return byHolder(
                CHANGE_PIN,
                accepted,
                (statement, next) -> {
                    statement.setString(next, storedPin);
                    return next + 1;
                },
                this::dropRenewal);
    }

    /** @param sealed waits to take the place of the present one; what waited before waits no more */
    public boolean addNewOtp(Acceptance accepted, byte[] sealed) {
        return byHolder(ADD_NEW_OTP, accepted, (statement, next) -> {
            statement.setBytes(next, sealed);
            statement.setObject(next + 1, clock.instant().atOffset(ZoneOffset.UTC));
            return next + 2;
        });
    }

    /**
     * @param confirmed with the step of the new secret's password
     * @param waiting what was confirmed
     * @param sealed the same, as it takes the place of the present one
     */
    public boolean replaceOtp(Acceptance confirmed, byte[] waiting, byte[] sealed) {
        var credential = confirmed.credential();
        return changes(
                REPLACE_OTP,
                credential.id(),
                statement -> {
                    statement.setBytes(1, sealed);
                    statement.setLong(2, confirmed.otpStep());
                    statement.setObject(3, credential.id());
                    statement.setInt(4, confirmed.maxFailures());
                    int next = confirmed.throttle().bind(statement, 5);
                    statement.setBytes(next, credential.otpSecret().orElse(null));
                    statement.setBytes(next + 1, waiting);
                },
                this::dropRenewal);
    }

    public boolean suspend(Acceptance accepted) {
        return byHolder(SUSPEND, accepted, (statement, next) -> next, this::dropRenewal);
    }

    public boolean resume(Acceptance accepted) {
        return byHolder(RESUME, accepted, (statement, next) -> next);
    }

    public boolean revoke(Acceptance accepted, RevocationReason reason) {
        return byHolder(
                REVOKE, accepted, (statement, next) -> bindRevocation(statement, next, reason), this::dropRenewal);
    }

    /** By an administrator; also one that its holder suspended, who can not resume it from then on. */
    public boolean suspend(UUID id) {
        return changes(SUSPEND_BY_ADMINISTRATOR, id, statement -> statement.setObject(1, id), this::dropRenewal);
    }

    /** By an administrator. */
    public boolean resume(UUID id) {
        return changes(RESUME_BY_ADMINISTRATOR, id, statement -> statement.setObject(1, id));
    }

    /** By an administrator. */
    public boolean revoke(UUID id, RevocationReason reason) {
        return changes(
                REVOKE_BY_ADMINISTRATOR,
                id,
                statement -> statement.setObject(bindRevocation(statement, 1, reason), id),
                this::dropRenewal);
    }

    private int bindRevocation(PreparedStatement statement, int first, RevocationReason reason) throws SQLException {
        Instant now = clock.instant();
        statement.setObject(first, now.atOffset(ZoneOffset.UTC));
        statement.setString(first + 1, reason.name());
        return first + 2;
    }

    /** Sets parameters from a number on, and says which comes next. */
    @FunctionalInterface
    private interface Setting {
        int bind(PreparedStatement statement, int first) throws SQLException;
    }

    @FunctionalInterface
    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** What else an act does, in its transaction. */
    @FunctionalInterface
    private interface Consequence {
        void of(Connection connection, UUID id) throws SQLException;
    }

    /** As of a new OTP: who asked for it may be the one that is now shut out. */
    private void dropRenewal(Connection connection, UUID id) throws SQLException {
        Renewals.drop(connection, id, clock.instant());
    }

    private boolean byHolder(String sql, Acceptance accepted, Setting set) {
        return byHolder(sql, accepted, set, (connection, id) -> {});
    }

    private boolean byHolder(String sql, Acceptance accepted, Setting set, Consequence consequence) {
        return changes(
                sql,
                accepted.credential().id(),
                statement -> {
                    statement.setLong(1, accepted.otpStep());
                    accepted.bindCondition(statement, set.bind(statement, 2));
                },
                consequence);
    }

    private boolean changes(String sql, UUID id, Binding binding) {
        return changes(sql, id, binding, (connection, changed) -> {});
    }

    private boolean changes(String sql, UUID id, Binding binding, Consequence consequence) {
        return sessions.fromTransaction(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
            }
            Activations.endAll(connection, id);
            consequence.of(connection, id);
            return true;
        }));
    }
}
