package org.countersign.server.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The table {@code audit_entry}, in plain JDBC: the appender's cost is counted in microseconds. */
final class EntryTable {

    /**
     * One statement, so one round trip: a transaction by itself, whose commit waits for the disk whatever the database's
     * default is. A stronger setting of the database stays.
     */
    private static final String INSERT = """
            WITH durable AS MATERIALIZED (
                SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true) AS setting)
            INSERT INTO audit_entry (chain, seq, at, type, outcome, client, tenant, seat, credential, details,
                previous, hash)
            SELECT ?, e.seq, e.at::timestamptz, e.type, e.outcome, e.client, e.tenant, e.seat, e.credential,
                e.details::json, e.previous, e.hash
            FROM durable, unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::bytea[], ?::bytea[]) AS e (seq, at, type, outcome, client, tenant, seat,
                credential, details, previous, hash)
            WHERE durable.setting IS NOT NULL""";

    private static final String SELECT = "SELECT chain, seq, at, type, outcome, client, tenant, seat, credential,"
            + " details, previous, hash FROM audit_entry ";

    /** Rows held in memory at a time while reading. */
    private static final int FETCH = 1000;

    private EntryTable() {}

    /**
     * Inserts and commits.
     *
     * @param entries of one chain
     */
    static void insert(Connection connection, List<ChainedEntry> entries) throws SQLException {
        connection.setAutoCommit(true);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, entries.get(0).chain());
            insert.setArray(2, connection.createArrayOf("int8", column(entries, ChainedEntry::seq)));
            texts(insert, 3, entries, entry -> entry.at().toString());
            texts(insert, 4, entries, ChainedEntry::type);
            texts(insert, 5, entries, ChainedEntry::outcome);
            texts(insert, 6, entries, ChainedEntry::client);
            texts(insert, 7, entries, ChainedEntry::tenant);
            texts(insert, 8, entries, ChainedEntry::seat);
            texts(insert, 9, entries, ChainedEntry::credential);
            texts(insert, 10, entries, ChainedEntry::details);
            hashes(insert, 11, entries, ChainedEntry::previous);
            hashes(insert, 12, entries, ChainedEntry::hash);
            insert.executeUpdate();
        }
    }

    static Optional<ChainedEntry> entry(Connection connection, UUID chain, long seq) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE chain = ? AND seq = ?")) {
            select.setObject(1, chain);
            select.setLong(2, seq);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
            }
        }
    }

    /** The entries of one chain after {@code seq} and up to {@code last}, in order; few, or in a transaction. */
    static void after(Connection connection, UUID chain, long seq, long last, Consumer<ChainedEntry> reader)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + "WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq")) {
            select.setObject(1, chain);
            select.setLong(2, seq);
            select.setLong(3, last);
            read(select, reader);
        }
    }

    /** Every entry, chain by chain and in order. Needs an open transaction, else the driver reads all at once. */
    static void all(Connection connection, Consumer<ChainedEntry> reader) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + "ORDER BY chain, seq")) {
            read(select, reader);
        }
    }

    private static void read(PreparedStatement select, Consumer<ChainedEntry> reader) throws SQLException {
        select.setFetchSize(FETCH);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                reader.accept(entry(rows));
            }
        }
    }

    private static ChainedEntry entry(ResultSet row) throws SQLException {
        var at = row.getObject(3, OffsetDateTime.class);
        return new ChainedEntry(
                Optional.ofNullable(row.getObject(1, UUID.class)).orElse(new UUID(0, 0)),
                row.getLong(2),
                at == null ? null : at.toInstant(),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                hash(row, 11),
                hash(row, 12));
    }

    private static EntryHash hash(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : EntryHash.of(bytes);
    }

    private static void texts(
            PreparedStatement insert, int index, List<ChainedEntry> entries, Function<ChainedEntry, String> column)
            throws SQLException {
        insert.setArray(index, insert.getConnection().createArrayOf("text", column(entries, column)));
    }

    private static void hashes(
            PreparedStatement insert, int index, List<ChainedEntry> entries, Function<ChainedEntry, EntryHash> column)
            throws SQLException {
        var values = new byte[entries.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(entries.get(i)).bytes();
        }
        insert.setArray(index, insert.getConnection().createArrayOf("bytea", values));
    }

    private static Object[] column(List<ChainedEntry> entries, Function<ChainedEntry, ?> column) {
        return entries.stream().map(column).toArray();
    }
}
