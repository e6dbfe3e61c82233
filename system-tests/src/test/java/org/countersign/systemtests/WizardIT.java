package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Accessibility;
import org.countersign.systemtests.harness.ApprovalGateway;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Browser;
import org.countersign.systemtests.harness.EstAuthority;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.WizardVisitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The wizard in a real browser: with a mouse, with the keyboard alone, in both languages, and by the rules of axe-core. */
@ExtendWith(RunningServer.class)
class WizardIT {

    /** Where pictures for the documentation go; empty for none. */
    private static final String PICTURES = System.getProperty("countersign.screenshots", "");

    private static final String PIN = "271828";
    private static final String NEW_PIN = "314159";
    private static final By SECRET = By.id("otp-secret");
    private static final By REQUEST = By.id("csr");

    private final Platform platform;
    private final SignerApi globex;
    private final SignerApi acme;
    private final TestAuthority authority;
    private final ApprovalGateway gateway;
    private final EstAuthority enrolling;
    private Browser browser;

    @TempDir
    Path folder;

    WizardIT(Platform platform) {
        this.platform = platform;
        globex = platform.globex();
        acme = platform.acme();
        authority = platform.authority();
        gateway = platform.gateway();
        enrolling = platform.enrolling();
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
    void aHolderEnrolsSignsADroppedPdfSavesItValidatesItAndSeesTheHistory() throws IOException {
        browser.open(globex.context() + "/");
        browser.awaitPage("Sign in");
        assertThat(browser.address()).endsWith("/wizard/");
        assertThat(browser.text()).contains("accepted on the server's own machine only");
        signIn("hank");
        browser.awaitPage("My credentials");

        browser.press("main", "Set up a new credential");
        browser.awaitPage("Enrol");
        browser.choose(By.name("configuration"), "pin-otp");
        browser.press("main", "Begin");
        browser.type("pin", PIN);
        browser.type("again", PIN + "1");
        browser.press("main", "Set the PIN");
        browser.awaitText("These are two different PINs.");
        browser.type("again", PIN);
        browser.press("main", "Set the PIN");
        var authenticator = new Authenticator(browser.find(SECRET).getText().replace(" ", ""));
        assertThat(browser.run("return document.querySelector('.qr img').naturalWidth"))
                .isEqualTo(300L);
        picture("wizard-enrol");
        browser.type("otp", authenticator.wrong());
        browser.press("main", "Confirm");
        browser.awaitText("The OTP is invalid");
        browser.type("otp", authenticator.next());
        browser.press("main", "Confirm");
        browser.press("main", "Make the key pair");
        var request = browser.find(REQUEST).getDomProperty("value");
        browser.press("main", "Save the request");
        assertThat(browser.downloaded("request.csr")).hasContent(request);

        // Later, perhaps: the request was shown once, and what was begun is in the list.
        browser.press("nav", "My credentials");
        browser.awaitText("waits for its certificate");
        browser.press("main tbody tr:first-child", "Continue");
        browser.awaitPage("Enrol");
        browser.run("location.reload()");
        browser.awaitText("its request was shown then");
        browser.find(By.name("chain")).sendKeys(chain(request).toString());
        browser.press("main", "Add the certificate");
        browser.awaitText("The credential is ready");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("step");

        browser.press("main", "Sign a document");
        browser.awaitPage("Sign");
        drop("contract.txt", "not a PDF".getBytes(StandardCharsets.UTF_8));
        browser.type("pin", PIN);
        browser.type("otp", authenticator.next());
        browser.press("main", "Sign");
        browser.awaitText("This is not a PDF.");
        drop("contract.pdf", Pdf.of("contract"));
        browser.awaitText("contract.pdf, ");
        browser.type("pin", PIN);
        browser.type("otp", authenticator.next());
        browser.press("main", "Sign");
        browser.awaitText("contract-signed.pdf has your signature.");
        assertThat(
                        browser.run(
                                "return document.querySelector('[name=pin]').value + document.querySelector('[name=otp]').value"))
                .isEqualTo("");
        picture("wizard-sign");
        browser.press("main", "Save the signed PDF");
        var signed = Files.readAllBytes(browser.downloaded("contract-signed.pdf"));
        assertThat(Pdf.signatures(signed)).contains("Signature is Valid.");

        browser.press("main", "Validate it");
        browser.awaitPage("Validate");
        browser.awaitText("1 of 1 signatures are valid.");
        assertThat(browser.text()).contains("hank@globex");
        picture("wizard-validate");
        browser.press("main", "Make a report to keep");
        browser.press("main", "Save the report");
        assertThat(browser.downloaded("report.html")).content().contains("hank@globex");
        signed[new String(signed, StandardCharsets.ISO_8859_1).indexOf("contract")] ^= 1;
        drop("contract-signed.pdf", signed);
        browser.press("main", "Validate");
        browser.awaitText("0 of 1 signatures are valid.");
        drop("root.pem", new TestAuthority("Strangers").rootPem().getBytes(StandardCharsets.US_ASCII));
        browser.press("main", "Validate");
        browser.awaitText("0 of 1 certificates are valid now.");
        assertThat(browser.text()).contains("Certificate 1", "Strangers");

        browser.press("nav", "History");
        browser.awaitPage("History");
        assertThat(browser.text())
                .contains("signed in", "credential begun", "PIN set", "authenticator confirmed", "key pair made")
                .contains("certificate added", "signatures authorized")
                .doesNotContain(PIN);
        picture("wizard-history");

        browser.choose(By.id("language"), "es");
        browser.awaitPage("Historial");
        assertThat(browser.run("return document.documentElement.lang")).isEqualTo("es");
        picture("wizard-history-es");
        browser.press("nav", "Firmar");
        browser.awaitPage("Firmar");
        picture("wizard-sign-es");
        browser.press("Cerrar sesión");
        browser.awaitPage("Iniciar sesión");
        browser.open(globex.context() + "/wizard/#/history");
        browser.awaitPage("Iniciar sesión");
        assertThat(complaints())
                .allMatch(line -> line.contains("/otp/confirm") && line.contains("400"))
                .hasSize(1);
    }

    /** There is no authenticator to set up, and the page has the code sent. */
    @Test
    void aHolderSignsByACodeThatIsSent() throws IOException {
        browser.open(globex.context() + "/wizard/");
        signIn("ines");
        browser.press("main", "Set up a new credential");
        browser.awaitPage("Enrol");
        browser.choose(By.name("configuration"), "pin-code");
        browser.press("main", "Begin");
        browser.type("pin", PIN);
        browser.type("again", PIN);
        browser.press("main", "Set the PIN");
        browser.press("main", "Make the key pair");
        var request = browser.find(REQUEST).getDomProperty("value");
        browser.find(By.name("chain")).sendKeys(chain(request).toString());
        browser.press("main", "Add the certificate");
        browser.awaitText("The credential is ready");
        browser.press("main", "My credentials");
        browser.awaitText("PIN + Code by message");

        browser.press("nav", "Sign");
        browser.awaitPage("Sign");
        drop("contract.pdf", Pdf.of("contract"));
        browser.press("main", "Send me a code");
        browser.awaitText("A code is on its way to you.");
        browser.press("main", "Send me a code");
        browser.awaitText("sent too often");
        browser.type("pin", PIN);
        browser.type("otp", code("ines"));
        browser.press("main", "Sign");
        browser.awaitText("contract-signed.pdf has your signature.");
        browser.press("nav", "History");
        browser.awaitText("code sent");
        assertThat(complaints())
                .allMatch(line -> line.contains("/otp/send") && line.contains("429"))
                .hasSize(1);
    }

    /** From the list, with each act, to the end of the credential. */
    @Test
    void aHolderLooksAfterACredential() throws IOException {
        var holder = platform.atGlobex().configuration("pin").enrol("hank");
        browser.open(globex.context() + "/wizard/");
        signIn("hank");
        browser.find(By.cssSelector("a[href$='" + holder.credential() + "']")).click();
        browser.awaitText(holder.credential());
        // The tests' certificates are for as long as it is warned of their end.
        browser.awaitText("The certificate is about to expire.");
        browser.press("main", "Change the PIN");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("step");
        browser.awaitText("Present PIN");
        browser.type("pin", PIN);
        browser.type("newPin", NEW_PIN);
        browser.type("again", NEW_PIN + "1");
        browser.press("main", "Change the PIN");
        browser.awaitText("These are two different PINs.");
        browser.type("again", NEW_PIN);
        browser.type("pin", "000000");
        browser.press("main", "Change the PIN");
        browser.awaitText("The PIN is invalid");
        assertThat(browser.find(By.name("pin")).getDomProperty("value")).isEmpty();
        assertThat(browser.run("return document.activeElement.name")).isEqualTo("pin");
        browser.type("pin", PIN);
        browser.press("main", "Change the PIN");
        browser.awaitText("The PIN is changed.");
        browser.find(By.cssSelector("#step:focus"));

        act("Suspend");
        browser.awaitText("You suspended this credential.");
        browser.find(By.id("act-resume"));
        assertThat(acts()).containsExactly("act-pin", "act-resume", "act-revoke", "act-delete");
        act("Resume");
        browser.awaitText("The credential signs again.");

        act("Renew", "Make the key pair");
        var request = browser.find(REQUEST).getDomProperty("value");
        // The page knows the request until it is loaded again; the certificate may come on another day.
        browser.press("main", "Cancel");
        browser.press("main", "Change the PIN");
        browser.awaitText("What you are about to do ends that renewal.");
        browser.press("main", "Cancel");
        browser.press("main", "Add the renewed certificate");
        assertThat(browser.find(REQUEST).getDomProperty("value")).isEqualTo(request);
        browser.run("location.reload()");
        browser.awaitText("A renewal waits for its certificate.");
        browser.press("main", "Add the renewed certificate");
        browser.find(By.name("chain")).sendKeys(chain(request).toString());
        browser.press("main", "Add the certificate");
        browser.awaitText("The credential is renewed");
        browser.find(By.id("act-pin"));
        assertThat(browser.text()).doesNotContain("A renewal waits");
        picture("wizard-credential");
        browser.choose(By.id("language"), "es");
        browser.awaitText("Cambiar el PIN");
        picture("wizard-credential-es");
        browser.choose(By.id("language"), "en");
        browser.awaitText("Change the PIN");

        // Nothing happens by mistake.
        browser.press("main", "Revoke");
        browser.awaitText("never signs again");
        browser.press("main", "Cancel");
        browser.find(By.id("act-revoke")).click();
        browser.choose(By.name("reason"), "superseded");
        browser.type("pin", NEW_PIN);
        browser.press("main", "Revoke");
        assertThat(browser.run("return document.querySelector('[name=understood]').validity.valueMissing"))
                .isEqualTo(true);
        browser.find(By.name("understood")).click();
        browser.press("main", "Revoke");
        browser.awaitText("The credential is revoked.");
        browser.find(By.id("act-delete"));
        assertThat(browser.text()).doesNotContain("The certificate is about to expire");
        assertThat(acts()).containsExactly("act-delete");
        browser.press("main", "Delete");
        browser.find(By.name("understood")).click();
        browser.type("pin", NEW_PIN);
        browser.press("main", "Delete");
        browser.awaitText("The credential is deleted, and its key destroyed.");
        browser.find(By.cssSelector("main .card button"));
        browser.press("nav", "My credentials");
        browser.awaitText("A credential is a key with its certificate.");
        assertThat(browser.all(By.cssSelector("a[href$='" + holder.credential() + "']")))
                .isEmpty();
        browser.open(globex.context() + "/wizard/#/credential?id=" + holder.credential());
        browser.awaitText("There is no such credential");
        assertThat(complaints())
                .allMatch(line -> line.contains("/pin/change") && line.contains("400"))
                .hasSize(1);
    }

    /** A new telephone; the one in use is needed for it. */
    @Test
    void aHolderSetsUpAnotherAuthenticator() throws IOException {
        var holder = platform.atGlobex().configuration("pin-otp").enrol("ines");
        credential("ines", holder);
        browser.press("main", "Set up another authenticator");
        browser.type("pin", PIN);
        browser.type("otp", holder.authenticator().next());
        browser.press("main", "Show the new secret");
        var authenticator = new Authenticator(browser.find(SECRET).getText().replace(" ", ""));
        browser.type("otp", authenticator.next());
        browser.press("main", "Confirm");
        browser.awaitText("The new authenticator counts from now on.");
        assertThat(browser.count(SECRET)).isZero();
        var hashes = holder.hashes("a");
        holder.caller()
                .authorize(holder.credential(), hashes, Map.of("PIN", PIN, "OTP", authenticator.next()))
                .ok();
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aHolderActsByACodeThatIsSent() throws IOException {
        var holder = platform.atGlobex().configuration("pin-code").enrol("ines");
        credential("ines", holder);
        assertThat(acts()).doesNotContain("act-otp");
        browser.press("main", "Suspend");
        browser.press("main", "Send me a code");
        browser.awaitText("A code is on its way to you.");
        browser.type("pin", PIN);
        browser.type("otp", code("ines"));
        browser.press("main", "Suspend");
        browser.awaitText("The credential is suspended.");
        assertThat(complaints()).isEmpty();
    }

    private void credential(String user, Holder holder) {
        browser.open(globex.context() + "/wizard/#/credential?id=" + holder.credential());
        signIn(user);
        browser.awaitText(holder.credential());
    }

    /** Of the credential that is shown. */
    private List<String> acts() {
        return browser.all(By.cssSelector("main [role=group] button[id^=act-]")).stream()
                .map(button -> button.getDomProperty("id"))
                .toList();
    }

    private void act(String label) {
        act(label, label);
    }

    private void act(String label, String button) {
        browser.press("main", label);
        browser.type("pin", NEW_PIN);
        browser.press("main", button);
    }

    /** The one that was sent last. */
    private String code(String user) {
        var messages = gateway.sentTo(user);
        return messages.get(messages.size() - 1).path("text").asText().split(": ")[1];
    }

    @Test
    void theKeyboardAloneIsEnough() throws IOException {
        browser.open(globex.context() + "/wizard/");
        browser.awaitPage("Sign in");
        browser.find(By.name("user"));
        browser.key("ines");
        browser.tabTo(By.name("password"));
        browser.key(WizardVisitor.PASSWORD, Keys.ENTER);
        browser.awaitPage("My credentials");
        press("Set up a new credential");
        browser.awaitPage("Enrol");
        // The strongest protection is chosen.
        press("Begin");
        browser.find(By.name("pin"));
        browser.tabTo(By.name("pin"));
        browser.key(PIN);
        browser.tabTo(By.name("again"));
        browser.key(PIN, Keys.ENTER);
        var authenticator = new Authenticator(browser.find(SECRET).getText().replace(" ", ""));
        browser.tabTo(By.name("otp"));
        browser.key(authenticator.next(), Keys.ENTER);
        browser.find(By.name("key"));
        browser.tabTo(By.name("key"));
        // Another kind by its first letter.
        browser.key("R");
        assertThat(browser.active().getDomProperty("value")).isEqualTo("RSA_2048");
        press("Make the key pair");
        var request = browser.find(REQUEST).getDomProperty("value");
        browser.tabTo(By.name("chain"));
        // What the dialog of the system would give.
        browser.key(chain(request).toString());
        press("Add the certificate");
        browser.awaitText("The credential is ready");
        press("Sign a document");
        browser.awaitPage("Sign");
        browser.tabTo(By.name("document"));
        var contract = Files.write(folder.resolve("contract.pdf"), Pdf.of("by keyboard"));
        browser.key(contract.toString());
        browser.tabTo(By.name("pin"));
        browser.key(PIN);
        browser.tabTo(By.name("otp"));
        browser.key(authenticator.next(), Keys.ENTER);
        browser.awaitText("contract-signed.pdf has your signature.");
        press("Save the signed PDF");
        assertThat(Pdf.signatures(Files.readAllBytes(browser.downloaded("contract-signed.pdf"))))
                .contains("Signature is Valid.");
        press("Validate it");
        browser.awaitText("1 of 1 signatures are valid.");
        press("History");
        browser.awaitPage("History");
        browser.awaitText("signatures authorized");
        press("My credentials");
        browser.awaitPage("My credentials");
        browser.tabTo(By.cssSelector("main tbody tr:first-child a"));
        browser.key(Keys.ENTER);
        browser.find(By.id("act-suspend"));
        press("Suspend");
        browser.tabTo(By.name("pin"));
        browser.key(PIN);
        browser.tabTo(By.name("otp"));
        browser.key(authenticator.next(), Keys.ENTER);
        browser.awaitText("The credential is suspended.");
        browser.find(By.cssSelector("#step:focus"));
        press("Sign out");
        browser.awaitPage("Sign in");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void axeFindsNoViolationInEitherLanguage() throws IOException, InterruptedException {
        var axe = Accessibility.of(browser, folder);
        browser.open(acme.context() + "/wizard/");
        for (var language : List.of("en", "es")) {
            browser.find(By.name("user"));
            browser.choose(By.id("language"), language);
            browser.find(By.cssSelector("html[lang=" + language + "] [name=user]"));
            axe.check(language + " sign-in");
            signIn("jdoe");
            for (var view : List.of("credentials", "enrol", "sign", "validate", "history")) {
                view(view);
                axe.check(language + " " + view);
            }
            var authenticator = enrolled(axe, language);
            view("sign");
            axe.check(language + " sign with a credential");
            view("credentials");
            axe.check(language + " credentials in a table");
            lookedAfter(axe, language, authenticator);
            validated(axe, language);
            browser.dark(true);
            axe.check(language + " dark");
            browser.dark(false);
            browser.find(By.id("sign-out")).click();
        }
    }

    /** Through every step, with a look at each. */
    private Authenticator enrolled(Accessibility axe, String language) throws IOException {
        view("enrol");
        submit();
        browser.find(By.name("pin"));
        axe.check(language + " PIN");
        browser.type("pin", PIN);
        browser.type("again", PIN);
        submit();
        var authenticator = new Authenticator(browser.find(SECRET).getText().replace(" ", ""));
        axe.check(language + " OTP");
        browser.type("otp", authenticator.next());
        submit();
        browser.find(By.name("key"));
        axe.check(language + " key");
        submit();
        browser.find(By.cssSelector("details"));
        axe.check(language + " certificate");
        browser.run("document.querySelector('details').open = true");
        browser.find(By.name("chain"));
        axe.check(language + " certificate by hand");
        // The tenant's authority can be asked: it decides at the second time.
        enrolling.behave("jdoe@acme", csr -> new EstAuthority.Reply(202, "7", ""));
        submit();
        assertThat(browser.find(By.cssSelector("main .message[role=status]")).getText())
                .contains(" 7 ");
        axe.check(language + " certificate is not decided");
        enrolling.behave("jdoe@acme", null);
        submit();
        browser.find(By.cssSelector(".message.good"));
        axe.check(language + " enrolled");
        return authenticator;
    }

    /** Every act's form, and a renewal whose certificate the authority gives when it has decided. */
    private void lookedAfter(Accessibility axe, String language, Authenticator authenticator)
            throws IOException, InterruptedException {
        browser.find(By.cssSelector("main tbody tr:first-child a")).click();
        browser.find(By.id("act-delete"));
        axe.check(language + " a credential");
        var acts = acts();
        assertThat(acts)
                .containsExactly("act-pin", "act-otp", "act-renewal", "act-suspend", "act-revoke", "act-delete");
        for (var act : acts) {
            browser.find(By.id(act)).click();
            browser.find(By.name("pin"));
            axe.check(language + " " + act);
            browser.find(By.cssSelector("main form button[type=button].plain:last-child"))
                    .click();
        }
        enrolling.behave("jdoe@acme", csr -> new EstAuthority.Reply(202, "7", ""));
        browser.find(By.id("act-renewal")).click();
        browser.type("pin", PIN);
        browser.type("otp", authenticator.next());
        submit();
        assertThat(browser.find(By.cssSelector("main .message[role=status]")).getText())
                .contains(" 7 ");
        axe.check(language + " renewal is not decided");
        browser.find(By.cssSelector("main .card > .actions button")).click();
        browser.find(By.id("act-certificate"));
        axe.check(language + " a credential with a renewal");
        enrolling.behave("jdoe@acme", null);
        browser.find(By.id("act-certificate")).click();
        submit();
        browser.find(By.cssSelector("main [role=status] .message.good"));
        browser.find(By.id("act-delete"));
        axe.check(language + " renewed");
    }

    private void validated(Accessibility axe, String language) throws IOException {
        view("validate");
        drop("unsigned.pdf", Pdf.of("unsigned"));
        submit();
        browser.find(By.cssSelector(".message.bad"));
        axe.check(language + " validated");
    }

    private void submit() {
        browser.find(By.cssSelector("main form button:not([type])")).click();
    }

    private void view(String name) {
        browser.find(By.cssSelector("nav a[href='#/" + name + "']")).click();
        browser.find(By.cssSelector("nav a[href='#/" + name + "'][aria-current=page]"));
    }

    private void press(String label) {
        browser.tabTo(By.xpath("//*[self::a or self::button][normalize-space()='" + label + "']"));
        browser.key(Keys.ENTER);
    }

    private void signIn(String user) {
        browser.type("user", user);
        browser.type("password", WizardVisitor.PASSWORD);
        browser.find(By.cssSelector("main form button")).click();
        browser.find(By.id("sign-out"));
    }

    private Path chain(String request) throws IOException {
        return Files.writeString(folder.resolve("chain.p7b"), authority.pkcs7(authority.issue(request)));
    }

    /** Without the browser's advice to have password managers keep a PIN. */
    private List<String> complaints() {
        return browser.complaints().stream()
                .filter(line -> !line.contains("[DOM] Password forms"))
                .toList();
    }

    private void drop(String name, byte[] content) {
        browser.find(By.cssSelector(".drop"));
        browser.run("""
                const content = Uint8Array.from(atob(arguments[1]), character => character.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([content], arguments[0]));
                for (const type of ['dragenter', 'dragover', 'drop']) {
                  document.querySelector('.drop').dispatchEvent(new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}));
                }
                """, name, Base64.getEncoder().encodeToString(content));
    }

    private void picture(String name) throws IOException {
        if (!PICTURES.isEmpty()) {
            var pictures = Path.of(PICTURES);
            Files.createDirectories(pictures);
            Files.write(pictures.resolve(name + ".png"), browser.picture());
        }
    }
}
