package org.countersign.ds.transactions;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.ds.devices.Device;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** The transactions of devices. */
public final class Transactions {

    /**
     * Sorted, so that two calls with the same ones do not wait for each other in a circle. Devices forget what was
     * answered and no entry of the audit log follows, so this one commit waits for the disk.
     */
    private static final String ADD = "insert into device_transaction (device_id, id, organisation_id, label, module,"
            + " use_case, tag, tx_date, received_at)"
            + " select ?, t.id, ?, t.label, t.module, t.use_case, t.tag, t.tx_date::timestamptz, ?"
            + " from unnest(?, ?, ?, ?, ?, ?) as t (id, label, module, use_case, tag, tx_date),"
            + " (select set_config('synchronous_commit', 'on', true)) as durable"
            + " order by t.id on conflict (device_id, id) do nothing";

    private static final String LIST = "select device_id, id, organisation_id, label, module, use_case, tag, tx_date,"
            + " received_at from device_transaction";
    private static final int MOST_DAYS = 1_000;
    private static final Duration ONE_DAY = Duration.ofDays(1);
    private static final Duration DAYS = Duration.ofDays(60);

    private final Statements statements;
    private final Clock clock;

    public Transactions(Statements statements, Clock clock) {
        this.statements = statements;
        this.clock = clock;
    }

    /** One that is stored. */
    record Stored(
            UUID device,
            String id,
            UUID organisation,
            String label,
            String module,
            String useCase,
            String tag,
            OffsetDateTime txDate,
            OffsetDateTime receivedAt) {}

    /** @param day in UTC */
    record Day(String day, long count) {}

    /**
     * Stores those that are new.
     *
     * @param reports checked
     * @return how many those are
     */
    public int add(Device device, List<TransactionReport> reports) {
        if (reports.isEmpty()) {
            return 0;
        }
        var now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        return statements.update(ADD, statement -> {
            statement.setObject(1, device.id());
            statement.setObject(2, device.organisation());
            statement.setObject(3, now);
            statement.setArray(4, texts(statement, reports, TransactionReport::id));
            statement.setArray(5, texts(statement, reports, TransactionReport::label));
            statement.setArray(6, texts(statement, reports, TransactionReport::module));
            statement.setArray(7, texts(statement, reports, TransactionReport::useCase));
            statement.setArray(8, texts(statement, reports, TransactionReport::tag));
            statement.setArray(
                    9, texts(statement, reports, report -> report.time().toString()));
        });
    }

    private static Array texts(
            PreparedStatement statement, List<TransactionReport> reports, Function<TransactionReport, String> member)
            throws SQLException {
        return statement
                .getConnection()
                .createArrayOf("text", reports.stream().map(member).toArray());
    }

    /** The newest first. */
    List<Stored> list(Filter filter, Page page) {
        return statements.all(
                LIST + filter.where() + " order by tx_date desc, device_id, id limit ? offset ?",
                statement -> filter.bind(statement, page),
                row -> new Stored(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getObject(3, UUID.class),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getObject(8, OffsetDateTime.class),
                        row.getObject(9, OffsetDateTime.class)));
    }

    /**
     * The newest first. Without an end they end tomorrow, as a device's clock may be wrong by years; without a beginning they are
     * 60: nobody who does not ask for it waits until the whole table is counted.
     *
     * @param from or null
     * @param to or null
     */
    List<Day> days(Filter filter, Instant from, Instant to) {
        var end = to == null ? clock.instant().plus(ONE_DAY).truncatedTo(ChronoUnit.DAYS) : to;
        filter.with("tx_date >= ?", from == null ? end.minus(DAYS) : from).with("tx_date < ?", end);
        return statements.all(
                "select to_char(tx_date at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) from device_transaction"
                        + filter.where() + " group by day order by day desc limit " + MOST_DAYS,
                filter::bind,
                row -> new Day(row.getString(1), row.getLong(2)));
    }

    /** @param lifetime counted from when they arrived */
    public void purge(Duration lifetime) {
        Batches.delete(
                statements, "device_transaction", "received_at", clock.instant().minus(lifetime));
    }
}
