package org.countersign.signer.activation;

import java.time.Clock;
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
            + " from unnest(a.remaining, cast(:take as integer[])) with ordinality as u(r, t, i))"
            + " where a.id = :id and a.expires_at > :now and not exists"
            + " (select 1 from unnest(a.remaining, cast(:take as integer[])) as u(r, t) where r < t)";

    private static final String GIVE_BACK = "update activation a set remaining ="
            + " (select array_agg(r + t order by i)"
            + " from unnest(a.remaining, cast(:take as integer[])) with ordinality as u(r, t, i))"
            + " where a.id = :id";

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
        return sessions.fromSession(session -> session.createSelectionQuery(
                        "select a, c from Activation a join Credential c on c.id = a.credentialId"
                                + " where a.id = :id and a.clientId = :client"
                                + " and c.tenant = :tenant and c.seat = :seat",
                        Object[].class)
                .setParameter("id", id)
                .setParameter("client", clientId)
                .setParameter("tenant", seat.tenant())
                .setParameter("seat", seat.seat())
                .setReadOnly(true)
                .uniqueResultOptional()
                .map(row -> new Found((Activation) row[0], (Credential) row[1])));
    }

    /** @return whether this call may sign: false when it is used up or expired, and then nothing was taken */
    public boolean take(UUID id, int[] take) {
        return sessions.fromTransaction(session -> session.createNativeMutationQuery(TAKE)
                        .setParameter("id", id)
                        .setParameter("take", literal(take))
                        .setParameter("now", clock.instant())
                        .executeUpdate())
                == 1;
    }

    /** Undoes {@link #take} after a failure in which no signature came into being. */
    public void giveBack(UUID id, int[] take) {
        sessions.inTransaction(session -> session.createNativeMutationQuery(GIVE_BACK)
                .setParameter("id", id)
                .setParameter("take", literal(take))
                .executeUpdate());
    }

    /** Forgets what has expired. */
    public int purge() {
        return sessions.fromTransaction(
                session -> session.createMutationQuery("delete from Activation where expiresAt < :now")
                        .setParameter("now", clock.instant())
                        .executeUpdate());
    }

    private static String literal(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
