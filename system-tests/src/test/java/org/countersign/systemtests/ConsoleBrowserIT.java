package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Browser;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/** The console of the distribution service in a real browser. */
@ExtendWith(RunningServer.class)
class ConsoleBrowserIT {

    /** Where pictures for the documentation go; empty for none. */
    private static final String PICTURES = System.getProperty("countersign.screenshots", "");

    private static final int DEVICES = 53;
    private static final int PAGE = 50;
    private static final By ROWS = By.cssSelector("main tbody tr");

    private final SignerApi ds;
    private Browser browser;

    ConsoleBrowserIT(Platform platform) {
        ds = platform.ds();
    }

    @BeforeEach
    void start() {
        browser = new Browser();
    }

    @AfterEach
    void stop() throws IOException {
        browser.close();
    }

    @Test
    void anOperatorFindsDevicesSeesTransactionsAndMakesAnApplication() throws IOException {
        var name = "shop" + UUID.randomUUID().toString().substring(0, 8);
        var organisation = fill(name);

        browser.open(ds.context() + "/console");
        browser.awaitPage("Sign in");
        assertThat(browser.address()).endsWith("/console/");
        signIn("operator", "not the password");
        browser.awaitText("The user name or the password is wrong");
        assertThat(browser.complaints()).allMatch(line -> line.contains("/admin/v1/session") && line.contains("403"));

        signIn("operator", ConsoleVisitor.PASSWORD);
        browser.awaitPage("Devices");

        browser.type("search", name);
        browser.press("main", "Search");
        browser.awaitText(name + "-52");
        browser.await(ROWS, PAGE);
        picture("console-devices");
        browser.press("main", "Next");
        browser.await(ROWS, DEVICES - PAGE);
        browser.choose(By.name("state"), "blocked");
        browser.press("main", "Search");
        browser.awaitText("Nothing here.");
        browser.choose(By.name("state"), "online");
        browser.press("main", "Search");
        browser.await(ROWS, PAGE);
        browser.type("search", name + "-07");
        browser.press("main", "Search");
        browser.await(ROWS, 1);
        browser.press("main", name + "-07");
        browser.press("dialog", "Block");
        browser.press("dialog:last-of-type", "Cancel");
        browser.press("dialog", "Transactions");
        browser.awaitPage("Transactions");

        browser.press("nav", "Transactions");
        browser.awaitPage("Transactions");
        browser.choose(By.name("organisation"), organisation);
        browser.press("main", "Search");
        browser.find(By.cssSelector("svg.chart rect"));
        assertThat(browser.count(By.cssSelector("svg.chart rect"))).isGreaterThanOrEqualTo(20);
        picture("console-transactions");
        browser.press("main", "Download as CSV");
        var csv = Files.readAllLines(browser.downloaded("transactions.csv"));
        assertThat(csv.get(0)).startsWith("\"device\",\"id\",\"organisation\",\"label\"");
        assertThat(csv).hasSize(1 + transactions());

        browser.press("nav", "Applications");
        browser.awaitPage("Applications");
        browser.press("main", "New application");
        browser.choose(By.cssSelector("dialog [name=organisationId]"), organisation);
        browser.type("label", name);
        browser.type("origins", "https://shop.example.com");
        browser.press("dialog", "Create");
        browser.awaitText("All applications");
        browser.press("main", "New API key");
        var key = browser.find(By.id("secret")).getText();
        assertThat(key).startsWith("cs_");
        browser.press("dialog", "Close");
        browser.awaitText(key.substring(0, 6));
        picture("console-application");
        assertThat(browser.text()).doesNotContain(key).contains("valid");
        // It works.
        assertThat(Http.send(ds.request("/v3/tokens/application").header("apikey", key))
                        .status())
                .isEqualTo(200);
        browser.press("main", "Revoke");
        browser.press("dialog", "Revoke");
        browser.awaitText("revoked");

        browser.press("nav", "Versions");
        browser.awaitPage("Versions");
        browser.awaitText("Devices by version");
        browser.press("nav", "Signing keys");
        browser.awaitPage("Signing keys");
        browser.await(By.cssSelector("main .mark.good"), 1);

        browser.choose(By.id("language"), "es");
        browser.awaitPage("Claves de firma");
        assertThat(browser.run("return document.documentElement.lang")).isEqualTo("es");
        browser.press("nav", "Dispositivos");
        browser.awaitPage("Dispositivos");

        browser.press("Cerrar sesión");
        browser.awaitPage("Iniciar sesión");
        browser.open(ds.context() + "/console/#/keys");
        browser.awaitPage("Iniciar sesión");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anAuditorReadsAndChangesNothing() throws IOException {
        browser.open(ds.context() + "/console/#/applications");
        browser.awaitPage("Sign in");
        browser.dark(true);
        signIn("auditor", ConsoleVisitor.PASSWORD);
        browser.awaitPage("Audit");
        browser.awaitText("console.signed-in");
        assertThat(browser.all(By.cssSelector("nav a"))).hasSize(1);
        var buttons = browser.all(By.tagName("button")).stream()
                .map(button -> button.getText().strip())
                .toList();
        assertThat(buttons).containsExactlyInAnyOrder("Sign out", "Search", "Previous", "Next");
        browser.type("type", "console");
        browser.press("main", "Search");
        browser.awaitText("user:auditor");
        assertThat(browser.all(By.cssSelector("main tbody td:nth-child(2)")))
                .isNotEmpty()
                .allMatch(cell -> cell.getText().startsWith("console."));
        picture("console-audit-dark");
        assertThat(browser.complaints()).isEmpty();

        // What a page of the session sends, with its token.
        var status = browser.run("""
                const session = await (await fetch('../admin/v1/session')).json();
                return (await fetch('../admin/v1/organisations', {method: 'POST', body: '{"name": "by an auditor"}',
                    headers: {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrfToken}})).status;
                """);
        assertThat(status).isEqualTo(403L);
    }

    @Test
    void whatDevicesAndClientsWriteIsShownAsText() {
        var markup = "<img src=x onerror=alert(1)>" + UUID.randomUUID();
        var operator = ConsoleVisitor.as(ds, "operator");
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", markup))
                .ok()
                .text("id");
        var key = operator.post("/admin/v1/registration-keys", Map.of("organisation", organisation, "name", markup))
                .ok()
                .text("key");
        var device = DsDevice.at(ds);
        var registration = new HashMap<>(device.registration(key));
        registration.put("host", markup);
        device.put(registration).ok();
        var report = Map.of(
                "id", "1", "label", markup, "module", markup, "useCase", markup, "tag", markup, "txDate", today());
        device.post("/transactions", List.of(report)).ok();

        browser.open(ds.context() + "/console/");
        signIn("operator", ConsoleVisitor.PASSWORD);
        browser.awaitPage("Devices");
        browser.type("search", markup);
        browser.press("main", "Search");
        browser.await(ROWS, 1);
        assertShownAsText(markup);
        browser.press("main", markup);
        browser.press("dialog", "Transactions");
        browser.awaitPage("Transactions");
        browser.awaitText(markup);
        assertShownAsText(markup);
    }

    private static String today() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void assertShownAsText(String markup) {
        assertThat(browser.text()).contains(markup);
        assertThat(browser.count(By.cssSelector("main img, dialog img"))).isZero();
        assertThat(browser.complaints()).isEmpty();
    }

    private void signIn(String user, String password) {
        browser.type("user", user);
        browser.type("password", password);
        browser.press("main", "Sign in");
    }

    private static int transactions() {
        int all = 0;
        for (int day = 0; day < 30; day++) {
            all += onDay(day);
        }
        return all;
    }

    private static int onDay(int day) {
        return day % 7 < 2 ? 3 : 8 + day * 5 % 9;
    }

    /** Devices and transactions of a new organisation. @return its identifier */
    private String fill(String name) {
        var operator = ConsoleVisitor.as(ds, "operator");
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", name))
                .ok()
                .text("id");
        var key = operator.post("/admin/v1/registration-keys", Map.of("organisation", organisation, "name", name))
                .ok()
                .text("key");
        DsDevice last = null;
        for (int i = 0; i < DEVICES; i++) {
            last = DsDevice.at(ds);
            var registration = new HashMap<>(last.registration(key));
            registration.put("host", "%s-%02d".formatted(name, i));
            registration.put("version", i % 4 == 0 ? "1.3.0" : "1.4.2");
            registration.put("os", List.of("WIN64", "MACOSARM", "UNIX").get(i % 3));
            last.put(registration).ok();
        }
        var reports = new ArrayList<Map<String, String>>();
        for (int day = 0; day < 30; day++) {
            var time = Instant.now().minus(day, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
            for (int i = 0; i < onDay(day); i++) {
                reports.add(Map.of(
                        "id",
                        day + "-" + i,
                        "label",
                        name,
                        "module",
                        i % 3 == 0 ? "eid" : "piv",
                        "useCase",
                        "sign",
                        "tag",
                        "order " + (1000 + i),
                        "txDate",
                        time.toString()));
            }
        }
        last.post("/transactions", reports).ok();
        return organisation;
    }

    private void picture(String name) throws IOException {
        if (!PICTURES.isEmpty()) {
            var folder = Path.of(PICTURES);
            Files.createDirectories(folder);
            Files.write(folder.resolve(name + ".png"), browser.picture());
        }
    }
}
