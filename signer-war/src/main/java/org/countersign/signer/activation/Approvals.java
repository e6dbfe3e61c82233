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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.MessageCodes;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.gateway.Gateway;

/**
 * What holders are asked to approve, one question a credential at a time. Each step is one statement, so that of answers and
 * of calls for the SAD on any number of nodes one decides; what was approved becomes an activation by the statement that
 * uses the approval up.
 */
public final class Approvals {

    /**
     * Takes the factors whatever comes of the rest. A question whose time is over gives way, and one that was never sent and whose
     * sender must have gone. With it an activation is stored that authorizes nothing yet: what ends activations ends the
     * question, also by a version that knows of none.
     */
    private static final String ASK = "with accepted as (" + FactorAttempts.ACCEPT_FIRST + " returning id, key_id),"
            + " stored as (insert into approval as p (id, credential_id, key_id, client_id, hashes, remaining, content,"
            + " request, state, asked_at, expires_at)"
            + " select ?, id, key_id, ?, ?, ?::integer[], ?, ?, 'PENDING', ?, ? from accepted"
            + " on conflict (credential_id) where state = 'PENDING' do update set id = excluded.id,"
            + " key_id = excluded.key_id, client_id = excluded.client_id, hashes = excluded.hashes,"
            + " remaining = excluded.remaining, content = excluded.content, request = excluded.request, asked_at = excluded.asked_at,"
            + " sent_at = null, expires_at = excluded.expires_at where p.expires_at <= excluded.asked_at"
            + " or (p.sent_at is null and p.asked_at <= ? and p.request <> excluded.request)"
            + " returning id, credential_id, client_id, hashes, remaining),"
            + " held as (insert into activation (id, credential_id, client_id, hashes, remaining, expires_at)"
            + " select id, credential_id, client_id, hashes, array_fill(0, array[cardinality(remaining)]), ? from stored)"
            + " select (select count(*) from accepted) as accepted, (select count(*) from stored) as stored";

    private static final String PENDING = "select id, request, expires_at from approval"
            + " where credential_id = ? and state = 'PENDING' and expires_at > ?";

    private static final String WITHDRAW = "with gone as (delete from approval where id = ? and state = 'PENDING'"
            + " returning id) delete from activation a using gone where a.id = gone.id";

    private static final String SENT = "update approval set sent_at = ? where id = ? and sent_at is null";

    /** Of calls that find a question whose sender must have gone, one sends it. */
    private static final String SEND_AGAIN = "update approval set asked_at = ? where id = ? and state = 'PENDING'"
            + " and sent_at is null and asked_at <= ?";

    /** The first answer decides; the client has its time to fetch what was approved. */
    private static final String ANSWER = "update approval set state = ?, answer_code = ?, expires_at = ?"
            + " where id = ? and content = ? and state = 'PENDING' and expires_at > ?";

    private static final String ANSWERED = "select p.client_id, p.credential_id, p.content, p.state,"
            + " p.answer_code, p.used_at, p.expires_at, c.tenant, c.seat, c.configuration_id"
            + " from approval p join credential c on c.id = p.credential_id where p.id = ?";

    /**
     * Under the conditions of {@link Activations#take}; the lock is as that of {@link Activations#extend}. Only now all factors
     * are right, so only now the count is set back.
     */
    private static final String USE = "with used as (update approval p set used_at = ? where p.id = ?"
            + " and p.client_id = ? and p.state = 'APPROVED' and p.used_at is null and p.expires_at > ?"
            + " and exists (select 1 from credential c where c.id = p.credential_id and c.failures < ?"
            + " and c.key_id is not distinct from p.key_id and c.key_id is not distinct from ? for no key update)"
            + " and exists (select 1 from activation a where a.id = p.id)"
            + " returning p.id, p.credential_id, p.remaining),"
            + " counted as (update credential c set failures = 0 from used where c.id = used.credential_id)"
            + " update activation a set remaining = used.remaining, expires_at = ? from used where a.id = used.id";

    private static final String PURGE = "delete from approval where expires_at < ?";
    private static final Duration KEPT = Duration.ofHours(1);

    /** Longer than the gateway is waited for. */
    private static final Duration SENDING = Gateway.PATIENCE.multipliedBy(2);

    private final Statements statements;
    private final MessageCodes codes;
    private final Clock clock;

    /** @param codes under a key that is not in the database */
    public Approvals(Database database, MessageCodes codes, Clock clock) {
        this.statements = database.statements();
        this.codes = codes;
        this.clock = clock;
    }

    /** How a question stands. */
    public enum State {
        PENDING,
        APPROVED,
        REFUSED
    }

    /**
     * A stored one, and whose it is.
     *
     * @param isAuthentic whether a server of this company took the answer, to this question
     */
    record Stored(
            String clientId,
            UUID credentialId,
            SeatName seat,
            String configurationId,
            byte[] content,
            State state,
            boolean isAuthentic,
            boolean isUsed,
            Instant expiresAt) {}

    /** A question that waits already. */
    record Waiting(UUID id, byte[] request, Instant expiresAt) {}

    /** What came of asking; with neither, another question waits. */
    record Asked(boolean isAccepted, boolean isStored) {}

    /**
     * @param subject as the holder is shown it
     * @param text likewise
     */
    static byte[] content(Activation activation, SeatName seat, String subject, String text) {
        var digest = DigestUtils.getSha256Digest();
        for (var part : new String[] {
            activation.credentialId().toString(), activation.clientId(), seat.tenant(), seat.seat(), subject, text
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

    /**
     * Takes the right factors and stores the question, unless another one waits.
     *
     * @param request the digest of what makes two questions the same
     * @param expiresAt when it is too late for an answer
     * @param heldUntil when it is too late to fetch what was approved, at the latest
     */
    Asked ask(
            Activation activation,
            byte[] content,
            byte[] request,
            FactorAttempts.Acceptance accepted,
            Instant expiresAt,
            Instant heldUntil) {
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
                            statement.setBytes(next++, request);
                            statement.setObject(next++, clock.instant().atOffset(ZoneOffset.UTC));
                            statement.setObject(next++, expiresAt.atOffset(ZoneOffset.UTC));
                            statement.setObject(next++, unsentSince());
                            statement.setObject(next, heldUntil.atOffset(ZoneOffset.UTC));
                        },
                        row -> new Asked(row.getInt("accepted") == 1, row.getInt("stored") == 1))
                .orElseThrow();
    }

    /** The question that waits. */
    Optional<Waiting> waiting(UUID credentialId) {
        return statements.first(
                PENDING,
                statement -> {
                    statement.setObject(1, credentialId);
                    statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
                },
                row -> new Waiting(
                        row.getObject("id", UUID.class),
                        row.getBytes("request"),
                        row.getTimestamp("expires_at").toInstant()));
    }

    /** @return whether this call is to send a question that nobody sends any more */
    boolean mustSendAgain(UUID id) {
        return statements.update(SEND_AGAIN, statement -> {
                    statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setObject(2, id);
                    statement.setObject(3, unsentSince());
                })
                == 1;
    }

    /** The gateway has it. */
    void sent(UUID id) {
        statements.update(SENT, statement -> {
            statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            statement.setObject(2, id);
        });
    }

    private OffsetDateTime unsentSince() {
        return clock.instant().minus(SENDING).atOffset(ZoneOffset.UTC);
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
                    statement.setBytes(2, code(id, content, state));
                    statement.setObject(3, until.atOffset(ZoneOffset.UTC));
                    statement.setObject(4, id);
                    statement.setBytes(5, content);
                    statement.setObject(6, clock.instant().atOffset(ZoneOffset.UTC));
                })
                == 1;
    }

    Optional<Stored> find(UUID id) {
        return statements.first(ANSWERED, statement -> statement.setObject(1, id), row -> read(id, row));
    }

    /**
     * Makes what was approved an activation.
     *
     * @param maxFailures at which the credential is locked
     * @return false when it is not approved, used or over, its authorizations were ended, or the credential is locked or
     *     has another key
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

    private byte[] code(UUID id, byte[] content, State state) {
        return codes.of((id + " " + state + " " + Hex.encodeHexString(content)).getBytes(StandardCharsets.US_ASCII));
    }

    private Stored read(UUID id, ResultSet row) throws SQLException {
        var content = row.getBytes("content");
        var state = State.valueOf(row.getString("state"));
        var code = row.getBytes("answer_code");
        return new Stored(
                row.getString("client_id"),
                row.getObject("credential_id", UUID.class),
                new SeatName(row.getString("seat"), row.getString("tenant")),
                row.getString("configuration_id"),
                content,
                state,
                code != null && MessageDigest.isEqual(code, code(id, content, state)),
                row.getTimestamp("used_at") != null,
                row.getTimestamp("expires_at").toInstant());
    }
}
