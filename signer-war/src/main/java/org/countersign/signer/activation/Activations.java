package org.countersign.signer.activation;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.core.oauth2.SeatName;
import org.countersign.signer.credentials.Credential;
import org.hibernate.SessionFactory;

/** Stored activations. Taking from one is a single statement, so that of equal calls on any number of nodes one wins. */
public final class Activations {

    /**
     * Lowers every number at once, or none: the row is locked by the update, and PostgreSQL looks at the condition again
     * with the numbers that a concurrent call left.
     */
    private static final String TAKE = "update activation a set remaining ="
            + " (select array_agg(r - t order by i)"
            + " from unnest(a.remaining, ?::integer[]) with ordinality as u(r, t, i))"
            + " where a.id = ? and a.expires_at > ? and not exists"
            + " (select 1 from unnest(a.remaining, ?::integer[]) as u(r, t) where r < t)";

    private static final String GIVE_BACK = "update activation a set remaining ="
            + " (select array_agg(r + t order by i)"
            + " from unnest(a.remaining, ?::integer[]) with ordinality as u(r, t, i))"
            + " where a.id = ?";

    private final SessionFactory sessions;
    private final Clock clock;

    public Activations(SessionFactory sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** An activation and the credential it is for. */
    public record Found(Activation activation, Credential credential) {}

    /** @return empty when there is none, or it is of another client or seat */
    public Optional<Found> find(UUID id, String clientId, SeatName seat) {
        return sessions.fromStatelessSession(session -> session.createSelectionQuery(
                        "select a, c from Activation a join Credential c on c.id = a.credentialId"
                                + " where a.id = :id and a.clientId = :client"
                                + " and c.tenant = :tenant and c.seat = :seat",
                        Object[].class)
                .setParameter("id", id)
                .setParameter("client", clientId)
                .setParameter("tenant", seat.tenant())
                .setParameter("seat", seat.seat())
                .uniqueResultOptional()
                .map(row -> new Found((Activation) row[0], (Credential) row[1])));
    }

    /** @return whether this call may sign: false when it is used up or expired, and then nothing was taken */
    public boolean take(UUID id, int[] take) {
        var numbers = literal(take);
        return execute(TAKE, statement -> {
                    statement.setString(1, numbers);
                    statement.setObject(2, id);
                    statement.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setString(4, numbers);
                })
                == 1;
    }

    /** Undoes {@link #take} after a failure in which no signature came into being. */
    public void giveBack(UUID id, int[] take) {
        execute(GIVE_BACK, statement -> {
            statement.setString(1, literal(take));
            statement.setObject(2, id);
        });
    }

    /** Forgets what has expired. */
    public int purge() {
        return sessions.fromTransaction(
                session -> session.createMutationQuery("delete from Activation where expiresAt < :now")
                        .setParameter("now", clock.instant())
                        .executeUpdate());
    }

    /** One statement is its own transaction: autocommit, and one round trip. */
    private int execute(String sql, Binding binding) {
        return sessions.fromStatelessSession(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                return statement.executeUpdate();
            }
        }));
    }

    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private static String literal(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
