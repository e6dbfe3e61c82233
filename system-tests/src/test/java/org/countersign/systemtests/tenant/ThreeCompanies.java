package org.countersign.systemtests.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;

/** A server with three companies, and the command that moves a tenant among them. */
final class ThreeCompanies implements AutoCloseable {

    static final String NORTH = "signer-north";
    static final String SOUTH = "signer-south";
    static final String WEST = "signer-west";
    static final String CLIENT = "movers";
    static final String SECRET = "secret of the movers";
    static final String PASSPHRASE = "a passphrase that nobody guesses";
    static final TestAuthority AUTHORITY = new TestAuthority("Movers");

    private static final JsonMapper JSON = new JsonMapper();

    private final TestServer server;
    private final TenantTool tool;
    private final Path folder;
    private final Path passphrase;
    private final Path file;

    private ThreeCompanies(TestServer server, TenantTool tool, Path folder) throws IOException {
        this.server = server;
        this.tool = tool;
        this.folder = folder;
        this.passphrase = tool.secret("passphrase", PASSPHRASE + "\n");
        this.file = folder.resolve("moved.tenant");
    }

    static ThreeCompanies start(Path folder) throws Exception {
        var companies = List.of(
                new Company(NORTH, "north", root -> configuration("north", "PKCS12DBWebCertificate", CLIENT), Map.of()),
                new Company(SOUTH, "south", root -> configuration("south", "HSMWebCertificate", "locals"), Map.of()),
                new Company(WEST, "west", root -> configuration("west", "PKCS12DBWebCertificate", CLIENT), Map.of()));
        var server = TestServer.start(companies.subList(0, 1), companies.subList(1, 3), settings -> {});
        try {
            assertThat(server.deploy(SOUTH)).isTrue();
            assertThat(server.deploy(WEST)).isTrue();
            var environment = new HashMap<String, String>();
            companies.forEach(company ->
                    environment.putAll(company.environment(server.database().url(company.database()))));
            return new ThreeCompanies(server, new TenantTool(server, environment, folder), folder);
        } catch (Exception | AssertionError failure) {
            server.close();
            throw failure;
        }
    }

    TestServer server() {
        return server;
    }

    TenantTool tool() {
        return tool;
    }

    /** A file with {@link #PASSPHRASE}. */
    Path passphrase() {
        return passphrase;
    }

    /** Where the tenant is exported to first. */
    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    TenantTool.Run export(String context, Path out) throws Exception {
        return tool.run(
                "tenant",
                "export",
                "--context",
                context,
                "--tenant",
                "moved",
                "--out",
                out.toString(),
                "--passphrase-file",
                passphrase.toString(),
                "--json");
    }

    String[] importArguments(String context, String... more) {
        var arguments = new ArrayList<>(List.of(
                "tenant",
                "import",
                file.toString(),
                "--context",
                context,
                "--passphrase-file",
                passphrase.toString(),
                "--json"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    TenantTool.Run importInto(String context, String... more) throws Exception {
        return tool.run(importArguments(context, more));
    }

    Path changed(byte[] good, int at) throws IOException {
        var bad = good.clone();
        bad[at] = (byte) (bad[at] == 'A' ? 'B' : 'A');
        return Files.write(Files.createTempFile(folder, "changed", ".tenant"), bad);
    }

    Path written(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "changed", ".tenant"), text);
    }

    /** Everything that an import could change in the south: rows of three tables, and the folder's files. */
    List<Object> south() throws Exception {
        var state = new ArrayList<Object>(rows("south"));
        state.add(keyFiles());
        return state;
    }

    List<Long> rows(String database) throws SQLException {
        return List.of(
                count(database, "SELECT count(*) FROM credential"),
                count(database, "SELECT count(*) FROM oauth_client"),
                count(database, "SELECT count(*) FROM tenant_import"));
    }

    long keyFiles() throws IOException {
        var keys = server.folder().resolve("keys-south");
        if (!Files.isDirectory(keys)) {
            return 0;
        }
        try (var files = Files.list(keys)) {
            return files.count();
        }
    }

    long count(String database, String sql) throws SQLException {
        try (var connection = server.database().superuser(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void execute(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    void execute(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("command.txt").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("command.txt")))
                .isZero();
    }

    static JsonNode report(TenantTool.Run run) throws IOException {
        var line = run.output().lines().filter(text -> text.startsWith("{")).findFirst();
        return JSON.readTree(line.orElseThrow(() -> new AssertionError(run.output())));
    }

    static String pem(TestAuthority authority) {
        return authority.rootPem().strip().replace("\n", "\\n");
    }

    static String configuration(String database, String vault, String client) {
        var tenant = "{\"name\": \"%s\", \"trustAnchors\": [\"" + pem(AUTHORITY) + "\"],"
                + " \"defaultWebCertificateType\": \"" + vault + "\"}";
        var variable = database.toUpperCase(java.util.Locale.ROOT);
        return "{\"datasource\": {\"url\": \"${env:" + variable + "_DATABASE_URL}\", \"username\": \"${env:" + variable
                + "_DATABASE_USER}\", \"password\": \"${env:" + variable + "_DATABASE_PASSWORD}\"},\n"
                + "\"hsm\": {\"type\": \"homo\", \"folder\": \"../keys-" + database + "\"},\n"
                + "\"audit\": {\"anchorFolder\": \"../audit-anchor\"},\n"
                + "\"tenants\": [" + tenant.formatted("moved") + ", " + tenant.formatted("staying") + "],\n"
                + "\"authorizationConfigurations\": [\n"
                + "{\"id\": \"pin\", \"factors\": [\"PIN\"], \"maxFailures\": 3},\n"
                + "{\"id\": \"otp\", \"factors\": [\"OTP\"], \"maxFailures\": 3},\n"
                + "{\"id\": \"pin-otp\", \"factors\": [\"PIN\", \"OTP\"], \"maxFailures\": 3}],\n"
                + "\"oAuthClientDetails\": [{\"clientId\": \"" + client + "\", \"clientSecret\": \"secret of the "
                + client + "\", \"authorities\": \"trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,"
                + "apiGroup:generator,tenantName:moved,tenantName:staying\","
                + " \"authorizedGrantTypes\": \"client_credentials\", \"accessTokenValidity\": 3600}]}";
    }
}
