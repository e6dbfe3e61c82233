package org.countersign.systemtests.company;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.database.PostgresInstallation;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ports;
import org.countersign.cli.servers.ApplicationServer;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.servers.ServerSettings;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.NewerSchema;
import org.countersign.systemtests.harness.Packages;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;

/**
 * An application server with two companies in version 0.1.4, each with a database and a canary, and beside their folder the
 * ones of 0.1.5, the same WAR with one real migration more, and for b of 0.1.6, which contracts.
 */
final class TwoVersions implements AutoCloseable {

    static final String A = "signer-company-a";
    static final String B = "signer-company-b";
    static final String OLD = "014";
    static final String NEW = "015";
    static final String NEW_VERSION = "0.1.5";
    static final String NEWEST = "016";
    static final String NEWEST_VERSION = "0.1.6";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String USER = "countersign";
    private static final String PASSWORD = "password-of-the-database-user";

    private final Installation installation = Installation.locate();
    private final TestAuthority authority = new TestAuthority("Trusted authority of the tests");
    private final ServerKind kind;
    private final Path folder;
    private final Path unpackedTool;
    private final EmbeddedDatabase database;
    private final ServerSettings settings;
    private final ApplicationServer server;
    private final int port = Ports.free();

    private TwoVersions(ServerKind kind) throws IOException {
        this.kind = kind;
        this.folder = Files.createTempDirectory("countersign-two-versions");
        this.unpackedTool = Packages.unpack(installation, "countersign-tool", folder);
        this.database = new EmbeddedDatabase(
                PostgresInstallation.unpackedIn(installation.postgresqlHome()),
                folder.resolve("postgres"),
                folder.resolve("log/postgres.log"),
                "password-of-the-superuser");
        this.settings = new ServerSettings(kind, installation.home(kind), folder.resolve(kind.toString()))
                .httpPort(port)
                .heapMegabytes(1536)
                // Starts matter here, speed later does not.
                .jvmOption("-XX:TieredStopAtLevel=1");
        environment().forEach(settings::environment);
        for (String version : List.of(OLD, NEW, NEWEST)) {
            settings.systemProperty(
                    "signer-" + number(version) + ".config.location",
                    "file:" + version(version).resolve("application.properties"));
        }
        this.server = new ApplicationServer(settings);
    }

    static TwoVersions start(ServerKind kind) throws Exception {
        var two = new TwoVersions(kind);
        try {
            two.begin();
            return two;
        } catch (Exception | AssertionError failure) {
            two.close();
            throw failure;
        }
    }

    private void begin() throws Exception {
        for (String version : List.of(OLD, NEW, NEWEST)) {
            Files.createDirectories(version(version));
            Files.writeString(
                    version(version).resolve("application.properties"),
                    "configuration.fileName=" + version(version) + "/$CONTEXT_NAME.json\n");
        }
        var newer = folder.resolve("newer.war");
        int number = NewerWar.make(installation.signerWar(), newer, NEW_VERSION, "expand_labels", NewerSchema.EXPAND);
        NewerWar.make(
                newer,
                version(NEWEST).resolve(B + ".war"),
                NEWEST_VERSION,
                "contract_from_" + number + "_notes",
                "DROP TABLE credential_note;");
        database.start();
        var lines = new ArrayList<String>();
        environment().forEach((name, value) -> lines.add(name + "=" + value));
        Folders.writePrivate(
                environmentFile(), String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (String company : List.of(A, B)) {
            database.ensureDatabase(databaseName(company), USER, PASSWORD);
            Files.copy(installation.signerWar(), version(OLD).resolve(company + ".war"));
            Files.copy(newer, version(NEW).resolve(company + ".war"));
            Files.writeString(version(OLD).resolve(company + ".json"), configuration(company, null));
        }
        Files.createDirectories(deployments());
        for (String company : List.of(A, B)) {
            var wanted = tool().run("canary", company, "--json");
            var parts = JSON.readTree(wanted.output().substring(wanted.output().indexOf('{')));
            for (String version : List.of(OLD, NEW, NEWEST)) {
                Files.writeString(version(version).resolve(company + ".json"), configuration(company, parts));
            }
        }
        server.start();
        for (String company : List.of(A, B)) {
            server.deployments().deploy(company + ".war", version(OLD).resolve(company + ".war"));
        }
        awaitReady(A);
        awaitReady(B);
        for (String company : List.of(A, B)) {
            tool().run("canary", company).ok();
        }
    }

    void awaitReady(String company) throws IOException {
        server.awaitReady(URI.create(server.address() + "/" + company + "/health/ready"), PATIENCE, time -> {});
    }

    /** The server again after {@link #killServer}; what is deployed is what its folder has. */
    void startServer() throws IOException {
        server.start();
    }

    /** The step that a move of a company began last; empty when none is under way. */
    String step(String company) {
        try {
            return JSON.readTree(state().resolve(company + ".json").toFile())
                    .path("step")
                    .asText();
        } catch (IOException none) {
            return "";
        }
    }

    void killServer() {
        server.kill();
    }

    ApplicationServer server() {
        return server;
    }

    SignerApi api(String company) {
        return new SignerApi(URI.create(server.address() + "/" + company));
    }

    /** For seats of tenant {@code acme} at an address, such as a front's. */
    Enrolment enrolment(SignerApi api) {
        return new Enrolment(api, "application", "secret of the application", authority);
    }

    Connection database(String company) throws SQLException {
        return database.superuser(databaseName(company));
    }

    Path folder() {
        return folder;
    }

    Path version(String name) {
        return folder.resolve("opt").resolve(name);
    }

    Path state() {
        return folder.resolve("opt/moves");
    }

    Path deployments() {
        return kind == ServerKind.WILDFLY
                ? folder.resolve("wildfly/deployments")
                : folder.resolve("liberty/servers/countersign/dropins");
    }

    Path shippedNginx() {
        return installation.root().resolve("config/nginx");
    }

    /** The command without a front. */
    Tool tool() {
        return tool(List.of());
    }

    Tool tool(List<String> more) {
        var options = new ArrayList<String>(List.of(
                "--folder",
                folder.resolve("opt").toString(),
                "--server",
                kind.toString(),
                "--deployments",
                deployments().toString(),
                "--server-log",
                folder.resolve("liberty/log/messages.log").toString(),
                "--url",
                "http://127.0.0.1:" + port,
                "--environment-file",
                environmentFile().toString(),
                "--patience",
                "600"));
        options.addAll(more);
        return new Tool(unpackedTool, folder, options);
    }

    @Override
    public void close() throws IOException {
        server.close();
        database.close();
        var target = Path.of("target");
        if (Files.isDirectory(target) && Files.exists(server.log())) {
            Files.copy(
                    server.log(),
                    target.resolve("company-" + kind + ".log"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Folders.deleteTree(folder);
    }

    private Path environmentFile() {
        return folder.resolve("environment");
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("DATABASE_PASSWORD", PASSWORD);
        for (String company : List.of(A, B)) {
            var name = company.toUpperCase(Locale.ROOT).replace('-', '_');
            environment.put("SIGNER_SAD_KEY_" + name, "the SAD key of " + company + ", which is long enough");
            environment.put(
                    "SIGNER_MASTER_SECRET_" + name, "the master secret of " + company + ", which is long enough");
        }
        return environment;
    }

    private static String databaseName(String company) {
        return company.replace('-', '_');
    }

    private String number(String version) {
        return switch (version) {
            case OLD -> installation.version();
            case NEW -> NEW_VERSION;
            default -> NEWEST_VERSION;
        };
    }

    /** @param canary what the command wants added; null before */
    private String configuration(String company, JsonNode canary) throws IOException {
        ObjectNode file = JSON.createObjectNode();
        file.putObject("datasource")
                .put("url", database.url(databaseName(company)))
                .put("username", USER)
                .put("password", "${env:DATABASE_PASSWORD}");
        file.putObject("pinDerivation").put("memoryKiB", 1024);
        file.putObject("hsm").put("type", "homo").put("folder", "../keys-" + company);
        file.putObject("audit").put("anchorFolder", "../audit-anchor");
        ArrayNode tenants = file.putArray("tenants");
        tenants.addObject()
                .put("name", "acme")
                .put("defaultWebCertificateType", "HSMWebCertificate")
                .putArray("trustAnchors")
                .add(authority.rootPem());
        ArrayNode clients = file.putArray("oAuthClientDetails");
        clients.addObject()
                .put("clientId", "application")
                .put("clientSecret", "secret of the application")
                .put(
                        "authorities",
                        "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:acme")
                .put("authorizedGrantTypes", "client_credentials")
                .put("accessTokenValidity", 3600);
        if (canary != null) {
            tenants.add(canary.path("tenant"));
            clients.add(canary.path("oAuthClient"));
        }
        return "// " + company + "\n" + JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file);
    }
}
