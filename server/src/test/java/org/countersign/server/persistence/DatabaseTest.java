package org.countersign.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {

    private static EmbeddedPostgres postgres;
    private static Database database;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
        var settings =
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 4);
        database = Database.open(settings, List.of("server"), List.of());
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
        postgres.close();
    }

    @Test
    void nobody_waits_for_ever_for_a_database_that_hangs() throws SQLException {
        for (var pool : List.of(database.dataSource(), database.reserved())) {
            try (var connection = pool.getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
            }
        }
    }

    @Test
    void the_connections_that_migrated_are_given_back() throws SQLException {
        try (var connection = database.reserved().getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from pg_stat_activity where application_name = 'countersign'")) {
            rows.next();
            // Four for requests and two reserved.
            assertThat(rows.getInt(1)).isLessThanOrEqualTo(6);
        }
    }
}
