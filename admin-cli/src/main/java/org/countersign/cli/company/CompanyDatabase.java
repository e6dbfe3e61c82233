package org.countersign.cli.company;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.cli.database.ConfiguredDatabase;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.server.persistence.MigrationName;

/** A company's database, as its configuration file names it. */
final class CompanyDatabase implements AutoCloseable {

    private static final String PREFIX = "schema_history_";

    private static final String OTHERS = "SELECT count(*) || ' of ' || coalesce(usename, '?') || ' (\"'"
            + " || coalesce(application_name, '') || '\") from ' || coalesce(host(client_addr), 'this machine')"
            + " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            + " AND backend_type = 'client backend' AND (NOT ? OR client_addr IS NOT NULL"
            + " AND NOT client_addr <<= '127.0.0.0/8' AND client_addr <> '::1' AND client_addr IS DISTINCT FROM"
            + " (SELECT client_addr FROM pg_stat_activity WHERE pid = pg_backend_pid()))"
            + " GROUP BY usename, application_name, client_addr ORDER BY 1";

    /** A row of a migration history. */
    record Applied(String module, int number, String description) {}

    private final Connection connection;

    private CompanyDatabase(Connection connection) {
        this.connection = connection;
    }

    /** @throws org.countersign.cli.terminal.Refusal when the file does not name one, or it can not be reached */
    static CompanyDatabase open(Path configuration, Map<String, String> environment) {
        var problems = new Problems();
        var settings = DatabaseSettings.read(JsonConfiguration.read(configuration, problems), environment);
        problems.throwIfAny(configuration.toString());
        return new CompanyDatabase(
                ConfiguredDatabase.connect(settings, configuration.toString(), "countersign company"));
    }

    Connection connection() {
        return connection;
    }

    List<Applied> history() throws SQLException {
        var all = new ArrayList<Applied>();
        for (String module : War.MODULES) {
            if (exists(PREFIX + module)) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT version, description FROM " + PREFIX + module
                                + " WHERE success AND version IS NOT NULL AND type = 'SQL' ORDER BY installed_rank")) {
                    while (rows.next()) {
                        all.add(new Applied(module, Integer.parseInt(rows.getString(1)), rows.getString(2)));
                    }
                }
            }
        }
        return all;
    }

    /** {@code server 3, signer 1}; empty for an empty database. */
    static String inWords(List<Applied> history) {
        return String.join(
                ", ",
                War.MODULES.stream()
                        .filter(module -> newest(history, module) > 0)
                        .map(module -> module + " " + newest(history, module))
                        .toList());
    }

    static int newest(List<Applied> history, String module) {
        return history.stream()
                .filter(row -> row.module().equals(module))
                .mapToInt(Applied::number)
                .max()
                .orElse(0);
    }

    /** The migrations after which a version can not run any more; empty when it can. */
    static List<Applied> forbidding(List<Applied> history, War war) {
        return history.stream()
                .filter(row -> row.number() > war.newest(row.module()))
                .filter(row -> !MigrationName.expands(row.description())
                        && MigrationName.contractsFrom(row.description())
                                .filter(least -> war.newest(row.module()) >= least)
                                .isEmpty())
                .toList();
    }

    Set<String> clients() throws SQLException {
        var clients = new TreeSet<String>();
        if (exists("oauth_client")) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT client_id FROM oauth_client")) {
                while (rows.next()) {
                    clients.add(rows.getString(1));
                }
            }
        }
        return clients;
    }

    /** Authorizations given and not yet used up: SADs whose holders may come back with them. */
    long usableActivations() throws SQLException {
        if (!exists("activation")) {
            return 0;
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM activation WHERE expires_at > now() AND 0 < ANY (remaining)")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    boolean hasCredential(String id) throws SQLException {
        if (!exists("credential")) {
            return false;
        }
        try (var statement =
                connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM credential WHERE id::text = ?)")) {
            statement.setString(1, id);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /**
     * Who else is connected to this database, nodes and people.
     *
     * @param elsewhere only those who come from another machine than this connection does
     */
    List<String> others(boolean elsewhere) throws SQLException {
        var others = new ArrayList<String>();
        try (var statement = connection.prepareStatement(OTHERS)) {
            statement.setBoolean(1, elsewhere);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    others.add(rows.getString(1));
                }
            }
        }
        return others;
    }

    boolean exists(String table) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
