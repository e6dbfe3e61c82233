package org.countersign.server.issuing;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.hibernate.Session;

/** Table {@code signing_key}. Its index allows one current key and one next key; who comes second changes nothing. */
final class KeyTable {

    /** After what a retired key signed has expired: for clocks that go wrong, and for nodes that noticed late. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private static final String INSERT =
            "insert into signing_key (id, kid, algorithm, jwk, activation_salt, token_seconds, state, created_at,"
                    + " current_since) values ";
    private static final String FIRST =
            INSERT + "(?, ?, ?, ?, ?, ?, 'current', ?, ?), (?, ?, ?, ?, ?, ?, 'next', ?, null) on conflict do nothing";
    private static final String NEXT = INSERT + "(:id, :kid, :algorithm, :jwk, :salt, :seconds, 'next', :now, null)";
    private static final String PUBLISHED = "select " + StoredKey.COLUMNS + " from signing_key"
            + " where state <> 'retired' or retired_at + make_interval(secs => token_seconds) > ?"
            + " order by created_at, state";
    private static final String ALL =
            "select " + StoredKey.COLUMNS + " from signing_key order by created_at desc, state";
    private static final String EXPECT_LIFE =
            "update signing_key set token_seconds = ? where state <> 'retired' and token_seconds < ?";
    private static final String DESTROYABLE =
            "select id from signing_key" + " where state = 'retired' and destroyed_at is null and retired_at < ?";
    private static final String DESTROYED = "update signing_key set destroyed_at = ? where id = ?";

    private final Database database;
    private final Statements statements;

    KeyTable(Database database) {
        this.database = database;
        this.statements = database.statements();
    }

    /** @return whether these are the first ones; another node's stay */
    boolean addFirst(NewKey current, NewKey next, Duration longestLife, Instant now) {
        return statements.update(FIRST, statement -> {
                    int index = bind(statement, 1, current, longestLife, now);
                    statement.setTimestamp(index, Timestamp.from(now));
                    bind(statement, index + 1, next, longestLife, now);
                })
                > 0;
    }

    private static int bind(PreparedStatement statement, int first, NewKey key, Duration longestLife, Instant now)
            throws SQLException {
        int index = first;
        statement.setObject(index++, key.id());
        statement.setString(index++, key.kid());
        statement.setString(index++, key.algorithm().name());
        statement.setString(index++, key.jwk());
        statement.setBytes(index++, key.activationSalt());
        statement.setInt(index++, (int) longestLife.toSeconds());
        statement.setTimestamp(index++, Timestamp.from(now));
        return index;
    }

    /**
     * Makes the next key the current one, in one transaction.
     *
     * @param expected the kid of the key that is current
     * @return false when another one is by now; then nothing was changed
     */
    boolean rotate(String expected, NewKey next, Duration longestLife, Instant now) {
        return database.sessions().fromTransaction(session -> {
            int retired = session.createNativeMutationQuery("update signing_key set state = 'retired',"
                            + " retired_at = :now where state = 'current' and kid = :kid")
                    .setParameter("now", now)
                    .setParameter("kid", expected)
                    .executeUpdate();
            if (retired == 0) {
                return false;
            }
            session.createNativeMutationQuery(
                            "update signing_key set state = 'current', current_since = :now where state = 'next'")
                    .setParameter("now", now)
                    .executeUpdate();
            add(session, next, longestLife, now);
            return true;
        });
    }

    private static void add(Session session, NewKey next, Duration longestLife, Instant now) {
        session.createNativeMutationQuery(NEXT)
                .setParameter("id", next.id())
                .setParameter("kid", next.kid())
                .setParameter("algorithm", next.algorithm().name())
                .setParameter("jwk", next.jwk())
                .setParameter("salt", next.activationSalt())
                .setParameter("seconds", (int) longestLife.toSeconds())
                .setParameter("now", now)
                .executeUpdate();
    }

    /** A configuration may have become longer; what was signed under a former, longer one still counts. */
    void expectLife(Duration longestLife) {
        int seconds = (int) longestLife.toSeconds();
        statements.update(EXPECT_LIFE, statement -> {
            statement.setInt(1, seconds);
            statement.setInt(2, seconds);
        });
    }

    /** Current, next, and those retired whose tokens may live. */
    List<StoredKey> published(Instant now) {
        return statements.all(
                PUBLISHED, statement -> statement.setTimestamp(1, Timestamp.from(now.minus(MARGIN))), StoredKey::read);
    }

    /** The newest first. */
    List<StoredKey> all() {
        return statements.all(ALL, statement -> {}, StoredKey::read);
    }

    /** Keys that retired long enough ago for every node to have noticed. */
    List<UUID> destroyable(Instant now) {
        return statements.all(
                DESTROYABLE,
                statement -> statement.setTimestamp(1, Timestamp.from(now.minus(MARGIN))),
                row -> row.getObject(1, UUID.class));
    }

    void destroyed(UUID id, Instant now) {
        statements.update(DESTROYED, statement -> {
            statement.setTimestamp(1, Timestamp.from(now));
            statement.setObject(2, id);
        });
    }
}
