package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.countersign.systemtests.harness.Accessibility;
import org.countersign.systemtests.harness.Browser;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.ShippedWalletApp;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** The console of the wallet provider. What all consoles have in common is tested at the distribution service's. */
@ExtendWith(RunningServer.class)
class WalletConsoleIT {

    private final SignerApi provider;

    WalletConsoleIT(Platform platform) {
        provider = platform.wallet();
    }

    @Test
    void rolesAreKeptApart() {
        var auditor = ConsoleVisitor.as(provider, "auditor");
        auditor.get("/admin/v1/audit?type=console.signed-in").ok();
        auditor.get("/admin/v1/users").refused(403, "access_denied", "Access is denied");
        auditor.get("/admin/v1/keys").refused(403, "access_denied", "Access is denied");
        auditor.post("/admin/v1/keys/rotate", null).refused(403, "access_denied", "Access is denied");
        var operator = ConsoleVisitor.as(provider, "operator");
        operator.get("/admin/v1/users").ok();
        operator.get("/admin/v1/audit").refused(403, "access_denied", "Access is denied");
        operator.csrfToken("")
                .post("/admin/v1/organisations", Map.of("name", "forged"))
                .refused(403, "access_denied", "The header X-CSRF-Token is missing or wrong");
    }

    @Test
    void aProfileIsCheckedAndPreviewedWithoutBeingStored() {
        var operator = ConsoleVisitor.as(provider, "operator");
        var preview = operator.post(
                        "/admin/v1/profile-preview", Map.of("generalOptions", Map.of("companyName", "ACME")))
                .ok()
                .json();
        assertThat(preview.at("/generalOptions/companyName").asText()).isEqualTo("ACME");
        assertThat(preview.at("/walletFor").asText()).isEqualTo("np");
        assertThat(operator.post("/admin/v1/profile-preview", Map.of("unknown", Map.of()))
                        .status())
                .isEqualTo(400);
        ConsoleVisitor.as(provider, "auditor")
                .post("/admin/v1/profile-preview", Map.of())
                .refused(403, "access_denied", "Access is denied");
    }

    @Test
    void thePageLoadsFromHereAlone() throws Exception {
        var page = page("/console/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'");
        for (var file : new String[] {"shell.js", "users.js", "common-es.json", "es.json"}) {
            assertThat(page("/console/" + file).statusCode()).as(file).isEqualTo(200);
        }
        assertThat(page("/console/devices.js").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> page(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(provider.context() + path));
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Nested
    class InABrowser {

        @TempDir
        Path folder;

        private final Browser browser = new Browser();
        private final String name = "People " + UUID.randomUUID();
        private final String login = UUID.randomUUID() + "@people.example.com";

        @BeforeEach
        void open() {
            browser.open(provider.context() + "/console/");
        }

        @AfterEach
        void close() throws IOException {
            browser.close();
        }

        private void signIn(String user) {
            browser.awaitPage("Sign in");
            browser.type("user", user);
            browser.type("password", ConsoleVisitor.PASSWORD);
            browser.press("main", "Sign in");
        }

        @Test
        void anOperatorInvitesAndFollowsAWallet() throws Exception {
            signIn("operator");
            organisation();
            user();
            var app = invite();
            state("has a wallet");

            act("Block");
            browser.press("dialog:last-of-type", "Block");
            state("blocked");
            act("Unblock");
            state("has a wallet");
            for (int i = 0; i < 3; i++) {
                app.tokenWithPin("b".repeat(64)).refused(401, "invalid_client", "The assertion was not accepted");
            }
            search();
            state("locked");
            act("Unlock");
            state("has a wallet");
            app.token();
            act("Revoke wallet");
            browser.press("dialog:last-of-type", "Revoke wallet");
            state("not invited");
            assertThat(browser.complaints()).isEmpty();

            browser.press("header", "Sign out");
            signIn("auditor");
            browser.awaitPage("Audit");
            browser.type("type", "wallet.revoked");
            browser.press("main", "Search");
            browser.awaitText(login);
        }

        @Test
        void usersAreImportedAndTheShippedAppIsAllowed() throws Exception {
            var people = new WalletOperator(provider);
            signIn("operator");
            browser.awaitPage("Users");
            browser.open(provider.context() + "/console/#/organisation?id=" + people.organisation());
            browser.awaitText("Wallet app as shipped before");
            assertThat(browser.text()).contains("not allowed");
            browser.press("#compatibility", "Allow");
            browser.press("dialog", "Allow");
            browser.awaitText("Allow no longer");
            browser.press("main", "Its users and their wallets");
            browser.awaitPage("Users");

            importUsers(people, "login,walletFor\n" + login + ",np\nno address,np\n");
            browser.awaitText("Line 3: login must have the form of an e-mail address");
            assertThat(browser.complaints()).allMatch(line -> line.contains("/users") && line.contains("400"));
            browser.press("dialog", "Cancel");
            importUsers(people, "login,walletFor\n" + login + ",np\n" + UUID.randomUUID() + "@people.example.com,lp\n");
            browser.awaitText("2 users were added.");
            browser.press("dialog", "Close");
            browser.await(By.cssSelector("main tbody tr"), 2);
            search();
            state("not invited");

            var user = people.caller()
                    .get("/admin/v1/users?login=" + SignerApi.encode(login))
                    .ok()
                    .json()
                    .at("/0/id")
                    .asText();
            var app = new ShippedWalletApp(
                    provider, people.act(user, "invitation").ok().text("link"));
            var attestation = app.attestation();
            app.configuration(attestation).ok();
            search();
            state("has a wallet of the shipped app");
            assertThat(people.show(user).at("/wallet/compatibility").asBoolean())
                    .isTrue();

            browser.open(provider.context() + "/console/#/organisation?id=" + people.organisation());
            browser.press("#compatibility", "Allow no longer");
            browser.press("dialog", "Allow no longer");
            browser.awaitText("not allowed");
            app.update(attestation).refused(401, "invalid_client", "The assertion was not accepted");
            assertThat(browser.complaints()).isEmpty();
        }

        private void importUsers(WalletOperator people, String csv) throws IOException {
            browser.press("main", "Import users");
            browser.choose(By.cssSelector("dialog [name=organisationId]"), people.organisation());
            browser.find(By.name("file"))
                    .sendKeys(
                            Files.writeString(folder.resolve("users.csv"), csv).toString());
            browser.press("dialog", "Import");
        }

        @Test
        void axeFindsNoViolationInEitherLanguage() throws Exception {
            var people = new WalletOperator(provider);
            var kid = people.newCompanyKey().text("kid");
            people.signBy("{\"clientId\": \"acme\", \"kid\": \"" + kid + "\"}").ok();
            people.importUsers("login,walletFor\n" + login + ",np\n").ok();
            var axe = Accessibility.of(browser, folder);
            for (var language : new String[] {"en", "es"}) {
                browser.find(By.name("user"));
                browser.choose(By.id("language"), language);
                browser.find(By.cssSelector("html[lang=" + language + "] [name=user]"));
                browser.type("user", "operator");
                browser.type("password", ConsoleVisitor.PASSWORD);
                browser.find(By.cssSelector("main form button")).click();
                var at = provider.context() + "/console/#/";
                browser.find(By.id("sign-out"));
                browser.open(at + "users?organisation=" + people.organisation());
                browser.await(By.cssSelector("main tbody tr"), 1);
                axe.check(language + " users");
                browser.find(By.cssSelector("main tbody button.link")).click();
                browser.find(By.tagName("dialog"));
                axe.check(language + " a user");
                browser.find(By.cssSelector("dialog .end button")).click();
                browser.await(By.tagName("dialog"), 0);
                browser.find(By.cssSelector("main .actions button.plain")).click();
                browser.find(By.name("file"));
                axe.check(language + " import");
                browser.find(By.cssSelector("dialog button.plain")).click();
                browser.await(By.tagName("dialog"), 0);
                browser.open(at + "organisations");
                browser.find(By.cssSelector("main tbody a"));
                axe.check(language + " organisations");
                browser.open(at + "organisation?id=" + people.organisation());
                browser.find(By.id("compatibility"));
                axe.check(language + " an organisation");
                browser.dark(true);
                axe.check(language + " an organisation in the dark");
                browser.dark(false);
                browser.find(By.id("sign-out")).click();
            }
            assertThat(browser.complaints()).isEmpty();
        }

        private void organisation() {
            browser.awaitPage("Users");
            browser.press("nav", "Organisations");
            browser.press("main", "New organisation");
            browser.find(By.cssSelector("dialog [name=name]")).sendKeys(name);
            browser.press("dialog", "Create");
            browser.awaitText("Attestation keys");
            browser.press("nav", "Organisations");
            browser.await(By.cssSelector("main [role=search]"), 1);
            browser.type("name", name);
            browser.press("main", "Search");
            browser.await(By.cssSelector("main tbody tr"), 1);
            browser.press("main", name);
            browser.awaitText("Attestation keys");

            browser.type("profile", "{\"generalOptions\": ");
            browser.press("main", "Preview");
            browser.awaitText("The payload is not valid JSON");
            assertThat(browser.complaints()).allMatch(line -> line.contains("/profile") && line.contains("400"));
            browser.type("profile", "{\"unknown\": {}}");
            browser.press("main", "Save");
            browser.awaitText("The members of a profile are objects");
            browser.type("profile", "{\"generalOptions\": {\"a\": 1, \"a\": 2}}");
            browser.press("main", "Save");
            browser.awaitText("The payload is not valid JSON");
            assertThat(browser.complaints()).allMatch(line -> line.contains("/profile") && line.contains("400"));
            browser.type(
                    "profile", "{\"generalOptions\": {\"companyName\": \"<img src=x>\", \"n\": 9007199254740993}}");
            browser.press("main", "Preview");
            browser.awaitText("\"walletFor\": \"np\"");
            browser.press("main", "Save");
            browser.awaitText("Saved.");
            assertThat(browser.find(By.id("profile")).getDomProperty("value"))
                    .isEqualTo("{\n  \"generalOptions\": {\n    \"companyName\": \"<img src=x>\",\n"
                            + "    \"n\": 9007199254740993\n  }\n}");
            policy();

            browser.press("main", "New key");
            browser.awaitText("valid");
            browser.press("main", "Sign by a key held here");
            browser.type("clientId", "acme");
            browser.press("dialog", "Save");
            browser.awaitText("Say nothing");
            assertThat(browser.count(By.cssSelector("main img"))).isZero();
        }

        private void policy() {
            var policy = new Select(browser.find(By.cssSelector("#policy select")));
            policy.selectByVisibleText("trusted environment, at least");
            browser.press("#policy", "Save");
            browser.awaitText("get no fresh attestation any more");
            browser.press("dialog", "Save");
            browser.await(By.cssSelector("#policy .message"), 1);
            browser.await(By.cssSelector("dialog"), 0);
            policy.selectByVisibleText("nothing is required");
            browser.press("#policy", "Save");
            browser.await(By.cssSelector("#policy .message"), 1);
            browser.await(By.cssSelector("dialog"), 0);
        }

        private void user() {
            browser.press("nav", "Users");
            browser.press("main", "New user");
            var choice = browser.find(By.cssSelector("dialog [name=organisationId]"));
            new Select(choice).selectByVisibleText(name);
            browser.find(By.cssSelector("dialog [name=login]")).sendKeys(login);
            browser.press("dialog", "Create");
            search();
            state("not invited");
        }

        private void search() {
            // An act draws the page anew.
            browser.await(By.cssSelector("dialog, [aria-busy=true]"), 0);
            browser.type("login", login);
            browser.press("main", "Search");
            browser.await(By.cssSelector("main tbody tr"), 1);
        }

        private WalletApp invite() throws Exception {
            act("Invite");
            var source = browser.find(By.id("qr-code")).getDomAttribute("src");
            var picture = ImageIO.read(
                    new ByteArrayInputStream(Base64.getDecoder().decode(source.substring(source.indexOf(',') + 1))));
            var link = new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(
                            picture.getWidth(),
                            picture.getHeight(),
                            picture.getRGB(
                                    0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth())))))
                    .getText();
            var app = new WalletApp(provider, link);
            assertThat(app.login()).isEqualTo(login);
            browser.press("dialog", "Close");
            state("invited");
            assertThat(browser.text()).doesNotContain("configuration://");
            assertThat(browser.count(By.id("qr-code"))).isZero();
            app.initialise().ok();
            search();
            return app;
        }

        private void act(String label) {
            browser.press("main", login);
            browser.press("dialog", label);
        }

        private void state(String mark) {
            browser.find(By.xpath("//main//tbody//*[contains(@class,'mark')][normalize-space()='" + mark + "']"));
        }
    }
}
