package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.BrowserRig;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The demonstration page and what stands behind it. */
@ExtendWith(RunningServer.class)
class DemonstrationPageIT {

    private static final String ORIGIN = "https://ds.example.com";

    private final SignerApi ds;

    DemonstrationPageIT(Platform platform) {
        ds = platform.ds();
    }

    private String application(ConsoleVisitor operator, String label, String origin) {
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", label))
                .ok()
                .text("id");
        return operator.post(
                        "/admin/v1/applications",
                        Map.of("organisationId", organisation, "label", label, "origins", List.of(origin)))
                .ok()
                .text("id");
    }

    @Test
    void anOperatorSignsAFileWithACard(@TempDir Path folder) throws Exception {
        var operator = ConsoleVisitor.as(ds, "operator");
        var label = "demonstration-" + UUID.randomUUID();
        var application = application(operator, label, ORIGIN);
        try (var rig = BrowserRig.start(ds.context(), Company.DS_ISSUER)) {
            var browser = rig.browser();
            browser.open(Company.DS_ISSUER + "/demo");
            browser.awaitPage("Sign with a card");
            assertThat(browser.address()).endsWith("/demo/");
            browser.awaitText("Sign in there as an operator");
            browser.press("main", "To the console");
            browser.awaitPage("Sign in");
            browser.type("user", "operator");
            browser.type("password", ConsoleVisitor.PASSWORD);
            browser.press("main", "Sign in");
            browser.awaitPage("Devices");

            browser.open(Company.DS_ISSUER + "/demo/");
            browser.awaitPage("Sign with a card");
            browser.find(By.tagName("summary")).click();
            browser.type("https", rig.untrusted().httpsPort());
            browser.type("http", rig.untrusted().httpPort());
            browser.press("main", "Find the agent");
            browser.awaitText("does not trust its certificate");
            browser.type("https", rig.agent().httpsPort());
            browser.type("http", rig.agent().httpPort());
            browser.press("main", "Find the agent");
            browser.awaitText("Virtual PCD");
            browser.press("main", "Look again");
            browser.press("main", "Certificates (piv)");
            browser.awaitText("CN=Card rsa");
            assertThat(browser.all(By.xpath("//button[.='Sign with it']"))).hasSize(2);
            browser.all(By.xpath("//tr[contains(., 'CN=Card rsa')]//button"))
                    .get(0)
                    .click();

            var file = "%PDF-1.7\nA file that stays in the page.\n%%EOF\n".getBytes(StandardCharsets.UTF_8);
            browser.find(By.name("file"))
                    .sendKeys(Files.write(folder.resolve("file.pdf"), file).toString());
            browser.type("pin", BrowserRig.PIN);
            browser.press("main", "Sign");
            var made = browser.find(By.id("made")).getText();
            assertThat(rig.verifies(
                            "rsa",
                            MessageDigest.getInstance("SHA-256").digest(file),
                            Base64.getDecoder().decode(made)))
                    .isTrue();

            browser.choose(By.id("language"), "es");
            browser.awaitPage("Firmar con una tarjeta");
            // What the browser tells is of the agents' answers: nothing of the page's scripts and policy.
            assertThat(browser.complaints())
                    .allMatch(line -> line.matches("https?://localhost:[0-9]+/(info|device-keys) - Failed to load .*"));
            assertThat(rig.agent().log()).doesNotContain(BrowserRig.PIN);
        } finally {
            operator.delete("/admin/v1/applications/" + application);
        }
    }

    @Test
    void tokensForThePageAreForOperatorsAndForThisServicesOrigin() {
        var operator = ConsoleVisitor.as(ds, "operator");
        var mine = application(operator, "mine-" + UUID.randomUUID(), ORIGIN);
        var anothers = application(operator, "anothers-" + UUID.randomUUID(), "https://shop.example.com");
        var token = operator.post("/admin/v1/applications/" + mine + "/demonstration-token", null)
                .ok()
                .text("token");
        var claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"origins\":[\"" + ORIGIN + "\"]").contains("\"aud\":\"connector\"");

        var path = "/admin/v1/applications/" + anothers + "/demonstration-token";
        assertThat(operator.post(path, null).status()).isEqualTo(400);
        assertThat(operator.csrfToken("").post(path, null).status()).isEqualTo(403);
        assertThat(ConsoleVisitor.as(ds, "auditor").post(path, null).status()).isEqualTo(403);
        assertThat(ConsoleVisitor.at(ds).post(path, null).status()).isEqualTo(401);
        assertThat(operator.post("/admin/v1/applications/" + UUID.randomUUID() + "/demonstration-token", null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theSdkIsServedToEveryOriginAndThePageToNone() throws Exception {
        for (var file : List.of("countersign-sdk.js", "countersign-sdk.mjs")) {
            var answer = Http.send(ds.request("/sdk/" + file).setHeader("Accept", "*/*"))
                    .ok();
            assertThat(answer.header("Content-Type").orElseThrow()).startsWith("text/javascript");
            assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
            var tag = answer.header("ETag").orElseThrow();
            assertThat(Http.send(ds.request("/sdk/" + file)
                                    .setHeader("Accept", "*/*")
                                    .header("If-None-Match", tag))
                            .status())
                    .isEqualTo(304);
        }
        assertThat(Http.send(ds.request("/sdk/types").setHeader("Accept", "*/*"))
                        .status())
                .isEqualTo(404);
        var page = HttpClient.newHttpClient()
                .send(ds.request("/demo/").setHeader("Accept", "text/html").build(), BodyHandlers.ofString());
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self'; ")
                .contains("connect-src 'self' https://localhost:* http://localhost:*;")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
}
