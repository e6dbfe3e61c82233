package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.systemtests.harness.Browser;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/**
 * Sign-in at the console by an OpenID provider that others made, {@code oidc-provider}, on another site than the service. Needs
 * Node.js and npm.
 */
@ExtendWith(RunningServer.class)
class OpenIdIT {

    private static final Path SOURCES = Path.of("src/test/javascript/openid");
    private static final String CONTEXT = "ds-openid";
    private static final String SECRET = "a secret: of the client";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestServer server;

    @TempDir
    Path folder;

    OpenIdIT(Platform platform) {
        server = platform.server();
    }

    @Test
    void peopleSignInByTheirProviderAndDoWhatTheirGroupsSay() throws Exception {
        assumeTrue(isInstalled("node") && isInstalled("npm"), "Node.js and npm are not installed");
        for (var file : List.of("package.json", "package-lock.json", "provider.mjs")) {
            Files.copy(SOURCES.resolve(file), folder.resolve(file));
        }
        var npm = start("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        assertThat(npm.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(npm.exitValue()).isZero();
        var provider = start("node", "provider.mjs");
        try {
            var issuer = issuer(provider);
            try (var guest = Guest.deploy(server, CONTEXT, configuration(issuer))) {
                anOperatorSignsIn(guest);
                somebodyWithoutARoleIsRefused(guest);
                anAnswerCountsForWhoAsked(guest);
            }
            try (var guest = Guest.deploy(server, Guest.WIZARD, Guest.file(server, Guest.WIZARD, wizard(issuer)))) {
                aHolderSignsInAsTheOwnSeat(guest);
            }
        } finally {
            provider.destroy();
            provider.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private void anOperatorSignsIn(Guest guest) throws IOException {
        try (var browser = new Browser()) {
            signIn(browser, guest, "anna");
            browser.awaitPage("Devices");
            assertThat(browser.address()).startsWith(guest.api().context() + "/console/");
            assertThat(browser.text()).contains("anna (operator, auditor)");
            browser.press("nav", "Audit");
            browser.awaitText("oidc:anna");
            browser.awaitText("console.signed-in");
            // A change, with the session's token.
            var status = browser.run("""
                    const session = await (await fetch('../admin/v1/session')).json();
                    return (await fetch('../admin/v1/organisations', {method: 'POST', body: '{"name": "of Anna"}',
                        headers: {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrfToken}})).status;
                    """);
            assertThat(status).isEqualTo(201L);
            browser.press("Sign out");
            browser.awaitPage("Sign in");
            browser.find(By.linkText("Sign in with OpenID Connect"));
        }
    }

    private static void aHolderSignsInAsTheOwnSeat(Guest guest) throws IOException {
        try (var browser = new Browser()) {
            browser.open(guest.api().context() + "/");
            byProvider(browser, "carla");
            browser.awaitPage("My credentials");
            assertThat(browser.address()).startsWith(guest.api().context() + "/wizard/");
            // What the group says, and no more.
            assertThat(browser.all(By.cssSelector("nav a")).stream()
                            .map(link -> link.getText().strip()))
                    .containsExactly("My credentials", "Enrol", "Validate", "History");
            browser.press("main", "Set up a new credential");
            browser.choose(By.name("configuration"), "pin");
            browser.press("main", "Begin");
            browser.find(By.name("pin"));
            browser.press("nav", "History");
            browser.awaitText("credential begun");
            assertThat(browser.text()).contains("signed in", "oidc:carla");
            var seat = browser.run("return (await (await fetch('../api/v1/holder/history')).json()).length");
            assertThat(seat).isEqualTo(2L);
            browser.press("Sign out");
            browser.awaitPage("Sign in");
        }
        // The second has a role, but a name that is no seat's.
        for (var name : List.of("berta", "carla@acme")) {
            try (var browser = new Browser()) {
                browser.open(guest.api().context() + "/wizard/");
                byProvider(browser, name);
                browser.awaitText("You are signed in, but have no role here");
                browser.press("Back to signing in");
                browser.awaitPage("Sign in");
                assertThat(browser.address()).endsWith("/wizard/");
            }
        }
    }

    private String wizard(String issuer) {
        return """
                "audit": {"anchorFolder": "%s"},
                "wizard": {"tenant": "acme", "clientId": "acme", "issuer": "%s", "openId": {
                  "issuer": "%s", "clientId": "countersign", "clientSecret": "%s",
                  "roles": {"lister": ["holders"], "generator": ["holders"], "signer": ["nobody"]}
                }}
                """.formatted(folder.resolve("anchor"), server.address(Guest.WIZARD), issuer, SECRET);
    }

    private static void somebodyWithoutARoleIsRefused(Guest guest) throws IOException {
        try (var browser = new Browser()) {
            signIn(browser, guest, "berta");
            browser.awaitText("You are signed in, but have no role here");
            browser.press("Back to signing in");
            browser.awaitPage("Sign in");
        }
    }

    private static void signIn(Browser browser, Guest guest, String name) {
        browser.open(guest.api().context() + "/console/");
        byProvider(browser, name);
    }

    private static void byProvider(Browser browser, String name) {
        browser.awaitPage("Sign in");
        assertThat(browser.count(By.name("password"))).isZero();
        browser.press("Sign in with OpenID Connect");
        browser.type("login", name);
        browser.type("password", "any");
        browser.find(By.cssSelector("button[type=submit]")).click();
        browser.find(By.xpath("//button[normalize-space()='Continue']")).click();
    }

    private static void anAnswerCountsForWhoAsked(Guest guest) throws Exception {
        var begun = send(guest, "/console/openid", "");
        assertThat(begun.statusCode()).isEqualTo(303);
        assertThat(begun.headers().firstValue("Location").orElseThrow())
                .startsWith("http://localhost:")
                .contains("code_challenge_method=S256")
                .contains("scope=openid+profile");
        var set = begun.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set)
                .matches("countersign-openid=[A-Za-z0-9_-]{43}; Path=/ds-openid/console/openid; Max-Age=600; HttpOnly;"
                        + " SameSite=Lax");
        var cookie = set.substring(0, set.indexOf(';'));
        var state = begun.headers()
                .firstValue("Location")
                .orElseThrow()
                .replaceFirst(".*[?&]state=([A-Za-z0-9_-]+).*", "$1");

        assertThat(send(guest, "/console/openid/callback?code=a&state=" + state, "")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(guest, "/console/openid/callback?code=a&state=another", cookie)
                        .statusCode())
                .isEqualTo(400);
        // Without its issuer's name.
        var refused = send(guest, "/console/openid/callback?code=a&state=" + state, cookie);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(refused.headers().allValues("Set-Cookie"))
                .noneMatch(value -> value.startsWith("countersign-session"));
    }

    private static HttpResponse<String> send(Guest guest, String path, String cookie)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(guest.api().context() + path)).header("Accept", "text/html");
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private String configuration(String issuer) throws IOException {
        var secret = Files.writeString(folder.resolve("master"), "the master secret of people with a provider");
        return """
                {
                  "datasource": %s,
                  "issuer": "%s",
                  "masterSecret": "${file:%s}",
                  "releases": {"folder": "%s"},
                  "audit": {"anchorFolder": "%s"},
                  "loopback": {"names": ["localhost"]},
                  "console": {"openId": {
                    "issuer": "%s", "clientId": "countersign", "clientSecret": "%s",
                    "roles": {"operator": ["ds-operators"], "auditor": ["auditors", "ds-operators"]}
                  }},
                  "oAuthClientDetails": []
                }
                """.formatted(
                        Guest.datasource(server, CONTEXT),
                        server.address(CONTEXT),
                        secret,
                        Files.createDirectories(folder.resolve("releases")),
                        folder.resolve("anchor"),
                        issuer,
                        SECRET);
    }

    /** Of the provider that is starting. */
    private String issuer(Process provider) throws IOException, InterruptedException {
        var port = folder.resolve("port");
        for (int i = 0; i < 600 && provider.isAlive() && !Files.exists(port); i++) {
            provider.waitFor(100, TimeUnit.MILLISECONDS);
        }
        assertThat(port).as(Files.readString(folder.resolve("output.txt"))).exists();
        return "http://localhost:" + Files.readString(port);
    }

    private Process start(String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment()
                .putAll(Map.of(
                        "CLIENT",
                        "countersign",
                        "SECRET",
                        SECRET,
                        "REDIRECT",
                        server.address(CONTEXT) + "/console/openid/callback " + server.address(Guest.WIZARD)
                                + "/wizard/openid/callback"));
        return builder.start();
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
