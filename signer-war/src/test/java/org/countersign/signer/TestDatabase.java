package org.countersign.signer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.credentials.Credential;

/** A real PostgreSQL with the schema of the signer, for the tests of one class. */
public final class TestDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final Database database;

    public TestDatabase() throws IOException {
        postgres = EmbeddedPostgres.start();
        database = Database.open(
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 40),
                List.of("server", "signer"),
                List.of(OAuthClient.class, AccessToken.class, Credential.class, Activation.class));
    }

    public Database database() {
        return database;
    }

    /** A connection beside those of the database. */
    public Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    /** How many statements wait for a lock. */
    public long waiting() throws SQLException {
        try (var connection = connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Runs the same call in many threads that start at the same moment. */
    public static <T> List<T> atOnce(int threads, Callable<T> call) throws Exception {
        var barrier = new CyclicBarrier(threads);
        var executor = Executors.newFixedThreadPool(threads);
        try {
            var calls = new ArrayList<Callable<T>>();
            for (int i = 0; i < threads; i++) {
                calls.add(() -> {
                    barrier.await();
                    return call.call();
                });
            }
            var results = new ArrayList<T>();
            for (var future : executor.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdown();
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        postgres.close();
    }
}
