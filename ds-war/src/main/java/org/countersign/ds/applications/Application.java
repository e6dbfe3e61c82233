package org.countersign.ds.applications;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A web application whose back end asks for tokens.
 *
 * @param label unique; {@code sub} of its tokens
 * @param origins of its pages
 * @param ipRanges from where its API keys may be used; empty for anywhere
 * @param clientCertificate SHA-256 of the certificate it must show, in lower-case hexadecimal
 * @param requestsPerMinute of each of its API keys, when not the usual
 */
public record Application(
        UUID id,
        UUID organisationId,
        String label,
        List<String> origins,
        List<String> ipRanges,
        Optional<String> clientCertificate,
        Optional<Integer> requestsPerMinute,
        Instant createdAt) {

    static final String COLUMNS = "application.id, organisation_id, label, origins, ip_ranges, client_certificate,"
            + " requests_per_minute, application.created_at";

    public Application {
        origins = List.copyOf(origins);
        ipRanges = List.copyOf(ipRanges);
    }

    static Application read(ResultSet row) throws SQLException {
        int limit = row.getInt("requests_per_minute");
        var requestsPerMinute = row.wasNull() ? Optional.<Integer>empty() : Optional.of(limit);
        return new Application(
                row.getObject("id", UUID.class),
                row.getObject("organisation_id", UUID.class),
                row.getString("label"),
                texts(row, "origins"),
                texts(row, "ip_ranges"),
                Optional.ofNullable(row.getString("client_certificate")),
                requestsPerMinute,
                row.getTimestamp("created_at").toInstant());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }

    static java.sql.Array array(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
