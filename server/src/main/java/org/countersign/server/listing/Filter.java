package org.countersign.server.listing;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.Page;

/** The conditions of a list, joined by "and". Texts of SQL are constants of ours, what was asked for goes in as a parameter. */
public final class Filter {

    private static final int LONGEST = 255;
    private static final int LAST_YEAR = 9_999;

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    /** @param value left out when null */
    public Filter with(String condition, Object value) {
        if (value != null) {
            conditions.add(condition);
            values.add(value instanceof Instant instant ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC) : value);
        }
        return this;
    }

    /** A condition of two values. */
    public Filter with(String condition, Object first, Object second) {
        conditions.add(condition);
        values.add(first);
        values.add(second);
        return this;
    }

    public Filter with(String condition) {
        conditions.add(condition);
        return this;
    }

    /** Empty, or beginning with a blank. */
    public String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    public void bind(PreparedStatement statement) throws SQLException {
        bind(statement, 1);
    }

    /** @return the number of the next parameter */
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int next = first;
        for (var value : values) {
            statement.setObject(next++, value);
        }
        return next;
    }

    /** For a query that ends in {@code limit ? offset ?}. */
    public void bind(PreparedStatement statement, Page page) throws SQLException {
        bind(statement);
        statement.setInt(values.size() + 1, page.size());
        statement.setInt(values.size() + 2, page.first());
    }

    /** A parameter of an address that is a UUID, or null. */
    public static UUID uuid(String name, String text) {
        if (text == null) {
            return null;
        }
        try {
            var uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw ProtocolException.invalidRequest(name + " must be a UUID");
    }

    /** A parameter of an address that is a time, or null. */
    public static Instant time(String name, String text) {
        try {
            var time = text == null ? null : OffsetDateTime.parse(text);
            // RFC 3339 has years of four digits.
            if (time == null || time.getYear() >= 0 && time.getYear() <= LAST_YEAR) {
                return time == null ? null : time.toInstant();
            }
        } catch (DateTimeParseException malformed) {
            // said below
        }
        throw ProtocolException.invalidRequest(name + " must be a time as RFC 3339 has it");
    }

    /** A parameter of an address that is a text, or null. */
    public static String text(String name, String text) {
        if (text != null && (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl))) {
            throw ProtocolException.invalidRequest(
                    name + " must have at most " + LONGEST + " characters, none of them a control character");
        }
        return text;
    }
}
