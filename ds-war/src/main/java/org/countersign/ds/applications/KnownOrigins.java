package org.countersign.ds.applications;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.server.persistence.Statements;

/** The origins of each organisation's applications, read again after some seconds: devices ask at each call. */
public final class KnownOrigins {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final String ORIGINS = "select coalesce(array_agg(distinct origin order by origin), array[]::text[])"
            + " from application, unnest(origins) origin where organisation_id = ?";

    private final Statements statements;
    private final Clock clock;
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    private record Known(List<String> origins, Instant at) {}

    public KnownOrigins(Statements statements, Clock clock) {
        this.statements = statements;
        this.clock = clock;
    }

    /** In their order as text, each once. */
    public List<String> of(UUID organisation) {
        var kept = known.get(organisation);
        return isFresh(kept)
                ? kept.origins()
                // One reads; who asks at that moment waits for it.
                : known.compute(organisation, (id, present) -> isFresh(present) ? present : read(id))
                        .origins();
    }

    private boolean isFresh(Known kept) {
        return kept != null && clock.instant().isBefore(kept.at().plus(FRESH));
    }

    private Known read(UUID organisation) {
        var now = clock.instant();
        return new Known(origins(organisation), now);
    }

    private List<String> origins(UUID organisation) {
        return statements
                .first(ORIGINS, statement -> statement.setObject(1, organisation), row -> texts(row.getArray(1)))
                .orElse(List.of());
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
