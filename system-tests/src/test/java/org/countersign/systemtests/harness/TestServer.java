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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.database.PostgresInstallation;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ApplicationServer;
import org.countersign.cli.servers.Deployments;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.servers.ServerSettings;

/**
 * A real PostgreSQL and a real application server with the WAR deployed once per company, on free ports and in a folder of
 * their own, which is deleted at the end; the server's log stays, in the folder {@code target}. Which server: the system
 * property {@code countersign.server}, {@code wildfly} or {@code liberty}.
 *
 * <pre>{@code
 * try (var server = TestServer.start(List.of(Company.acme(), Company.globex()))) {
 *     var api = server.api(Company.ACME);
 * }
 * }</pre>
 */
public final class TestServer implements AutoCloseable {

    public static final String DATABASE_USER = "countersign";
    public static final String DATABASE_PASSWORD = "password-of-the-database-user";

    /** The kind of server that this run is about. */
    public static final ServerKind KIND = ServerKind.named(System.getProperty("countersign.server", "wildfly"))
            .orElseThrow(() -> new IllegalStateException("countersign.server is wildfly or liberty"));

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String SUPERUSER_PASSWORD = "password-of-the-superuser";
    private static final long POLL_MILLIS = 200;

    private static final Set<TestServer> RUNNING = ConcurrentHashMap.newKeySet();

    private final Installation installation;
    private final Path folder;
    private final EmbeddedDatabase database;
    /** Whether the database is another node's. */
    private final boolean joined;

    private final ServerSettings settings;
    private final ApplicationServer application;
    private final List<Company> companies;
    private final List<Company> others;

    /** @param other a node whose database to join, or null */
    private TestServer(List<Company> companies, List<Company> others, TestServer other, Consumer<ServerSettings> more)
            throws IOException {
        this.installation = Installation.at(Path.of(System.getProperty("countersign.root", ".."))
                .toAbsolutePath()
                .normalize());
        this.companies = companies;
        this.others = others;
        this.folder = Files.createTempDirectory("countersign-system-tests");
        var postgres = PostgresInstallation.unpackedIn(installation.postgresqlHome());
        this.joined = other != null;
        this.database = joined
                ? other.database
                : new EmbeddedDatabase(
                        postgres, folder.resolve("postgres"), folder.resolve("log/postgres.log"), SUPERUSER_PASSWORD);
        this.settings = new ServerSettings(KIND, installation.home(KIND), folder.resolve(KIND.toString()))
                // Contexts come and go, and not every one is given back at once.
                .heapMegabytes(1536)
                .systemProperty(
                        "signer-" + installation.version() + ".config.location",
                        "file:" + config().resolve("application.properties"))
                .systemProperty(
                        "ds-" + installation.version() + ".config.location",
                        "file:" + config().resolve("application.properties"))
                .systemProperty(
                        "wallet-" + installation.version() + ".config.location",
                        "file:" + config().resolve("application.properties"));
        for (Company company : companies) {
            settings.deployment(company.context() + ".war", war(company.context()));
        }
        Stream.concat(companies.stream(), others.stream())
                .forEach(company ->
                        company.environment(database.url(company.database())).forEach(settings::environment));
        Optional.ofNullable(System.getProperty("countersign.jvm.option")).ifPresent(settings::jvmOption);
        // With the first compiler alone the JVM takes 48 MB: when they are full, it interprets, many times slower.
        settings.jvmOption("-XX:ReservedCodeCacheSize=240m");
        more.accept(settings);
        this.application = new ApplicationServer(settings);
    }

    public static TestServer start(List<Company> companies) {
        return start(companies, settings -> {});
    }

    /** @param more what else the server is to be started with, such as memory or options of the JVM */
    public static TestServer start(List<Company> companies, Consumer<ServerSettings> more) {
        return start(companies, List.of(), more);
    }

    /** @param others whose configuration, database and secrets are there, but whom a test deploys itself */
    public static TestServer start(List<Company> companies, List<Company> others, Consumer<ServerSettings> more) {
        try {
            var server = new TestServer(companies, others, null, more);
            try {
                server.begin();
                server.startServer();
                return server;
            } catch (IOException | SQLException | RuntimeException failure) {
                server.close();
                throw failure;
            }
        } catch (IOException | SQLException failure) {
            throw new IllegalStateException("The server of the tests does not start", failure);
        }
    }

    /**
     * Nodes of the same companies on one empty database, started at the same moment. Each has its own folder, with its own
     * anchors. The first one is to be closed last.
     */
    public static List<TestServer> startNodes(int number, List<Company> companies) {
        var nodes = new ArrayList<TestServer>();
        try {
            for (int i = 0; i < number; i++) {
                var name = "node-" + (i + 1);
                var node = new TestServer(
                        companies,
                        List.of(),
                        nodes.isEmpty() ? null : nodes.get(0),
                        settings -> settings.systemProperty("jboss.node.name", name));
                nodes.add(node);
                node.begin();
            }
            for (var node : nodes) {
                node.application.start();
                RUNNING.add(node);
            }
            for (var node : nodes) {
                node.awaitReady();
            }
            return nodes;
        } catch (IOException | SQLException | RuntimeException failure) {
            closeNodes(nodes);
            throw new IllegalStateException("The nodes of the tests do not start", failure);
        }
    }

    public static void closeNodes(List<TestServer> nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            try {
                nodes.get(i).close();
            } catch (IOException failure) {
                throw new IllegalStateException("A node of the tests does not stop", failure);
            }
        }
    }

    private void begin() throws IOException, SQLException {
        Files.createDirectories(config());
        Files.writeString(
                config().resolve("application.properties"),
                "configuration.fileName=" + config() + "/$CONTEXT_NAME.json\n");
        if (!joined) {
            database.start();
        }
        for (Company company :
                Stream.concat(companies.stream(), others.stream()).toList()) {
            writeConfiguration(company.context(), company.configuration(installation.root()));
            if (!joined) {
                database.ensureDatabase(company.database(), DATABASE_USER, DATABASE_PASSWORD);
                // The newer version is one of the signer; the other services have databases of their own.
                if (NewerSchema.isWanted() && company.context().startsWith("signer")) {
                    new NewerSchema(installation.root())
                            .apply(database.url(company.database()), "expand_labels", NewerSchema.EXPAND);
                }
            }
        }
    }

    /** Starts the application server again after {@link #killServer()}; the database and its data are the same. */
    public void startServer() throws IOException {
        application.start();
        RUNNING.add(this);
        awaitReady();
    }

    /** Returns when every context is ready for requests. */
    public void awaitReady() throws IOException {
        for (Company company : companies) {
            awaitReady(company.context());
        }
    }

    /** Of a context deployed since: a server that was started a moment ago may open its port after its first deployments. */
    public void awaitReady(String context) throws IOException {
        application.awaitReady(URI.create(address(context) + "/health/ready"), PATIENCE, time -> {});
    }

    /** For the output of a test: what a server, when it is one of this run's, is doing instead of answering. */
    static String whereItStands(URI request) {
        return RUNNING.stream()
                .filter(server -> server.application.isAlive())
                .filter(server -> server.application.address().getPort() == request.getPort())
                .map(TestServer::tryToSay)
                .findFirst()
                .orElse("");
    }

    private static String tryToSay(TestServer server) {
        try {
            return Jcmd.whereItStands(server);
        } catch (IllegalStateException nothing) {
            return nothing.toString();
        }
    }

    /** What {@code kill -9} does. */
    public void killServer() {
        application.kill();
    }

    public SignerApi api(String context) {
        return new SignerApi(URI.create(application.address() + "/" + context));
    }

    /** The address of a context, {@code http://127.0.0.1:PORT/signer-acme}. */
    public URI address(String context) {
        return URI.create(application.address() + "/" + context);
    }

    public EmbeddedDatabase database() {
        return database;
    }

    public ApplicationServer applicationServer() {
        return application;
    }

    public Installation installation() {
        return installation;
    }

    /** Everything of this run: configuration, database, keys, logs. */
    public Path folder() {
        return folder;
    }

    public String log() throws IOException {
        return Files.readString(application.log());
    }

    /** Writes a context's configuration file; the context reads it when it is deployed. */
    public void writeConfiguration(String context, String json) throws IOException {
        Files.writeString(config().resolve(context + ".json"), json);
    }

    /**
     * Deploys one more context on the running server, as an administrator who copies the file.
     *
     * @return whether the server took it
     */
    public boolean deploy(String context) throws IOException {
        return deploy(context + ".war", war(context));
    }

    /** A context's name begins with its product's. */
    private Path war(String context) {
        if (context.startsWith("wallet-")) {
            return installation.walletWar();
        }
        return context.startsWith("ds-") ? installation.dsWar() : installation.signerWar();
    }

    /** As {@link #deploy(String)}, with any file under any name. */
    public boolean deploy(String name, Path archive) throws IOException {
        var deployments = application.deployments();
        deployments.deploy(name, archive);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var phase = deployments.state(name).phase();
            if (phase != Deployments.Phase.PENDING) {
                return phase == Deployments.Phase.DEPLOYED;
            }
            Daemon.pause(POLL_MILLIS);
        }
        throw new IllegalStateException(KIND.title() + " did neither deploy nor refuse " + name);
    }

    /** Undeploys a context, as an administrator does; returns when it is gone. */
    public void undeploy(String context) throws IOException {
        var war = context + ".war";
        var deployments = application.deployments();
        deployments.undeploy(war);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (deployments.state(war).phase() != Deployments.Phase.UNDEPLOYED) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(KIND.title() + " did not undeploy " + context);
            }
            Daemon.pause(POLL_MILLIS);
        }
    }

    private Path config() {
        return folder.resolve("config");
    }

    @Override
    public void close() throws IOException {
        RUNNING.remove(this);
        application.close();
        if (!joined) {
            database.close();
        }
        keepLogs();
        Folders.deleteTree(folder);
    }

    private void keepLogs() throws IOException {
        var target = Path.of("target");
        var kept =
                new ArrayList<Path>(List.of(application.log(), application.log().resolveSibling("console.log")));
        for (Path log : kept) {
            if (Files.isDirectory(target) && Files.exists(log)) {
                Files.copy(log, target.resolve(KIND + "-" + log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
