package org.countersign.cli.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Ports;
import org.countersign.cli.terminal.Refusal;
import org.postgresql.PGConnection;

/**
 * A PostgreSQL server of our own on the loopback interface. Everybody needs a password, also on this machine: other
 * local users reach the port too. There is no Unix socket. It may be started, stopped or killed and started again on
 * the same port.
 *
 * <pre>{@code
 * var installation = PostgresInstallation.unpackedIn(servers.resolve("postgresql-15.19.0"));
 * try (var database = new EmbeddedDatabase(installation, data, log, "superuser's password")) {
 *     database.start();
 *     database.ensureDatabase("acme", "countersign", "owner's password");
 *     database.url("acme");
 * }
 * }</pre>
 */
public final class EmbeddedDatabase implements AutoCloseable {

    static final String SUPERUSER = "postgres";

    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 100;

    private final PostgresInstallation installation;
    private final DataDirectory data;
    private final Path log;
    private final String superuserPassword;
    private final int port;
    private Process process;

    /**
     * @param data the data directory, made at the first start and kept
     * @param log the server's output, begun anew at each start
     * @param superuserPassword of the role {@code postgres}: the same at each start; letters, digits, - and _
     */
    public EmbeddedDatabase(PostgresInstallation installation, Path data, Path log, String superuserPassword) {
        this.installation = installation;
        this.data = new DataDirectory(data);
        this.log = log;
        this.superuserPassword = superuserPassword;
        this.port = Ports.free();
    }

    /** Stops a server that still runs on a data directory although its owner is gone. @return whether one did */
    public static boolean stopLeftover(Path data) throws IOException {
        return new DataDirectory(data).stopLeftover();
    }

    /** Starts, and returns when connections are answered. */
    public synchronized void start() throws IOException {
        data.initialise(installation, superuserPassword);
        data.stopLeftover();
        Files.createDirectories(log.toAbsolutePath().getParent());
        process = Daemon.start(
                installation.command(
                        "postgres",
                        "-D",
                        data.path().toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        // For a handful of companies, each with a pool of its own.
                        "-c",
                        "max_connections=300",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "password_encryption=scram-sha-256",
                        // A statement that fails is otherwise logged in full, with whatever values stand in it.
                        "-c",
                        "log_min_error_statement=panic",
                        "-c",
                        "log_parameter_max_length_on_error=0"),
                data.path(),
                Map.of("LC_ALL", "C"),
                log);
        awaitConnections();
    }

    /** Makes role and database unless they exist, and gives the role this password. The role is no superuser. */
    public void ensureDatabase(String name, String owner, String password) throws SQLException {
        try (var connection = superuser(SUPERUSER)) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", owner)) {
                execute(connection, "CREATE ROLE " + quoted(owner) + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE");
            }
            // Sends the SCRAM verifier; the password itself reaches neither the wire nor a log.
            connection.unwrap(PGConnection.class).alterUserPassword(owner, password.toCharArray(), "scram-sha-256");
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                execute(connection, "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(owner));
                execute(connection, "REVOKE ALL ON DATABASE " + quoted(name) + " FROM PUBLIC");
            }
        }
    }

    /** A connection that may do everything, for tests that play the attacker. */
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(url(database), SUPERUSER, superuserPassword);
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The server's process as it was started last; those of its connections descend from it. */
    public synchronized ProcessHandle process() {
        return process.toHandle();
    }

    /** SIGKILL to the server: what a crash does. */
    public synchronized void kill() {
        Daemon.kill(process.toHandle());
        Daemon.reap(process);
    }

    /** Stops in order; the data stays. */
    @Override
    public synchronized void close() throws IOException {
        if (process != null && process.isAlive()) {
            DataDirectory.stop(process.toHandle());
            Daemon.reap(process);
        }
    }

    private void awaitConnections() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                superuser(SUPERUSER).close();
                return;
            } catch (SQLException notYet) {
                if (passwordRefused(notYet)) {
                    close();
                    throw Refusal.failed("The database in " + data.path() + " was made with another password than the"
                            + " one kept beside it. Restore the password, or move the data folder away.");
                }
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    close();
                    throw Refusal.failed("The database did not start:\n"
                            + Files.readString(log).strip());
                }
            }
            try {
                process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                close();
                throw new IOException("interrupted while the database started", interrupted);
            }
        }
    }

    private static boolean passwordRefused(SQLException failure) {
        return failure.getSQLState() != null && failure.getSQLState().startsWith("28");
    }

    private static boolean exists(Connection connection, String sql, String name) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
