package org.countersign.ds.modules;

import java.net.URI;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.files.Signing;
import org.countersign.server.persistence.Database;
import org.countersign.server.web.Page;

/**
 * Descriptions of cards by their answer to reset, everyone's and organisations' own. A map in force is a JWS of type
 * {@code countersign-atrs+jwt} with {@code atrs}: {@code [{atr, description[]}]}, the most specific first. Everyone's list
 * is long; it is in memory once, whatever number of organisations there is.
 */
public final class Atrs {

    /** The map's {@code typ}. */
    public static final String TYPE = "countersign-atrs+jwt";

    private static final String WHAT = "atrs";
    private static final int BATCH = 500;

    private final Database database;
    private final Revisions revisions;
    private final SignedMaps signed;
    private final Entropy entropy;
    private final ConcurrentMap<Optional<UUID>, Read> read = new ConcurrentHashMap<>();

    private record Read(long revision, AtrMap map) {}

    public Atrs(Database database, Signing signing, URI issuer, Entropy entropy, Clock clock) {
        this.database = database;
        this.revisions = new Revisions(database.statements());
        this.signed = new SignedMaps(TYPE, "atrs", signing, issuer, clock);
        this.entropy = entropy;
    }

    /**
     * What an import did.
     *
     * @param entries in the list
     * @param changed entries that were added or replaced
     * @param removed entries that an earlier list had and this one has not
     * @param skipped patterns of the list that are not understood
     */
    public record Imported(int entries, int changed, int removed, int skipped) {}

    /** The map in force: an organisation's own entries, or everyone's. */
    SignedMap inForce(Optional<UUID> owner) {
        long revision = revisions.now(WHAT);
        return signed.get(owner, revision, () -> map(owner, revision).claims());
    }

    /** What a card is, to an organisation or to everyone. @param atr in capitals, without spaces */
    Optional<AtrEntry> find(String atr, Optional<UUID> viewer) {
        long revision = revisions.now(WHAT);
        var everyones = map(Optional.empty(), revision).find(atr);
        var own = viewer.flatMap(organisation -> map(viewer, revision).find(atr));
        return Stream.of(own, everyones).flatMap(Optional::stream).min(AtrMap.MOST_SPECIFIC_FIRST);
    }

    private AtrMap map(Optional<UUID> owner, long revision) {
        return read.compute(
                        owner,
                        (key, known) -> known != null && known.revision() >= revision
                                ? known
                                : new Read(revision, new AtrMap(entries(owner))))
                .map();
    }

    private List<AtrEntry> entries(Optional<UUID> owner) {
        var select = "select id, organisation, pattern, imported, descriptions from atr_entry where organisation ";
        return owner.isPresent() ? query(select + "= ?", owner.get()) : query(select + "is null");
    }

    /** By pattern; the public list's entries only if asked for. */
    List<AtrEntry> list(boolean imported, Page page) {
        return query(
                "select id, organisation, pattern, imported, descriptions from atr_entry where imported = ?"
                        + " order by pattern, organisation nulls first offset ? limit ?",
                imported,
                page.first(),
                page.size());
    }

    private List<AtrEntry> query(String sql, Object... parameters) {
        return database.sessions()
                .fromSession(session -> session.doReturningWork(connection -> {
                    try (var statement = connection.prepareStatement(sql)) {
                        for (int i = 0; i < parameters.length; i++) {
                            statement.setObject(i + 1, parameters[i]);
                        }
                        var entries = new ArrayList<AtrEntry>();
                        try (var row = statement.executeQuery()) {
                            while (row.next()) {
                                entries.add(new AtrEntry(
                                        row.getObject(1, UUID.class),
                                        Optional.ofNullable(row.getObject(2, UUID.class)),
                                        AtrPattern.parse(row.getString(3)).orElseThrow(),
                                        row.getBoolean(4),
                                        List.of((String[]) row.getArray(5).getArray())));
                            }
                        }
                        return entries;
                    }
                }));
    }

    /** @throws ProtocolException {@code conflict} when the pattern has an entry there already */
    AtrEntry add(Optional<UUID> organisation, AtrPattern pattern, List<String> descriptions) {
        var entry = new AtrEntry(entropy.uuid(), organisation, pattern, false, descriptions);
        int added = database.sessions().fromTransaction(session -> {
            int rows = session.doReturningWork(connection -> {
                try (var statement = connection.prepareStatement(
                        "insert into atr_entry (id, organisation, pattern, imported, descriptions)"
                                + " values (?, ?, ?, false, ?) on conflict do nothing")) {
                    statement.setObject(1, entry.id());
                    statement.setObject(2, organisation.orElse(null), Types.OTHER);
                    statement.setString(3, pattern.text());
                    statement.setArray(4, array(connection, descriptions));
                    return statement.executeUpdate();
                }
            });
            if (rows > 0) {
                Revisions.changed(session, WHAT);
            }
            return rows;
        });
        if (added == 0) {
            throw new ProtocolException(DsError.CONFLICT, "The pattern has an entry already");
        }
        return entry;
    }

    /** @throws ProtocolException {@code not_found} */
    void replace(UUID id, List<String> descriptions) {
        change("update atr_entry set descriptions = ? where id = ? and not imported", id, descriptions);
    }

    /** @throws ProtocolException {@code not_found}, also for an entry of the public list, which imports decide on */
    void remove(UUID id) {
        change("delete from atr_entry where id = ? and not imported", id, null);
    }

    private void change(String sql, UUID id, List<String> descriptions) {
        int changed = database.sessions().fromTransaction(session -> {
            int rows = session.doReturningWork(connection -> {
                try (var statement = connection.prepareStatement(sql)) {
                    int position = 1;
                    if (descriptions != null) {
                        statement.setArray(position++, array(connection, descriptions));
                    }
                    statement.setObject(position, id);
                    return statement.executeUpdate();
                }
            });
            if (rows > 0) {
                Revisions.changed(session, WHAT);
            }
            return rows;
        });
        if (changed == 0) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "The entry was not found");
        }
    }

    /** Makes the public entries that are not an operator's equal to the list, in one transaction. */
    Imported importList(SmartcardList.Content list) {
        return database.sessions().fromTransaction(session -> {
            // Two imports at once: one after the other.
            session.createNativeQuery(
                            "select revision from catalogue_revision where what = '" + WHAT + "' for update",
                            Long.class)
                    .getSingleResult();
            var done = session.doReturningWork(connection -> importList(connection, list));
            if (done.changed() + done.removed() > 0) {
                Revisions.changed(session, WHAT);
            }
            return done;
        });
    }

    private Imported importList(Connection connection, SmartcardList.Content list) throws SQLException {
        int changed = 0;
        try (var statement = connection.prepareStatement(
                "insert into atr_entry (id, organisation, pattern, imported, descriptions) values (?, null, ?, true, ?)"
                        + " on conflict (pattern, imported) where organisation is null"
                        + " do update set descriptions = excluded.descriptions"
                        + " where atr_entry.descriptions is distinct from excluded.descriptions")) {
            int pending = 0;
            for (var entry : list.entries().entrySet()) {
                statement.setObject(1, entropy.uuid());
                statement.setString(2, entry.getKey().text());
                statement.setArray(3, array(connection, entry.getValue()));
                statement.addBatch();
                if (++pending == BATCH) {
                    changed += sum(statement.executeBatch());
                    pending = 0;
                }
            }
            changed += sum(statement.executeBatch());
        }
        try (var statement =
                connection.prepareStatement("delete from atr_entry where imported and pattern <> all (?)")) {
            statement.setArray(
                    1,
                    array(
                            connection,
                            list.entries().keySet().stream()
                                    .map(AtrPattern::text)
                                    .toList()));
            int removed = statement.executeUpdate();
            return new Imported(list.entries().size(), changed, removed, list.skipped());
        }
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += Math.max(count, 0);
        }
        return sum;
    }

    private static Array array(Connection connection, List<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
