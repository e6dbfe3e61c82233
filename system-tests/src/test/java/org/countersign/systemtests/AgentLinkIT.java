package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.LocalAgent;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.TlsFront;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real agents and a real distribution service, behind a front that ends TLS. */
@ExtendWith(RunningServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentLinkIT {

    private static final String CONTEXT = "ds-agents";
    private static final String PAGE = "https://shop.example.com";
    private static final String SECRET = "secret of the operator of agents";
    /** Less than the agent waits for an answer of the service. */
    private static final Duration SOON = Duration.ofSeconds(25);

    private static final Path SOFTHSM = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final Path FAKETIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    private final Platform platform;
    private final TestServer server;
    private final TlsFront front;
    private final SignerApi ds;
    private final Caller operator;
    private final String organisation;
    private final String registrationKey;
    private final String label = "shop-" + UUID.randomUUID();
    private final String apiKey;

    AgentLinkIT(Platform platform) throws IOException, InterruptedException, SQLException {
        this.platform = platform;
        this.server = platform.server();
        this.front = TlsFront.start(server.address(CONTEXT));
        server.database().ensureDatabase("agents", TestServer.DATABASE_USER, TestServer.DATABASE_PASSWORD);
        var master = server.folder().resolve("agents-master-secret");
        Files.writeString(master, "the master secret of the agents, which is long enough");
        server.writeConfiguration(CONTEXT, configuration(master));
        assertThat(server.deploy(CONTEXT)).isTrue();
        this.ds = server.api(CONTEXT);
        this.operator = ds.as("operator", SECRET, "");
        this.organisation = operator.post("/admin/v1/organisations", Map.of("name", "agents"))
                .ok()
                .text("id");
        this.registrationKey = operator.post(
                        "/admin/v1/registration-keys", Map.of("organisation", organisation, "name", "agents"))
                .ok()
                .text("key");
        var application = operator.post(
                        "/admin/v1/applications",
                        Map.of("organisationId", organisation, "label", label, "origins", List.of(PAGE)))
                .ok()
                .text("id");
        this.apiKey = Http.send(operator.request("/admin/v1/applications/" + application + "/api-keys")
                        .POST(BodyPublishers.noBody()))
                .ok()
                .text("key");
        operator.post(
                        "/admin/v1/atrs",
                        Map.of("organisation", organisation, "atr", "3B 8F CC .", "description", List.of("Our card")))
                .ok();
    }

    @AfterAll
    void stop() throws IOException {
        front.goOn();
        server.undeploy(CONTEXT);
        front.close();
    }

    private String configuration(Path master) {
        return """
                {
                  "datasource": {"url": "@URL@", "username": "@USER@", "password": "@PASSWORD@"},
                  "issuer": "@ISSUER@",
                  "masterSecret": "${file:@MASTER@}",
                  "releases": {"folder": "../releases-of-agents"},
                  "sync": {"intervalInSeconds": 10},
                  "trustedIssuers": [{"issuer": "@SIGNER@", "jwksUri": "@SIGNER_ADDRESS@/.well-known/jwks.json"}],
                  "oAuthClientDetails": [{
                    "clientId": "operator", "clientSecret": "@SECRET@", "authorizedGrantTypes": "client_credentials",
                    "authorities": "trustLevel:trustedClient,apiGroup:operator,apiGroup:support",
                    "accessTokenValidity": 3600
                  }]
                }
                """.replace("@URL@", server.database().url("agents"))
                .replace("@USER@", TestServer.DATABASE_USER)
                .replace("@PASSWORD@", TestServer.DATABASE_PASSWORD)
                .replace("@ISSUER@", issuer())
                .replace("@MASTER@", master.toString())
                .replace("@SIGNER@", Company.ACME_ISSUER)
                .replace("@SIGNER_ADDRESS@", server.address(Company.ACME).toString())
                .replace("@SECRET@", SECRET);
    }

    private String issuer() {
        return front.address() + "/" + CONTEXT;
    }

    private LocalAgent agent(Path data, String... more) throws IOException {
        return agent(
                data,
                Map.of("SOFTHSM2_CONF", data.resolveSibling("softhsm.conf").toString()),
                registrationKey,
                more);
    }

    private LocalAgent agent(Path data, Map<String, String> environment, String key, String... more)
            throws IOException {
        var settings = new ArrayList<>(List.of(
                "--consent.required=false",
                "--ds.url=" + issuer(),
                "--ds.registration.key=" + key,
                "--https.trust=" + front.authority()));
        settings.addAll(List.of(more));
        return LocalAgent.start(data, List.of(), environment, settings.toArray(String[]::new));
    }

    private String token() {
        return Http.send(ds.request("/v3/tokens/application").header("apikey", apiKey))
                .ok()
                .text("data");
    }

    private static int status(LocalAgent agent, String token) {
        return agent.get("/v3/readers", PAGE, token).status();
    }

    private static void awaitUsable(LocalAgent agent, String token) throws IOException {
        agent.await("let the page in", () -> status(agent, token) == 200);
    }

    private static String device(LocalAgent agent) {
        return agent.get("/info", PAGE, "")
                .json()
                .path("t1CInfoAPI")
                .path("uid")
                .asText();
    }

    @Test
    void itRegistersAndLearnsWhomToTrustAndKeepsItWhileTheServiceIsAway(@TempDir Path folder) throws Exception {
        var data = folder.resolve("agent");
        Files.createDirectories(data);
        Files.writeString(
                data.resolve("consents.json"),
                "{\"consents\": [" + consent("a", "2999-01-01T00:00:00Z") + ", " + consent("b", "2001-01-01T00:00:00Z")
                        + "], \"codeWords\": []}");
        var token = token();
        try (var agent = agent(data)) {
            awaitUsable(agent, token);
            assertThat(agent.get("/v3/readers", "https://other.example.com", token)
                            .status())
                    .isEqualTo(403);
            var shown = operator.get("/admin/v1/devices/" + device(agent)).ok();
            assertThat(shown.text("organisation")).isEqualTo(organisation);
            agent.await("told of the one consent that holds", () -> consents(agent) == 1);
            agent.await(
                    "had the maps", () -> agent.get("/atrs", PAGE, token).body().contains("3B8FCC."));
            agent.await("showed the service's certificate", () -> verifies(agent, folder));
            assertThat(agent.log()).doesNotContain(registrationKey);
        }
        front.stall();
        try {
            long begin = System.nanoTime();
            try (var agent = agent(data)) {
                assertThat(status(agent, token)).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
                assertThat(agent.get("/atrs", PAGE, token).body()).contains("3B8FCC.");
                assertThat(verifies(agent, folder)).isTrue();
                // Nobody can tell whether it is good: the one call that has to wait does not wait long.
                begin = System.nanoTime();
                assertThat(status(agent, token.replaceFirst("\\.[^.]*$", ".AAAA")))
                        .isEqualTo(401);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
                assertThat(agent.log()).doesNotContain(registrationKey);
            }
        } finally {
            front.goOn();
        }
    }

    private static String consent(String name, String end) {
        return "{\"id\": \"" + name + "\", \"type\": \"reader\", \"origin\": \"https://" + name
                + ".example.com\", \"user\": \"" + name + "\", \"browser\": \"\", \"days\": 1, \"end\": \"" + end
                + "\"}";
    }

    private int consents(LocalAgent agent) {
        return operator.get("/admin/v1/devices/" + device(agent))
                .ok()
                .json()
                .path("consents")
                .asInt(-1);
    }

    /** By openssl, against the organisation's authority. */
    private boolean verifies(LocalAgent agent, Path folder) {
        try {
            var authority = operator.get("/admin/v1/organisations/" + organisation + "/loopback-authority")
                    .ok();
            var pem = folder.resolve("authority.pem");
            Files.writeString(pem, authority.text("certificate"));
            var process = new ProcessBuilder(
                            "openssl",
                            "s_client",
                            "-connect",
                            "localhost:" + agent.httpsPort(),
                            "-CAfile",
                            pem.toString(),
                            "-verify_hostname",
                            "localhost",
                            "-verify_return_error")
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && output.contains("Verify return code: 0 (ok)");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    @Test
    void transactionsArriveOnceThroughAnOutageAndAKill(@TempDir Path folder) throws Exception {
        assumeTrue(Files.exists(SOFTHSM), "SoftHSM is not installed");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm.conf"), "directories.tokendir = " + folder.resolve("tokens") + "\n");
        var made = new ProcessBuilder(
                "softhsm2-util", "--init-token", "--free", "--label", "test", "--so-pin", "12345678", "--pin", "1234");
        made.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
        assertThat(made.start().waitFor()).isZero();
        var data = folder.resolve("agent");
        var library = "--pkcs11.libraries=" + SOFTHSM;
        var token = token();
        String device;
        try (var agent = agent(data, library)) {
            awaitUsable(agent, token);
            device = device(agent);
            use(agent, token, "before");
            agent.await("sent a transaction", () -> arrived(device).size() == 1);
            front.stall();
            for (int i = 0; i < 5; i++) {
                long begin = System.nanoTime();
                use(agent, token, "away-" + i);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
            }
            assertThat(agent.get("/ds/transactions", PAGE, token).ok().json().path("data"))
                    .hasSizeGreaterThanOrEqualTo(5);
            agent.kill();
        }
        try (var agent = agent(data, library)) {
            use(agent, token, "after the kill");
            front.goOn();
            agent.await("sent what waited", () -> arrived(device).size() >= 7);
            server.undeploy(CONTEXT);
            use(agent, token, "undeployed");
            assertThat(server.deploy(CONTEXT)).isTrue();
            agent.await("sent what waited again", () -> arrived(device).size() >= 8);
            agent.await(
                    "had an empty queue",
                    () -> agent.get("/ds/transactions", PAGE, token)
                            .ok()
                            .json()
                            .path("data")
                            .isEmpty());
        } finally {
            front.goOn();
        }
        var tags = new ArrayList<>(List.of("after the kill", "before", "undeployed"));
        IntStream.range(0, 5).forEach(i -> tags.add("away-" + i));
        var all = arrived(device);
        assertThat(all.stream().map(row -> row.path("tag").asText())).containsExactlyInAnyOrderElementsOf(tags);
        assertThat(all).allSatisfy(row -> {
            assertThat(row.path("label").asText()).isEqualTo(label);
            assertThat(row.path("module").asText()).isEqualTo("pkcs11");
            assertThat(row.path("useCase").asText()).isEqualTo("info");
        });
    }

    private static void use(LocalAgent agent, String token, String tag) {
        agent.get("/v3/modules/pkcs11/apps/token/info", PAGE, token, "X-T1C-BILLING-TAG", tag)
                .ok();
    }

    private List<com.fasterxml.jackson.databind.JsonNode> arrived(String device) {
        var rows = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
        operator.get("/admin/v1/transactions?device=" + device).ok().json().forEach(rows::add);
        return rows;
    }

    @Test
    void aRotationOfKeysIsFollowed(@TempDir Path folder) throws Exception {
        try (var agent = agent(folder.resolve("agent"))) {
            var before = token();
            awaitUsable(agent, before);
            for (int i = 0; i < 2; i++) {
                Http.send(operator.request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                        .ok();
            }
            assertThat(status(agent, token())).isEqualTo(200);
            assertThat(status(agent, before)).isEqualTo(200);
        }
    }

    @Test
    void aTokenOfTheSignerIsAccepted(@TempDir Path folder) throws Exception {
        var secret = "secret of a connector's client";
        var id = "connector-" + UUID.randomUUID();
        client(id, secret, "trustLevel:trustedClient,apiGroup:connector,origin:" + PAGE)
                .ok();
        try (var agent = agent(folder.resolve("agent"))) {
            awaitUsable(agent, token());
            var given = signerToken(id, secret, "connector").ok();
            assertThat(given.json().path("expires_in").asInt()).isEqualTo(600);
            awaitUsable(agent, given.text("access_token"));
            assertThat(agent.get("/v3/readers", "https://other.example.com", given.text("access_token"))
                            .status())
                    .isEqualTo(403);
            // It opens nothing at the signer.
            assertThat(platform.acme()
                            .with(given.text("access_token"))
                            .get("/api/v1/authorization-configurations")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void theSignerGivesSuchTokensToNobodyElse() {
        var secret = "secret of another client";
        var id = "other-" + UUID.randomUUID();
        client(id, secret, "trustLevel:trustedClient,apiGroup:lister,tenantName:acme")
                .ok();
        assertThat(signerToken(id, secret, "connector").status()).isEqualTo(403);
        signerToken(id, secret, "somebody").refused(400, "invalid_request", "No tokens are given for this audience");
        client(id + "x", secret, "trustLevel:trustedClient,apiGroup:connector").refusal();
        client(id + "x", secret, "trustLevel:trustedClient,apiGroup:connector,origin:https://a.example.com/x")
                .refusal();
        var keys = platform.acme().get("/.well-known/jwks.json").ok().json().path("keys");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(2);
        assertThat(keys).allSatisfy(key -> assertThat(key.has("d")).isFalse());
    }

    private Answer client(String id, String secret, String authorities) {
        return platform.acme()
                .asAdministrator()
                .post(
                        "/api/v1/oauth-clients",
                        Map.of(
                                "clientId", id,
                                "clientSecret", secret,
                                "authorizedGrantTypes", "client_credentials",
                                "accessTokenValidity", 600,
                                "authorities", authorities));
    }

    private Answer signerToken(String id, String secret, String audience) {
        return platform.acme()
                .form(
                        "/oauth/token",
                        Map.of(
                                "client_id", id,
                                "client_secret", secret,
                                "grant_type", "client_credentials",
                                "audience", audience));
    }

    @Test
    void aClockThatIsWrongPutsItselfRight(@TempDir Path folder) throws Exception {
        assumeTrue(Files.exists(FAKETIME), "libfaketime is not installed");
        for (var wrong : List.of("-31d", "+31d")) {
            // Without the last, waits for a time end at once.
            var environment = Map.of(
                    "LD_PRELOAD",
                    FAKETIME.toString(),
                    "FAKETIME",
                    wrong,
                    "FAKETIME_DONT_FAKE_MONOTONIC",
                    "1",
                    "FAKETIME_FORCE_MONOTONIC_FIX",
                    "0");
            try (var agent = agent(folder.resolve("agent" + wrong), environment, registrationKey)) {
                awaitUsable(agent, token());
                operator.get("/admin/v1/devices/" + device(agent)).ok();
            }
        }
    }

    @Test
    void whatIsNotTrustedIsNotSpokenTo(@TempDir Path folder) throws Exception {
        try (var agent = LocalAgent.start(
                folder.resolve("agent"),
                List.of(),
                Map.of(),
                "--consent.required=false",
                "--ds.url=" + issuer(),
                "--ds.registration.key=" + registrationKey,
                "--origins=" + PAGE)) {
            agent.await("said that it is not trusted", () -> logged(agent, "tried again"));
            var information = agent.get("/info", PAGE, "").ok().json().path("t1CInfoAPI");
            assertThat(information.path("activated").asBoolean(true)).isFalse();
            assertThat(status(agent, token())).isEqualTo(401);
        }
        try (var agent = agent(folder.resolve("other"), Map.of(), "x".repeat(43), "--origins=" + PAGE)) {
            agent.await("said what is wrong", () -> logged(agent, "registration key is unknown"));
            assertThat(status(agent, token()))
                    .as("its issuer is trusted all the same")
                    .isEqualTo(200);
        }
    }

    private static boolean logged(LocalAgent agent, String text) {
        try {
            return agent.log().contains(text);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void logsReachTheSupportDeskWithoutTokens(@TempDir Path folder) throws Exception {
        var data = folder.resolve("agent");
        try (var agent = agent(data)) {
            var token = token();
            awaitUsable(agent, token);
            // As a log file that was the latest before.
            Files.writeString(data.resolve("logs/agent.1.log"), "a line, and by mistake " + token + "\n");
            assertThat(agent.get("/logs/push", PAGE, token).status())
                    .as("needs what no simple request has")
                    .isEqualTo(403);
            var id = agent.get("/logs/push", PAGE, token, "X-CSRF-Token", "1")
                    .ok()
                    .json()
                    .path("data")
                    .path("id")
                    .asText();
            var file = folder.resolve("bundle.gz");
            var request = operator.request("/admin/v1/log-bundles/" + id)
                    .setHeader("Accept", "application/gzip")
                    .build();
            java.net.http.HttpClient.newHttpClient()
                    .send(request, java.net.http.HttpResponse.BodyHandlers.ofFile(file));
            try (var gzip = new java.util.zip.GZIPInputStream(Files.newInputStream(file))) {
                assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("a line, and by mistake (token)")
                        .doesNotContain(token);
            }
        }
    }
}
