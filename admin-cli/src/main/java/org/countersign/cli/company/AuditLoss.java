package org.countersign.cli.company;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What happened after a backup, out of the audit log: what restoring the backup would lose.
 *
 * @param acts how often each kind of thing was done with success, the canary's own not counted
 * @param credentials those that were made, changed or signed with
 */
record AuditLoss(Map<String, Integer> acts, TreeSet<String> credentials) {

    private static final Duration CLOCKS = Duration.ofHours(25);
    private static final int NAMED = 20;

    /** The last entry of each chain. */
    static Map<String, Long> chains(Connection connection) throws SQLException {
        var chains = new TreeMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT chain, max(seq) FROM audit_entry GROUP BY chain")) {
            while (rows.next()) {
                chains.put(rows.getString(1), rows.getLong(2));
            }
        }
        return chains;
    }

    static AuditLoss since(Backup.Manifest backup, Connection connection) throws SQLException {
        var acts = new TreeMap<String, Integer>();
        var credentials = new TreeSet<String>();
        // By time only to read less: clocks of nodes differ, by a day at most, entries are told apart by their place in
        // the chain.
        try (var statement = connection.prepareStatement("SELECT chain, seq, type, credential, tenant FROM audit_entry"
                + " WHERE at > ? AND outcome = 'success' AND type NOT LIKE 'chain.%'")) {
            statement.setObject(
                    1,
                    OffsetDateTime.ofInstant(
                            Instant.ofEpochMilli(backup.takenAt()).minus(CLOCKS), ZoneOffset.UTC));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(2) > backup.chains().getOrDefault(rows.getString(1), 0L)
                            && !Canary.TENANT.equals(rows.getString(5))) {
                        acts.merge(rows.getString(3), 1, Integer::sum);
                        if (rows.getString(4) != null) {
                            credentials.add(rows.getString(4));
                        }
                    }
                }
            }
        }
        return new AuditLoss(acts, credentials);
    }

    boolean isNothing() {
        return acts.isEmpty();
    }

    String inWords() {
        if (isNothing()) {
            return "nothing";
        }
        return acts.entrySet().stream()
                        .map(act -> act.getValue() + " × " + act.getKey())
                        .collect(Collectors.joining(", "))
                + (credentials.isEmpty()
                        ? ""
                        : "; of the credentials "
                                + credentials.stream().limit(NAMED).collect(Collectors.joining(", "))
                                + (credentials.size() > NAMED ? " and " + (credentials.size() - NAMED) + " more" : ""));
    }
}
