package org.countersign.cli.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.terminal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    private static final String PASSWORD = "a-superuser";

    @TempDir
    Path folder;

    @Test
    void keepsItsDataOverACrashAndLetsNobodyInWithoutPassword() throws IOException, SQLException {
        var database = database(PASSWORD);
        database.start();
        try (database) {
            database.ensureDatabase("acme", "countersign", "owner-1");
            try (var owner = DriverManager.getConnection(database.url("acme"), "countersign", "owner-1");
                    var statement = owner.createStatement()) {
                statement.execute("CREATE TABLE kept (id int)");
                assertThatThrownBy(() -> statement.execute("CREATE ROLE another"))
                        .isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> DriverManager.getConnection(database.url("acme"), "countersign", "wrong"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> DriverManager.getConnection(database.url("postgres"), "postgres", ""))
                    .isInstanceOf(SQLException.class);
            database.kill();
        }

        var again = database(PASSWORD);
        again.start();
        try (again) {
            again.ensureDatabase("acme", "countersign", "owner-2");
            try (var owner = DriverManager.getConnection(again.url("acme"), "countersign", "owner-2");
                    var statement = owner.createStatement()) {
                assertThat(statement.execute("SELECT * FROM kept")).isTrue();
            }
        }
        assertThat(Files.readString(log())).doesNotContain("owner-2").doesNotContain(PASSWORD);

        assertThatThrownBy(() -> database("another").start())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("another password");
    }

    @Test
    void aServerLeftBehindIsStopped() throws IOException {
        var database = database(PASSWORD);
        database.start();
        assertThat(EmbeddedDatabase.stopLeftover(data())).isTrue();
        assertThat(database.isAlive()).isFalse();
        assertThat(EmbeddedDatabase.stopLeftover(data())).isFalse();
    }

    @Test
    void aStaleLockOfAnotherProcessesNumberDoesNotStopIt() throws IOException {
        Files.createDirectories(data());
        Files.writeString(
                data().resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");
        assertThat(EmbeddedDatabase.stopLeftover(data())).isFalse();
        assertThat(data().resolve("postmaster.pid")).doesNotExist();
    }

    private EmbeddedDatabase database(String password) throws IOException {
        return new EmbeddedDatabase(PostgresInstallation.unpackedIn(home()), data(), log(), password);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path log() {
        return folder.resolve("postgresql.log");
    }

    private static Path home() {
        return Path.of("target", "postgresql-" + Installation.locate().postgresql());
    }
}
