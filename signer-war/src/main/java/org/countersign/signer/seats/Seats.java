package org.countersign.signer.seats;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** People in the database: those whom an administrator entered, and those who have credentials. */
public final class Seats implements SeatGroups {

    private static final String IS_IN = "select 1 from seat where tenant = ? and seat = ? and group_name = any(?)";

    /** A row without a seat first, if there is the group, which stays until this is done; then who came into it. */
    private static final String INTO_GROUP = "with wanted as"
            + " (select name from seat_group where tenant = ? and name = ? for key share),"
            + " changed as (insert into seat (tenant, seat, group_name, created_at)"
            + " select ?, entered.seat, wanted.name, ? from wanted, unnest(?) entered(seat) order by entered.seat"
            + " on conflict (tenant, seat) do update set group_name = excluded.group_name"
            + " where seat.group_name is distinct from excluded.group_name returning seat)"
            + " select null as seat from wanted union all select seat from changed";

    private static final String INTO_NONE = "insert into seat (tenant, seat, created_at)"
            + " select ?, entered.seat, ? from unnest(?) entered(seat) order by entered.seat"
            + " on conflict (tenant, seat) do update set group_name = null"
            + " where seat.group_name is not null returning seat";

    private static final String REMOVE = "delete from seat s where s.tenant = ? and s.seat = ?"
            + " and not exists (select 1 from credential c where c.tenant = s.tenant and c.seat = s.seat)";

    private static final String IS_THERE = "select 1 from seat where tenant = ? and seat = ?"
            + " union all select 1 from credential where tenant = ? and seat = ? limit 1";

    private static final String ENTERED = "select s.tenant, s.seat, s.group_name, s.created_at,"
            + " (select count(*) from credential c where c.tenant = s.tenant and c.seat = s.seat) as credentials"
            + " from seat s";

    private static final String OTHERS =
            " union all select c.tenant, c.seat, null, min(c.created_at), count(*)" + " from credential c";

    private static final String NOT_ENTERED =
            "not exists (select 1 from seat s where s.tenant = c.tenant and s.seat = c.seat)";

    private final Statements statements;

    public Seats(Database database) {
        this.statements = database.statements();
    }

    /**
     * A person.
     *
     * @param group empty for who is in none
     * @param since when entered; for who was not, when the first credential was created
     */
    public record Entered(SeatName seat, Optional<String> group, long credentials, Instant since) {}

    /**
     * Whom to look for.
     *
     * @param group null for all
     * @param seat null for all
     */
    public record Wanted(Set<String> tenants, String group, String seat) {

        private Filter entered() {
            return new Filter()
                    .with("s.tenant = any(?)", tenants.toArray(String[]::new))
                    .with("s.group_name = ?", group)
                    .with("s.seat = ?", seat);
        }

        private Filter others() {
            return new Filter()
                    .with("c.tenant = any(?)", tenants.toArray(String[]::new))
                    .with("c.seat = ?", seat)
                    .with(NOT_ENTERED);
        }

        /** Who is in a group was entered. */
        private String sql() {
            return ENTERED
                    + entered().where()
                    + (group == null ? OTHERS + others().where() + " group by c.tenant, c.seat" : "");
        }

        private int bind(PreparedStatement statement) throws SQLException {
            int next = entered().bind(statement, 1);
            return group == null ? others().bind(statement, next) : next;
        }
    }

    @Override
    public boolean isIn(SeatName seat, Set<String> groups) {
        return statements
                .first(
                        IS_IN,
                        statement -> {
                            statement.setString(1, seat.tenant());
                            statement.setString(2, seat.seat());
                            statement.setArray(3, texts(statement, groups));
                        },
                        row -> true)
                .isPresent();
    }

    /**
     * Enters people, or moves them from where they were.
     *
     * @return who was not there yet; empty when there is no such group
     */
    public Optional<List<String>> enter(GroupName group, Collection<String> seats, Instant now) {
        var rows = statements.all(
                INTO_GROUP,
                statement -> {
                    statement.setString(1, group.tenant());
                    statement.setString(2, group.group());
                    statement.setString(3, group.tenant());
                    statement.setObject(4, now.atOffset(ZoneOffset.UTC));
                    statement.setArray(5, texts(statement, seats));
                },
                row -> Optional.ofNullable(row.getString("seat")));
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(rows.stream().flatMap(Optional::stream).toList());
    }

    /**
     * Enters people who are in no group, or takes them out of theirs.
     *
     * @return who was not entered, or in a group
     */
    public List<String> enter(String tenant, Collection<String> seats, Instant now) {
        return statements.all(
                INTO_NONE,
                statement -> {
                    statement.setString(1, tenant);
                    statement.setObject(2, now.atOffset(ZoneOffset.UTC));
                    statement.setArray(3, texts(statement, seats));
                },
                row -> row.getString("seat"));
    }

    /** @return false when nobody of this name was entered, or has credentials */
    public boolean remove(SeatName seat) {
        return statements.update(REMOVE, statement -> {
                    statement.setString(1, seat.tenant());
                    statement.setString(2, seat.seat());
                })
                == 1;
    }

    /** Whether the person was entered or has a credential. */
    public boolean isThere(SeatName seat) {
        return statements
                .first(
                        IS_THERE,
                        statement -> {
                            statement.setString(1, seat.tenant());
                            statement.setString(2, seat.seat());
                            statement.setString(3, seat.tenant());
                            statement.setString(4, seat.seat());
                        },
                        row -> true)
                .isPresent();
    }

    /** A page, by tenant and seat. */
    public List<Entered> list(Wanted wanted, Page page) {
        return statements.all(
                wanted.sql() + " order by tenant, seat limit ? offset ?",
                statement -> {
                    int next = wanted.bind(statement);
                    statement.setInt(next, page.size());
                    statement.setInt(next + 1, page.first());
                },
                row -> new Entered(
                        new SeatName(row.getString("seat"), row.getString("tenant")),
                        Optional.ofNullable(row.getString("group_name")),
                        row.getLong("credentials"),
                        row.getTimestamp("created_at").toInstant()));
    }

    public long count(Wanted wanted) {
        return statements
                .first("select count(*) from (" + wanted.sql() + ") people", wanted::bind, row -> row.getLong(1))
                .orElseThrow();
    }

    private static Array texts(PreparedStatement statement, Collection<String> values) throws SQLException {
        return statement.getConnection().createArrayOf("text", values.toArray());
    }
}
