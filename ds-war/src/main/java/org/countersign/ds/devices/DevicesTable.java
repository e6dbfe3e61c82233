package org.countersign.ds.devices;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** Devices as operators see them. */
public final class DevicesTable {

    private static final String COLUMNS = "id, organisation_id, version, os, architecture, host, status, modules,"
            + " consents, registered_at, last_seen_at, blocked_at";
    private static final String REPORT = "update device set last_seen_at = ?, status = coalesce(?, status),"
            + " modules = coalesce(?, modules), consents = coalesce(?, consents) where id = ?";

    /** Devices name theirs themselves. */
    private static final int MOST_VERSIONS = 1_000;

    private final Statements statements;
    private final Clock clock;
    private final Duration onlineFor;

    /** @param onlineFor how long after its last call a device counts as online */
    public DevicesTable(Statements statements, Clock clock, Duration onlineFor) {
        this.statements = statements;
        this.clock = clock;
        this.onlineFor = onlineFor;
    }

    /**
     * A row.
     *
     * @param modules as {@link #report} got them
     * @param blockedAt null when it is not
     */
    record Row(
            UUID id,
            UUID organisation,
            String version,
            String os,
            String architecture,
            String host,
            String status,
            String modules,
            Integer consents,
            OffsetDateTime registeredAt,
            OffsetDateTime lastSeenAt,
            OffsetDateTime blockedAt) {

        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getObject(9, Integer.class),
                    row.getObject(10, OffsetDateTime.class),
                    row.getObject(11, OffsetDateTime.class),
                    row.getObject(12, OffsetDateTime.class));
        }
    }

    /**
     * What a device says of itself.
     *
     * @param modules a line for each, its name and its version with a blank between; null leaves it as it is, like the others
     */
    public void report(Device device, String status, String modules, Integer consents) {
        statements.update(REPORT, statement -> {
            statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            statement.setString(2, status);
            statement.setString(3, modules);
            statement.setObject(4, consents, Types.INTEGER);
            statement.setObject(5, device.id());
        });
    }

    /** Those seen last first. */
    List<Row> list(Filter filter, Page page) {
        return statements.all(
                "select " + COLUMNS + " from device" + filter.where()
                        + " order by last_seen_at desc, id limit ? offset ?",
                statement -> filter.bind(statement, page),
                Row::read);
    }

    /** @param online of the devices */
    record Count(String version, String os, long devices, long online) {}

    /**
     * How many have which version; the blocked are left out.
     *
     * @param organisation null for all
     */
    List<Count> versions(UUID organisation) {
        return statements.all(
                "select version, os, count(*), count(*) filter (where last_seen_at >= ?) from device"
                        + " where blocked_at is null and organisation_id = coalesce(?, organisation_id)"
                        + " group by version, os order by version, os limit " + MOST_VERSIONS,
                statement -> {
                    statement.setObject(1, onlineSince().atOffset(ZoneOffset.UTC));
                    statement.setObject(2, organisation, Types.OTHER);
                },
                row -> new Count(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
    }

    /** @throws ProtocolException {@code not_found} */
    Row require(UUID id) {
        return statements
                .first(
                        "select " + COLUMNS + " from device where id = ?",
                        statement -> statement.setObject(1, id),
                        Row::read)
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The device was not found"));
    }

    /** @return whether this call did it */
    boolean block(UUID id) {
        return statements.update("update device set blocked_at = ? where id = ? and blocked_at is null", statement -> {
                    statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setObject(2, id);
                })
                > 0;
    }

    /** @return whether this call did it */
    boolean unblock(UUID id) {
        return statements.update(
                        "update device set blocked_at = null where id = ? and blocked_at is not null",
                        statement -> statement.setObject(1, id))
                > 0;
    }

    /** Since when a device must have been seen to count as online. */
    Instant onlineSince() {
        return clock.instant().minus(onlineFor);
    }

    /** Forgets devices that were not seen for so long; they may register again. Blocked ones are kept. */
    public void purge(Duration lifetime) {
        Batches.delete(
                statements,
                "device",
                "blocked_at is null and last_seen_at",
                clock.instant().minus(lifetime));
    }
}
