package org.countersign.server.persistence;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Deletes what is old, some rows at a time: no statement holds locks for long, and another node's are passed over. */
public final class Batches {

    private static final int ROWS = 1_000;
    /** Two million in one go: more than one node takes in between two. */
    private static final int MOST = 2_000;

    private Batches() {}

    /**
     * @param table a constant of ours
     * @param column a column of times that has an index, with conditions in front of it, if any
     * @return how many rows
     */
    public static int delete(Statements statements, String table, String column, Instant before) {
        var sql = "delete from " + table + " where ctid = any(array(select ctid from " + table + " where " + column
                + " < ? limit " + ROWS + " for update skip locked))";
        int all = 0;
        for (int batch = 0; batch < MOST; batch++) {
            int deleted = statements.update(
                    sql, statement -> statement.setObject(1, OffsetDateTime.ofInstant(before, ZoneOffset.UTC)));
            all += deleted;
            if (deleted < ROWS) {
                break;
            }
        }
        return all;
    }
}
