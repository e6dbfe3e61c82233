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

/** Writes the groups and the people of an import. Who is there already stays in the same group, or is a problem. */
final class SeatRows implements AutoCloseable {

    private static final String GROUP = "INSERT INTO seat_group (tenant, name, created_at) VALUES (?, ?, ?)"
            + " ON CONFLICT (tenant, name) DO NOTHING";

    /** The update changes nothing, and has the row returned that is there. */
    private static final String SEAT = "INSERT INTO seat (tenant, seat, group_name, created_at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (tenant, seat) DO UPDATE SET group_name = seat.group_name RETURNING group_name";

    private final PreparedStatement group;
    private final PreparedStatement seat;
    private final ImportProblems problems;
    private final Set<String> groups = new HashSet<>();
    private String tenant;
    private int entered;

    SeatRows(Connection connection, ImportProblems problems) throws SQLException {
        this.group = connection.prepareStatement(GROUP);
        this.seat = connection.prepareStatement(SEAT);
        this.problems = problems;
    }

    /** Has to come before the first of the people. */
    void begin(Manifest manifest) throws SQLException {
        tenant = manifest.tenant();
        for (String name : manifest.groups() == null ? List.<String>of() : manifest.groups()) {
            if (!GroupName.isGroup(name)) {
                problems.add("A group's name is none of this product.");
                continue;
            }
            groups.add(name);
            group.setString(1, tenant);
            group.setString(2, name);
            group.setTimestamp(3, Timestamp.from(Instant.parse(manifest.at())));
            group.executeUpdate();
        }
    }

    void add(MovedSeat moved) throws SQLException {
        if (!SeatName.isSeat(moved.seat()) || moved.group() != null && !groups.contains(moved.group())) {
            problems.add("A seat has a name, or a group, that is none of this product.");
            return;
        }
        seat.setString(1, tenant);
        seat.setString(2, moved.seat());
        seat.setString(3, moved.group());
        seat.setTimestamp(4, Timestamp.from(time(moved)));
        try (var row = seat.executeQuery()) {
            row.next();
            var here = row.getString(1);
            if (!Objects.equals(here, moved.group())) {
                problems.add("The seat " + moved.seat() + " is " + words(moved.group()) + " there, and " + words(here)
                        + " here.");
            }
        }
        entered++;
    }

    private Instant time(MovedSeat moved) {
        try {
            return Instant.parse(moved.enteredAt());
        } catch (DateTimeException | NullPointerException malformed) {
            problems.add("The seat " + moved.seat() + " has a time that is none.");
            return Instant.EPOCH;
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
        try (seat) {
            group.close();
        }
    }
}
