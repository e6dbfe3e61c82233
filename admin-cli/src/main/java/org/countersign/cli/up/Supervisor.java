package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.database.PostgresInstallation;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Ports;
import org.countersign.cli.process.ProcessIdentity;
import org.countersign.cli.servers.ApplicationServer;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;

/**
 * Owns the two servers of a data folder: starts them in order, starts again what dies, and stops them in the reverse
 * order. {@link #close()} may come from another thread at any time, as it does with Ctrl-C.
 */
final class Supervisor implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MOST_RESTARTS = 5;
    private static final long WATCH_MILLIS = 500;

    private final Installation installation;
    private final DataFolder data;
    private final ServerKind kind;
    private final int port;
    private final Secrets secrets;
    private final Terminal terminal;
    private RunLock lock;
    private EmbeddedDatabase database;
    private ApplicationServer server;
    private volatile boolean closing;

    Supervisor(
            Installation installation, DataFolder data, ServerKind kind, int port, Secrets secrets, Terminal terminal) {
        this.installation = installation;
        this.data = data;
        this.kind = kind;
        this.port = port;
        this.secrets = secrets;
        this.terminal = terminal;
    }

    /**
     * Starts everything and returns when the signer, the distribution service and the wallet provider are ready.
     *
     * @param administratorSecret only when it is to be shown: the server then makes the administrator anew
     */
    RunState start(Optional<String> administratorSecret) throws IOException {
        synchronized (this) {
            lock = RunLock.take(data).orElseThrow(() -> runsAlready(data));
        }
        Leftovers.stop(data, terminal);
        checkPort();
        state(false).save(data);
        var context = new Context(installation, data, secrets);
        context.writeConfiguration();
        for (var service : Service.values()) {
            service.writeConfiguration(installation, data);
        }
        startDatabase(context, administratorSecret.isPresent());
        var settings = context.settings(kind, port, database);
        var address = URI.create("http://127.0.0.1:" + port);
        for (var service : Service.values()) {
            service.addTo(settings, installation, data, secrets, address, database, context.databasePassword());
        }
        administratorSecret.ifPresent(secret -> settings.environment(Context.ADMINISTRATOR_SECRET, secret));
        synchronized (this) {
            refuseWhenClosing();
            server = new ApplicationServer(settings);
            server.start();
        }
        state(false).save(data);
        awaitContexts("Starting " + kind.title());
        settings.withoutEnvironment(Context.ADMINISTRATOR_SECRET);
        var ready = state(true);
        ready.save(data);
        return ready;
    }

    /** Starts again what dies, until {@link #close()} or until it has died too often. */
    void watch() throws IOException {
        for (int restarts = 0; !closing; Daemon.pause(WATCH_MILLIS)) {
            if (database.isAlive() && server.isAlive()) {
                continue;
            }
            synchronized (this) {
                if (closing) {
                    return;
                }
                if (++restarts > MOST_RESTARTS) {
                    throw Refusal.failed("The servers ended unexpectedly " + restarts + " times; giving up. Logs: "
                            + server.log() + ", " + data.log());
                }
                if (!database.isAlive()) {
                    terminal.say("The database ended unexpectedly; starting it again.");
                    database.start();
                }
                if (!server.isAlive()) {
                    terminal.say(
                            "The server ended unexpectedly (exit code " + server.exitCode() + "); starting it again.");
                    state(false).save(data);
                    server.start();
                }
            }
            awaitContexts("Starting the server again");
            state(true).save(data);
            terminal.say("Ready again.");
        }
    }

    /** Stops the server, then the database. The data stays. */
    @Override
    public void close() throws IOException {
        closing = true;
        synchronized (this) {
            if (server != null && server.isAlive()) {
                terminal.say("Stopping the server.");
                server.close();
            }
            if (database != null && database.isAlive()) {
                terminal.say("Stopping the database.");
                database.close();
            }
            if (lock != null) {
                RunState.clear(data);
                lock.close();
                lock = null;
                if (database != null) {
                    terminal.say("Stopped; the data stays in " + data.path() + ".");
                }
            }
        }
    }

    private void startDatabase(Context context, boolean forgetAdministrator) throws IOException {
        terminal.say("Starting the database.");
        synchronized (this) {
            refuseWhenClosing();
            database = new EmbeddedDatabase(
                    PostgresInstallation.unpackedIn(installation.postgresqlHome()),
                    data.postgres(),
                    data.log().resolve("postgresql.log"),
                    secrets.get("database-superuser"));
            database.start();
        }
        try {
            database.ensureDatabase(Context.DATABASE, Context.DATABASE_USER, context.databasePassword());
            for (var service : Service.values()) {
                database.ensureDatabase(service.database(), Context.DATABASE_USER, context.databasePassword());
            }
            if (forgetAdministrator) {
                try (var connection = DriverManager.getConnection(
                        database.url(Context.DATABASE), Context.DATABASE_USER, context.databasePassword())) {
                    AdministratorSecret.forget(connection);
                }
            }
        } catch (SQLException failure) {
            throw Refusal.failed("The database could not be prepared: " + failure.getMessage());
        }
    }

    private void awaitReady(URI context, String what) throws IOException {
        server.awaitReady(context, PATIENCE, since -> terminal.progress(what, since));
    }

    private void awaitContexts(String what) throws IOException {
        try {
            awaitReady(Context.ready(server.address()), what);
            for (var service : Service.values()) {
                awaitReady(service.ready(server.address()), what);
            }
        } catch (Refusal failure) {
            // Being stopped is why it ended, and no failure to report.
            refuseWhenClosing();
            throw failure;
        }
    }

    private void checkPort() {
        try {
            Ports.check(port);
        } catch (IOException taken) {
            throw Refusal.failed("Port " + port + " of this machine can not be used: " + DataFolder.reason(taken)
                    + ". Choose another one, as in: ./countersign up --port " + (port == 8080 ? 8081 : 8080));
        }
    }

    private RunState state(boolean ready) throws IOException {
        var self = ProcessIdentity.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IOException("this process can not be found"));
        var address = URI.create("http://127.0.0.1:" + port);
        return new RunState(self, kind, address, database == null ? 0 : database.port(), ready);
    }

    static Refusal runsAlready(DataFolder data) {
        return Refusal.failed(RunState.current(data)
                .map(state -> "Already running at " + Context.signer(state.address()) + " (data folder " + data.path()
                        + "). Stop it with: ./countersign down, or give another --data and --port.")
                .orElse("Another start or stop is under way on " + data.path() + "."));
    }

    private void refuseWhenClosing() {
        if (closing) {
            throw Refusal.failed("Stopped while starting.");
        }
    }
}
