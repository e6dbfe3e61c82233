package org.countersign.server.audit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.countersign.core.entropy.Entropy;
import org.flywaydb.core.Flyway;

/** A real database and what a log needs. One PostgreSQL for all test classes, a database per rig. */
final class AuditRig implements AutoCloseable {

    static final AnchorKey KEY = AnchorKey.derive("the key material of the tests...".getBytes());

    private static final EmbeddedPostgres POSTGRES = started();
    private static int databases;

    private final String name;
    private final HikariDataSource pool;

    AuditRig() {
        synchronized (AuditRig.class) {
            name = "audit" + databases++;
        }
        execute(POSTGRES.getPostgresDatabase(), "CREATE DATABASE " + name);
        Flyway.configure()
                .dataSource(database())
                .locations("classpath:db/migration/server")
                .load()
                .migrate();
        var config = new HikariConfig();
        config.setDataSource(database());
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(1000);
        pool = new HikariDataSource(config);
    }

    DataSource database() {
        return POSTGRES.getDatabase("postgres", name);
    }

    DataSource pool() {
        return pool;
    }

    AuditLog log(AuditAnchor anchor) {
        return AuditLog.start(
                AuditSettings.of("node-1", "test"), pool, anchor, KEY, Clock.systemUTC(), Entropy.system());
    }

    AuditLog log(Path folder) {
        return log(anchor(folder));
    }

    static FileAnchor anchor(Path folder) {
        try {
            return FileAnchor.open(folder, KEY.publicKey());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    AuditReport verify(Path... folders) {
        return verify(KEY, folders);
    }

    AuditReport verify(AnchorKey key, Path... folders) {
        try (Connection connection = database().getConnection()) {
            return new AuditVerifier(List.of(folders), List.of(key.publicKey()), Duration.ofMillis(300))
                    .verify(connection);
        } catch (SQLException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** As an attacker who owns the table: its triggers and constraints do not hold him. */
    void attack(String... statements) {
        execute(database(), "ALTER TABLE audit_entry DISABLE TRIGGER USER");
        for (var statement : statements) {
            execute(database(), statement);
        }
        execute(database(), "ALTER TABLE audit_entry ENABLE TRIGGER USER");
    }

    void execute(String statement) {
        execute(database(), statement);
    }

    long number(String query) {
        try (var connection = database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Ends every connection to this rig's database but the asking one. */
    void terminateConnections() {
        execute(
                POSTGRES.getPostgresDatabase(),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    void refuseConnections(boolean refuse) {
        execute(POSTGRES.getPostgresDatabase(), "ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + !refuse);
        if (refuse) {
            terminateConnections();
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void execute(DataSource database, String sql) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static EmbeddedPostgres started() {
        try {
            var postgres = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "off")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    postgres.close();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }));
            return postgres;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
