package org.countersign.cli.tenant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedSeat;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;

/**
 * Writes the groups and the people of an import. Whoever is in this context already has to be in the same group there, in
 * none if in none: otherwise clients of groups would reach, or lose, whom nobody meant them to.
 */
final class SeatRows implements AutoCloseable {

    private static final String GROUP = "INSERT INTO seat_group (tenant, name, created_at) VALUES (?, ?, ?)"
            + " ON CONFLICT (tenant, name) DO NOTHING";
    /** The update changes nothing, and keeps who is there already from being moved until the import is done. */
    private static final String SEAT = "INSERT INTO seat (tenant, seat, group_name, created_at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (tenant, seat) DO UPDATE SET group_name = seat.group_name"
            + " RETURNING group_name, xmax = 0 AS entered";

    /** One row for who is here, by an entry or by a credential; credentials come in after the people. */
    private static final String HERE = "SELECT group_name FROM seat WHERE tenant = ? AND seat = ? UNION ALL"
            + " (SELECT null FROM credential WHERE tenant = ? AND seat = ? LIMIT 1) ORDER BY 1 NULLS LAST LIMIT 1";

    private final PreparedStatement group;
    private final PreparedStatement seat;
    private final PreparedStatement here;
    private final ImportProblems problems;
    private final Set<String> groups = new HashSet<>();
    /** Of whom it is known where they are to be. */
    private final Set<String> seats = new HashSet<>();

    /** Of whom it was said already. */
    private final Set<String> different = new HashSet<>();

    private String tenant;
    private int entered;

    SeatRows(Connection connection, ImportProblems problems) throws SQLException {
        this.group = connection.prepareStatement(GROUP);
        this.seat = connection.prepareStatement(SEAT);
        this.here = connection.prepareStatement(HERE);
        this.problems = problems;
    }

    /** Has to come before the first of the people. */
    void begin(Manifest manifest) throws SQLException {
        tenant = manifest.tenant();
        for (String name : manifest.groups() == null ? List.<String>of() : manifest.groups()) {
            if (name == null || !GroupName.isGroup(name)) {
                problems.add("A group's name is none of this product.");
                continue;
            }
            groups.add(name);
            group.setString(1, tenant);
            group.setString(2, name);
            group.setTimestamp(3, time(manifest.at()));
            group.executeUpdate();
        }
    }

    void add(MovedSeat moved) throws SQLException {
        if (moved.seat() == null
                || !SeatName.isSeat(moved.seat())
                || !seats.add(moved.seat())
                || moved.group() != null && !groups.contains(moved.group())) {
            problems.add("A seat has a name, or a group, that is none of this product.");
            return;
        }
        compare(moved.seat(), moved.group());
        seat.setString(1, tenant);
        seat.setString(2, moved.seat());
        seat.setString(3, moved.group());
        seat.setTimestamp(4, time(moved.enteredAt()));
        try (var row = seat.executeQuery()) {
            row.next();
            require(moved.seat(), moved.group(), row.getString("group_name"));
            entered += row.getBoolean("entered") ? 1 : 0;
        }
    }

    /** Of who has a credential in the file; has to come before it is written. */
    void holds(String name) throws SQLException {
        if (seats.add(name)) {
            compare(name, null);
        }
    }

    private void compare(String name, String there) throws SQLException {
        here.setString(1, tenant);
        here.setString(2, name);
        here.setString(3, tenant);
        here.setString(4, name);
        try (var row = here.executeQuery()) {
            if (row.next()) {
                require(name, there, row.getString(1));
            }
        }
    }

    private void require(String name, String there, String found) {
        if (!Objects.equals(found, there) && different.add(name)) {
            problems.add("The seat " + name + " is " + words(there) + " there, and " + words(found) + " here.");
        }
    }

    private Timestamp time(String text) {
        try {
            return Timestamp.from(Instant.parse(text));
        } catch (DateTimeException | NullPointerException | IllegalArgumentException malformed) {
            problems.add("The file has a time that is none.");
            return Timestamp.from(Instant.EPOCH);
        }
    }

    private static String words(String group) {
        return group == null ? "in no group" : "in the group " + group;
    }

    int entered() {
        return entered;
    }

    @Override
    public void close() throws SQLException {
        try (group;
                seat) {
            here.close();
        }
    }
}
