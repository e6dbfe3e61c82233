package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.servers.ServerKind;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in at the console with an account of the application server: WildFly's application realm, Open Liberty's registry. */
class ServerAccountsIT {

    private static final String CONTEXT = "ds-accounts";
    private static final String PASSWORD = "A password of the server's, 1";
    private static final String REGISTRY = """
            <server>
              <featureManager><feature>appSecurity-5.0</feature></featureManager>
              <webAppSecurity useAuthenticationDataForUnprotectedResource="false"/>
              <basicRegistry id="people" realm="people">
                <user name="anna" password="%1$s"/><user name="berta" password="%1$s"/><user name="operator" password="%1$s"/>
                <group name="operator"><member name="anna"/><member name="operator"/></group>
                <group name="auditor"><member name="anna"/></group>
              </basicRegistry>
            </server>
            """;

    @TempDir
    private static Path folder;

    private static TestServer server;
    private static Guest guest;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(List.of());
        server.killServer();
        if (TestServer.KIND == ServerKind.WILDFLY) {
            addUser("anna", "operator,auditor");
            addUser("berta", "visitor");
            addUser("operator", "operator");
        } else {
            var overrides = server.folder().resolve("liberty/servers/countersign/configDropins/overrides");
            Files.createDirectories(overrides);
            Files.writeString(overrides.resolve("people.xml"), REGISTRY.formatted(PASSWORD));
        }
        server.startServer();
        guest = Guest.deploy(server, CONTEXT, configuration());
        server.awaitReady(CONTEXT);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    /** As WildFly's administrators do. */
    private static void addUser(String name, String groups) throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                        server.installation()
                                .home(TestServer.KIND)
                                .resolve("bin/add-user.sh")
                                .toString(),
                        "-a",
                        "-sc",
                        server.folder().resolve("wildfly/configuration").toString(),
                        "-u",
                        name,
                        "-p",
                        PASSWORD,
                        "-g",
                        groups,
                        "-s")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("add-user.txt").toFile());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = command.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("add-user.txt")))
                .isZero();
    }

    @Test
    void whoTheServerKnowsSignsInWithTheServersRoles() {
        var answer = nobody().signIn("anna", PASSWORD).ok();
        assertThat(answer.texts("roles")).containsExactly("operator", "auditor");
        assertNothingOfTheContainers(answer);

        var anna = new ConsoleVisitor(guest.api(), ConsoleVisitor.cookie(answer), answer.text("csrfToken"));
        assertThat(anna.get(ConsoleVisitor.SESSION).ok().text("user")).isEqualTo("anna");
        anna.get("/admin/v1/devices").ok();
        assertThat(anna.post("/admin/v1/organisations", Map.of("name", "of Anna"))
                        .status())
                .isEqualTo(201);
        assertThat(anna.get("/admin/v1/audit?client=server:anna").ok().body()).contains("console.signed-in");
        anna.delete(ConsoleVisitor.SESSION);
        anna.get("/admin/v1/devices").refused(401, "invalid_token", "Token was not recognized");
    }

    @Test
    void whoHasNoneOfTheRolesIsRefused() {
        nobody().signIn("berta", PASSWORD).refused(403, "access_denied", "You have no role here");
        nobody().get("/admin/v1/devices").refused(401, "invalid_token", "Token was not recognized");
    }

    @Test
    void aWrongPasswordIsRefusedAlike() {
        for (var name : List.of("anna", "berta", "nobody")) {
            var answer = nobody().signIn(name, "wrong");
            answer.refused(403, "access_denied", "The user name or the password is wrong");
            assertNothingOfTheContainers(answer);
        }
    }

    @Test
    void aNameOfTheFileHasTheFilesPasswordAlone() {
        nobody().signIn("operator", PASSWORD).refused(403, "access_denied", "The user name or the password is wrong");
        nobody().signIn("Operator", PASSWORD).refused(403, "access_denied", "The user name or the password is wrong");
        nobody().signIn("operator", ConsoleVisitor.PASSWORD).ok();
    }

    @Test
    void guessesOfAnAccountEndBeforeADirectoryLocksIt() {
        for (int i = 0; i < 5; i++) {
            nobody().signIn(i % 2 == 0 ? "carla" : "Carla", "wrong " + i, "X-Forwarded-For", "203.0.113." + i)
                    .refused(403, "access_denied", "The user name or the password is wrong");
        }
        assertThat(nobody().signIn("carla", "wrong", "X-Forwarded-For", "203.0.113.9")
                        .status())
                .isEqualTo(429);
    }

    /** What a browser or a client of the API sends of itself is no question to the server. */
    @Test
    void aPasswordIsNotTriedElsewhere() {
        var basic = "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString(("anna:" + PASSWORD).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var answer = nobody().get("/health/ready", "Authorization", basic);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(nobody().get("/admin/v1/devices", "Authorization", basic).status())
                .isEqualTo(401);
    }

    /** The service's own session is the only one. */
    private static void assertNothingOfTheContainers(Answer answer) {
        assertThat(answer.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> !cookie.startsWith("countersign-session="))
                .allMatch(
                        cookie -> cookie.matches("[A-Za-z0-9]+=(\"\")?;.*|.*; Expires=Thu, 01-Jan-1970 00:00:00 GMT"),
                        "is over");
    }

    private static ConsoleVisitor nobody() {
        return ConsoleVisitor.at(guest.api());
    }

    private static String configuration() throws IOException {
        var secret = Files.writeString(folder.resolve("master"), "the master secret of people of the server");
        // That of the demonstration's user.
        var hash = Files.readString(server.installation().root().resolve("config/tenants/ds-acme.json"))
                .replaceFirst("(?s).*?\"passwordHash\": \"([^\"]+)\".*", "$1");
        return """
                {
                  "datasource": %s,
                  "issuer": "%s",
                  "masterSecret": "${file:%s}",
                  "releases": {"folder": "%s"},
                  "audit": {"anchorFolder": "%s"},
                  "loopback": {"names": ["localhost"]},
                  "console": {
                    "serverAccounts": true, "users": [{"name": "operator", "passwordHash": "%s", "roles": ["operator"]}]
                  },
                  "oAuthClientDetails": []
                }
                """.formatted(
                        Guest.datasource(server, CONTEXT),
                        server.address(CONTEXT),
                        secret,
                        Files.createDirectories(folder.resolve("releases")),
                        folder.resolve("anchor"),
                        hash);
    }
}
