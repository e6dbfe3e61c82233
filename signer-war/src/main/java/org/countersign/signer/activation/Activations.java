package org.countersign.signer.activation;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.factors.FactorAttempts;
import org.hibernate.SessionFactory;

/** Stored activations. Taking from one is a single statement, so that of equal calls on any number of nodes one wins. */
public final class Activations {

    /**
     * Lowers every number at once, or none: the row is locked by the update, and PostgreSQL looks at the condition again
     * with the numbers that a concurrent call left. Everything a signature depends on and that may change between reading
     * and this is a condition here: numbers, time, the credential's lock and its key, as of the beginning of this statement. So it
     * does not matter how long ago the activation was read.
     */
    private static final String TAKE = "update activation a set remaining ="
            + " (select array_agg(r - t order by i)"
            + " from unnest(a.remaining, ?::integer[]) with ordinality as u(r, t, i))"
            + " where a.id = ? and a.expires_at > ? and not exists"
            + " (select 1 from unnest(a.remaining, ?::integer[]) as u(r, t) where r < t)"
            + " and exists (select 1 from credential c where c.id = a.credential_id and c.failures < ?"
            + " and c.key_id is not distinct from ?)";

    private static final String GIVE_BACK = "update activation a set remaining ="
            + " (select array_agg(r + t order by i)"
            + " from unnest(a.remaining, ?::integer[]) with ordinality as u(r, t, i))"
            + " where a.id = ?";

    private static final String FIND =
            "select a.id as activation_id, a.client_id, a.hashes, a.remaining, a.expires_at, "
                    + Credential.COLUMNS
                    + " from activation a join credential c on c.id = a.credential_id"
                    + " where a.id = ? and a.client_id = ? and c.tenant = ? and c.seat = ?";

    /** Stored only if the factors are accepted, by the same statement. */
    private static final String ADD = "with accepted as (" + FactorAttempts.ACCEPT + " returning id)"
            + " insert into activation (id, credential_id, client_id, hashes, remaining, expires_at)"
            + " select ?, id, ?, ?, ?::integer[], ? from accepted";

    /**
     * Ends one and stores another in its place: only if the numbers are still those that were read, so that nothing is signed
     * twice, and under the conditions of {@link #TAKE}. The lock has an act of the holder that ends authorizations wait until it
     * sees the new one, or this wait until there is none left to extend.
     */
    private static final String EXTEND = "with ended as (update activation a"
            + " set remaining = array_fill(0, array[cardinality(a.remaining)])"
            + " where a.id = ? and a.expires_at > ? and a.remaining = ?::integer[]"
            + " and exists (select 1 from credential c where c.id = a.credential_id and c.failures < ?"
            + " and c.key_id is not distinct from ? for share) returning credential_id)"
            + " insert into activation (id, credential_id, client_id, hashes, remaining, expires_at)"
            + " select ?, credential_id, ?, ?, ?::integer[], ? from ended";

    private final SessionFactory sessions;
    private final Statements statements;
    private final Clock clock;
    private final RecentActivations recent = new RecentActivations();

    public Activations(Database database, Clock clock) {
        this.sessions = database.sessions();
        this.statements = database.statements();
        this.clock = clock;
    }

    /** An activation and the credential it is for, as they were when they were read. */
    public record Found(Activation activation, Credential credential) {

        /** Whether a SAD is of this activation and the credential the one that was named. */
        public boolean isOf(Sad sad, String credentialId) {
            return credential.id().toString().equals(credentialId)
                    && MessageDigest.isEqual(activation.binding(), sad.binding());
        }
    }

    /**
     * Takes the right factors and stores what they authorize, both or nothing.
     *
     * @param credential as it was read for this authorization
     * @return false when the factors are not to be accepted: locked, stopped, or an OTP that was used before
     */
    public boolean add(Activation activation, Credential credential, FactorAttempts.Acceptance accepted) {
        boolean added = statements.update(ADD, statement -> {
                    int next = accepted.bind(statement, 1);
                    statement.setObject(next++, activation.id());
                    statement.setString(next++, activation.clientId());
                    statement.setArray(next++, statement.getConnection().createArrayOf("bytea", activation.hashes()));
                    statement.setString(next++, literal(activation.remaining()));
                    statement.setObject(next, activation.expiresAt().atOffset(ZoneOffset.UTC));
                })
                == 1;
        if (added) {
            recent.remember(new Found(activation, credential));
        }
        return added;
    }

    /**
     * As {@link #find}, without asking the database: what this node stored or took from a moment ago. What it says of the
     * credential's lock and of the numbers left is not to be relied on; {@link #take} decides.
     */
    public Optional<Found> recent(UUID id, String clientId, SeatName seat) {
        return recent.get(id)
                .filter(found -> found.activation().clientId().equals(clientId)
                        && found.credential().seat().equals(seat));
    }

    /** @return empty when there is none, or it is of another client or seat */
    public Optional<Found> find(UUID id, String clientId, SeatName seat) {
        return statements.first(
                FIND,
                statement -> {
                    statement.setObject(1, id);
                    statement.setString(2, clientId);
                    statement.setString(3, seat.tenant());
                    statement.setString(4, seat.seat());
                },
                Activations::read);
    }

    /**
     * Decides whether this call may sign.
     *
     * @param maxFailures at which the credential is locked
     * @return false when it is used up or expired, or the credential is locked or has another key; then nothing was taken
     */
    public boolean take(Found found, int[] take, int maxFailures) {
        var numbers = literal(take);
        boolean taken = statements.update(TAKE, statement -> {
                    statement.setString(1, numbers);
                    statement.setObject(2, found.activation().id());
                    statement.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setString(4, numbers);
                    statement.setInt(5, maxFailures);
                    statement.setObject(6, found.credential().keyId(), Types.OTHER);
                })
                == 1;
        if (taken) {
            recent.remember(found);
        } else {
            forget(found);
        }
        return taken;
    }

    /**
     * Puts an activation in the place of another.
     *
     * @param found as it was just read
     * @param maxFailures at which the credential is locked
     * @return false when it was signed with meanwhile or has expired, or the credential is locked or has another key; then
     *     nothing changed
     */
    public boolean extend(Found found, Activation extended, int maxFailures) {
        boolean done = statements.update(EXTEND, statement -> {
                    statement.setObject(1, found.activation().id());
                    statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setString(3, literal(found.activation().remaining()));
                    statement.setInt(4, maxFailures);
                    statement.setObject(5, found.credential().keyId(), Types.OTHER);
                    statement.setObject(6, extended.id());
                    statement.setString(7, extended.clientId());
                    statement.setArray(8, statement.getConnection().createArrayOf("bytea", extended.hashes()));
                    statement.setString(9, literal(extended.remaining()));
                    statement.setObject(10, extended.expiresAt().atOffset(ZoneOffset.UTC));
                })
                == 1;
        forget(found);
        if (done) {
            recent.remember(new Found(extended, found.credential()));
        }
        return done;
    }

    /** Has it read anew the next time. */
    public void forget(Found found) {
        recent.forget(found.activation().id());
    }

    /** Undoes {@link #take} after a failure in which no signature came into being. */
    public void giveBack(UUID id, int[] take) {
        statements.update(GIVE_BACK, statement -> {
            statement.setString(1, literal(take));
            statement.setObject(2, id);
        });
    }

    /** Ends every authorization of a credential, and what waits for its holder's approval; to be part of the transaction of what asks for it, after it changed the row. */
    public static void endAll(Connection connection, UUID credentialId) throws SQLException {
        for (var table : List.of("approval", "activation")) {
            try (var statement = connection.prepareStatement("delete from " + table + " where credential_id = ?")) {
                statement.setObject(1, credentialId);
                statement.executeUpdate();
            }
        }
    }

    /** Forgets what has expired. */
    public int purge() {
        recent.forgetBefore(clock.instant());
        return sessions.fromTransaction(
                session -> session.createMutationQuery("delete from Activation where expiresAt < :now")
                        .setParameter("now", clock.instant())
                        .executeUpdate());
    }

    private static Found read(ResultSet row) throws SQLException {
        var credential = Credential.read(row);
        var remaining = (Integer[]) row.getArray("remaining").getArray();
        var activation = Activation.of(
                row.getObject("activation_id", UUID.class),
                credential.id(),
                row.getString("client_id"),
                (byte[][]) row.getArray("hashes").getArray(),
                Arrays.stream(remaining).mapToInt(Integer::intValue).toArray(),
                row.getTimestamp("expires_at").toInstant());
        return new Found(activation, credential);
    }

    static String literal(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
