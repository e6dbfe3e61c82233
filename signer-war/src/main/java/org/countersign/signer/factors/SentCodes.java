package org.countersign.signer.factors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.credentials.Credential;

/**
 * The code of each credential that was sent last. Whether one may be sent is decided by the statement that stores it, so that calls at
 * the same moment, on any number of nodes, send one.
 */
public final class SentCodes {

    private static final Duration WINDOW = Duration.ofHours(1);

    /** A new code takes the place of the one before. */
    private static final String STORE = "update credential set code_hash = ?, code_expires_at = ?, code_sent_at = ?,"
            + " codes_since = case when codes_since > ? then codes_since else ? end,"
            + " codes_sent = case when codes_since > ? then codes_sent + 1 else 1 end"
            + " where id = ? and state = ? and failures < ? + " + FactorAttempts.BEGIN
            + " and (code_sent_at is null or code_sent_at <= ?)"
            + " and (codes_since is null or codes_since <= ? or codes_sent < ?)";

    /** Not a newer one. */
    private static final String WITHDRAW = "update credential set " + FactorAttempts.NO_CODE
            + ", code_sent_at = null, codes_sent = codes_sent - ? where id = ? and code_hash = ?";

    private static final String SENT =
            "select code_sent_at, case when codes_sent >= ? then codes_since end as full_since"
                    + " from credential where id = ?";

    private final Statements statements;
    private final Clock clock;
    private final Duration pause;
    private final int perHour;

    /**
     * @param pause between two codes of a credential, at least
     * @param perHour codes of a credential within an hour, at most
     */
    public SentCodes(Database database, Clock clock, Duration pause, int perHour) {
        this.statements = database.statements();
        this.clock = clock;
        this.pause = pause;
        this.perHour = perHour;
    }

    /**
     * Stores what is going to be sent.
     *
     * @param credential as it was read; it has to be in the same state still
     * @return false when it is locked or in another state by now, or another code was sent too short a time ago, or too many
     */
    public boolean store(Credential credential, SentCode code, int maxFailures) {
        var now = clock.instant();
        var hour = utc(now.minus(WINDOW));
        return statements.update(STORE, statement -> {
                    statement.setBytes(1, code.hash());
                    statement.setObject(2, utc(code.end()));
                    statement.setObject(3, utc(now));
                    statement.setObject(4, hour);
                    statement.setObject(5, utc(now));
                    statement.setObject(6, hour);
                    statement.setObject(7, credential.id());
                    statement.setString(8, credential.state().name());
                    statement.setInt(9, maxFailures);
                    statement.setObject(10, utc(now.minus(pause)));
                    statement.setObject(11, hour);
                    statement.setInt(12, perHour);
                })
                == 1;
    }

    /**
     * Takes back a code that is not to be used.
     *
     * @param unsent whether it went to nobody for certain; else it stays counted for the hour
     */
    public void withdraw(UUID id, SentCode code, boolean unsent) {
        statements.update(WITHDRAW, statement -> {
            statement.setInt(1, unsent ? 1 : 0);
            statement.setObject(2, id);
            statement.setBytes(3, code.hash());
        });
    }

    /** How long it takes until the next code of a credential may be sent; zero when that is not what keeps it. */
    public Duration wait(UUID id) {
        var now = clock.instant();
        return statements
                .first(
                        SENT,
                        statement -> {
                            statement.setInt(1, perHour);
                            statement.setObject(2, id);
                        },
                        row -> longer(
                                remaining(now, row.getTimestamp("code_sent_at"), pause),
                                remaining(now, row.getTimestamp("full_since"), WINDOW)))
                .orElse(Duration.ZERO);
    }

    private static Duration remaining(Instant now, java.sql.Timestamp since, Duration least) {
        var left = since == null
                ? Duration.ZERO
                : Duration.between(now, since.toInstant().plus(least));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
