package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.database.PostgresInstallation;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.wildfly.WildFlyServer;
import org.countersign.cli.wildfly.WildFlySettings;

/**
 * A real PostgreSQL and a real WildFly with the WAR deployed once per company, on free ports and in a folder of their own,
 * which is deleted at the end; the server's log stays, in the folder {@code target}.
 *
 * <pre>{@code
 * try (var server = TestServer.start(List.of(Company.acme(), Company.globex()))) {
 *     var api = server.api(Company.ACME);
 * }
 * }</pre>
 */
public final class TestServer implements AutoCloseable {

    static final String DATABASE_USER = "countersign";
    static final String DATABASE_PASSWORD = "password-of-the-database-user";

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String SUPERUSER_PASSWORD = "password-of-the-superuser";
    private static final long POLL_MILLIS = 200;

    private final Installation installation;
    private final Path folder;
    private final EmbeddedDatabase database;
    private final WildFlySettings settings;
    private final WildFlyServer wildfly;
    private final List<Company> companies;

    private TestServer(List<Company> companies, Consumer<WildFlySettings> more) throws IOException {
        this.installation = Installation.at(Path.of(System.getProperty("countersign.root", ".."))
                .toAbsolutePath()
                .normalize());
        this.companies = companies;
        this.folder = Files.createTempDirectory("countersign-system-tests");
        var postgres = PostgresInstallation.unpackedIn(installation.postgresqlHome());
        this.database = new EmbeddedDatabase(
                postgres, folder.resolve("postgres"), folder.resolve("log/postgres.log"), SUPERUSER_PASSWORD);
        this.settings = new WildFlySettings(installation.wildflyHome(), folder.resolve("wildfly"))
                .systemProperty(
                        "signer-" + installation.version() + ".config.location",
                        "file:" + config().resolve("application.properties"));
        for (Company company : companies) {
            company.environment(database.url(company.database())).forEach(settings::environment);
            settings.deployment(company.context() + ".war", installation.signerWar());
        }
        more.accept(settings);
        this.wildfly = new WildFlyServer(settings);
    }

    public static TestServer start(List<Company> companies) {
        return start(companies, settings -> {});
    }

    /** @param more what else the server is to be started with, such as memory or options of the JVM */
    public static TestServer start(List<Company> companies, Consumer<WildFlySettings> more) {
        try {
            var server = new TestServer(companies, more);
            try {
                server.begin();
                return server;
            } catch (IOException | SQLException | RuntimeException failure) {
                server.close();
                throw failure;
            }
        } catch (IOException | SQLException failure) {
            throw new IllegalStateException("The server of the tests does not start", failure);
        }
    }

    private void begin() throws IOException, SQLException {
        Files.createDirectories(config());
        Files.writeString(
                config().resolve("application.properties"),
                "configuration.fileName=" + config() + "/$CONTEXT_NAME.json\n");
        database.start();
        for (Company company : companies) {
            writeConfiguration(company.context(), company.configuration(installation.root()));
            database.ensureDatabase(company.database(), DATABASE_USER, DATABASE_PASSWORD);
        }
        startWildFly();
    }

    /** Starts the application server again after {@link #killWildFly()}; the database and its data are the same. */
    public void startWildFly() throws IOException {
        wildfly.start();
        for (Company company : companies) {
            wildfly.awaitReady(
                    URI.create(wildfly.address() + "/" + company.context() + "/health/ready"), PATIENCE, time -> {});
        }
    }

    /** What {@code kill -9} does. */
    public void killWildFly() {
        wildfly.kill();
    }

    public SignerApi api(String context) {
        return new SignerApi(URI.create(wildfly.address() + "/" + context));
    }

    /** The address of a context, {@code http://127.0.0.1:PORT/signer-acme}. */
    public URI address(String context) {
        return URI.create(wildfly.address() + "/" + context);
    }

    public EmbeddedDatabase database() {
        return database;
    }

    public WildFlyServer wildfly() {
        return wildfly;
    }

    public Installation installation() {
        return installation;
    }

    /** Everything of this run: configuration, database, keys, logs. */
    public Path folder() {
        return folder;
    }

    public String log() throws IOException {
        return Files.readString(wildfly.log());
    }

    /** Writes a context's configuration file; the context reads it when it is deployed. */
    public void writeConfiguration(String context, String json) throws IOException {
        Files.writeString(config().resolve(context + ".json"), json);
    }

    /**
     * Deploys one more context on the running server, as an administrator who copies the file.
     *
     * @return whether WildFly took it
     */
    public boolean deploy(String context) throws IOException {
        var deployments = folder.resolve("wildfly/deployments");
        var war = context + ".war";
        Files.copy(installation.signerWar(), deployments.resolve(war), StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(deployments.resolve(war + ".dodeploy"));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(deployments.resolve(war + ".failed"))) {
                return false;
            }
            if (Files.exists(deployments.resolve(war + ".deployed"))) {
                return true;
            }
            Daemon.pause(POLL_MILLIS);
        }
        throw new IllegalStateException("WildFly did neither deploy nor refuse " + war);
    }

    private Path config() {
        return folder.resolve("config");
    }

    @Override
    public void close() throws IOException {
        wildfly.close();
        database.close();
        keepLogs();
        Folders.deleteTree(folder);
    }

    private void keepLogs() throws IOException {
        var target = Path.of("target");
        var kept = new ArrayList<Path>(List.of(wildfly.log(), wildfly.log().resolveSibling("console.log")));
        for (Path log : kept) {
            if (Files.isDirectory(target) && Files.exists(log)) {
                Files.copy(log, target.resolve("wildfly-" + log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
