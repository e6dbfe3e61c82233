package org.countersign.signer.activation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.factors.FactorAttempts;

/**
 * What holders are asked to approve, one question a credential at a time. Each step is one statement, so that of answers and
 * of calls for the SAD on any number of nodes one decides; what was approved becomes an activation by the statement that
 * uses the approval up.
 */
public final class Approvals {

    /** Takes the factors whatever comes of the rest; a question whose time is over gives way. */
    private static final String ASK = "with accepted as (" + FactorAttempts.ACCEPT + " returning id, key_id),"
            + " stored as (insert into approval as p (id, credential_id, key_id, client_id, hashes, remaining, content,"
            + " state, asked_at, expires_at) select ?, id, key_id, ?, ?, ?::integer[], ?, 'PENDING', ?, ? from accepted"
            + " on conflict (credential_id) where state = 'PENDING' do update set id = excluded.id,"
            + " key_id = excluded.key_id, client_id = excluded.client_id, hashes = excluded.hashes,"
            + " remaining = excluded.remaining, content = excluded.content, asked_at = excluded.asked_at,"
            + " expires_at = excluded.expires_at where p.expires_at <= excluded.asked_at returning id)"
            + " select (select count(*) from accepted) as accepted, (select count(*) from stored) as stored";

    private static final String PENDING = "select id, client_id, content, expires_at from approval"
            + " where credential_id = ? and state = 'PENDING' and expires_at > ?";

    private static final String WITHDRAW = "delete from approval where id = ? and state = 'PENDING'";

    /** The first answer decides; the client has its time to fetch what was approved. */
    private static final String ANSWER = "update approval set state = ?, expires_at = ? where id = ? and content = ?"
            + " and state = 'PENDING' and expires_at > ?";

    private static final String ANSWERED = "select p.client_id, p.credential_id, p.content, p.state, p.used_at,"
            + " p.expires_at, c.tenant, c.seat from approval p join credential c on c.id = p.credential_id where p.id = ?";

    /** Under the conditions of {@link Activations#take}; the lock is as that of {@link Activations#extend}. */
    private static final String USE = "with used as (update approval p set used_at = ? where p.id = ?"
            + " and p.client_id = ? and p.state = 'APPROVED' and p.used_at is null and p.expires_at > ?"
            + " and exists (select 1 from credential c where c.id = p.credential_id and c.failures < ?"
            + " and c.key_id is not distinct from p.key_id and c.key_id is not distinct from ? for share)"
            + " returning p.id, p.credential_id, p.client_id, p.hashes, p.remaining)"
            + " insert into activation (id, credential_id, client_id, hashes, remaining, expires_at)"
            + " select id, credential_id, client_id, hashes, remaining, ? from used";

    private static final String PURGE = "delete from approval where expires_at < ?";
    private static final Duration KEPT = Duration.ofHours(1);

    private final Statements statements;
    private final Clock clock;

    public Approvals(Database database, Clock clock) {
        this.statements = database.statements();
        this.clock = clock;
    }

    /** How a question stands. */
    public enum State {
        PENDING,
        APPROVED,
        REFUSED
    }

    /** A stored one, and whose it is. */
    record Stored(
            String clientId,
            UUID credentialId,
            SeatName seat,
            byte[] content,
            State state,
            boolean isUsed,
            Instant expiresAt) {}

    /** A question that waits already. */
    record Waiting(UUID id, Instant expiresAt) {}

    /** What came of asking; with neither, another question waits. */
    record Asked(boolean isAccepted, boolean isStored) {}

    /** @param text as the holder is shown it */
    static byte[] content(Activation activation, SeatName seat, String text) {
        var digest = DigestUtils.getSha256Digest();
        for (var part : new String[] {
            activation.credentialId().toString(), activation.clientId(), seat.tenant(), seat.seat(), text
        }) {
            update(digest, part.getBytes(StandardCharsets.UTF_8));
        }
        for (int number : activation.remaining()) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        }
        for (byte[] hash : activation.hashes()) {
            update(digest, hash);
        }
        return digest.digest();
    }

    private static void update(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    /** Takes the right factors and stores the question, unless another one waits. */
    Asked ask(Activation activation, byte[] content, FactorAttempts.Acceptance accepted, Instant expiresAt) {
        return statements
                .first(
                        ASK,
                        statement -> {
                            int next = accepted.bind(statement, 1);
                            statement.setObject(next++, activation.id());
                            statement.setString(next++, activation.clientId());
                            statement.setArray(
                                    next++, statement.getConnection().createArrayOf("bytea", activation.hashes()));
                            statement.setString(next++, Activations.literal(activation.remaining()));
                            statement.setBytes(next++, content);
                            statement.setObject(next++, clock.instant().atOffset(ZoneOffset.UTC));
                            statement.setObject(next, expiresAt.atOffset(ZoneOffset.UTC));
                        },
                        row -> new Asked(row.getInt("accepted") == 1, row.getInt("stored") == 1))
                .orElseThrow();
    }

    /** The question of this client about the very same, if that is the one that waits. */
    Optional<Waiting> waiting(UUID credentialId, String clientId, byte[] content) {
        return statements
                .first(
                        PENDING,
                        statement -> {
                            statement.setObject(1, credentialId);
                            statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
                        },
                        row -> row.getString("client_id").equals(clientId)
                                        && MessageDigest.isEqual(row.getBytes("content"), content)
                                ? Optional.of(new Waiting(
                                        row.getObject("id", UUID.class),
                                        row.getTimestamp("expires_at").toInstant()))
                                : Optional.<Waiting>empty())
                .flatMap(waiting -> waiting);
    }

    /** Takes back a question that nobody was asked. */
    void withdraw(UUID id) {
        statements.update(WITHDRAW, statement -> statement.setObject(1, id));
    }

    /**
     * Decides.
     *
     * @param until when the client has to have fetched what was approved
     * @return false when it was answered before, is over, or the answer is about something else
     */
    boolean answer(UUID id, byte[] content, State state, Instant until) {
        return statements.update(ANSWER, statement -> {
                    statement.setString(1, state.name());
                    statement.setObject(2, until.atOffset(ZoneOffset.UTC));
                    statement.setObject(3, id);
                    statement.setBytes(4, content);
                    statement.setObject(5, clock.instant().atOffset(ZoneOffset.UTC));
                })
                == 1;
    }

    Optional<Stored> find(UUID id) {
        return statements.first(ANSWERED, statement -> statement.setObject(1, id), Approvals::read);
    }

    /**
     * Makes what was approved an activation.
     *
     * @param maxFailures at which the credential is locked
     * @return false when it is not approved, used or over, or the credential is locked or has another key
     */
    boolean use(UUID id, String clientId, Credential credential, int maxFailures, Instant expiresAt) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        return statements.update(USE, statement -> {
                    statement.setObject(1, now);
                    statement.setObject(2, id);
                    statement.setString(3, clientId);
                    statement.setObject(4, now);
                    statement.setInt(5, maxFailures);
                    statement.setObject(6, credential.keyId(), Types.OTHER);
                    statement.setObject(7, expiresAt.atOffset(ZoneOffset.UTC));
                })
                == 1;
    }

    /** Forgets what is long over. */
    public void purge() {
        statements.update(
                PURGE,
                statement -> statement.setObject(1, clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC)));
    }

    private static Stored read(ResultSet row) throws SQLException {
        return new Stored(
                row.getString("client_id"),
                row.getObject("credential_id", UUID.class),
                new SeatName(row.getString("seat"), row.getString("tenant")),
                row.getBytes("content"),
                State.valueOf(row.getString("state")),
                row.getTimestamp("used_at") != null,
                row.getTimestamp("expires_at").toInstant());
    }
}
