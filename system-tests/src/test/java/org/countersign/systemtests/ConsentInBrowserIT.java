package org.countersign.systemtests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.countersign.agent.Screen;
import org.countersign.systemtests.harness.BrowserRig;
import org.countersign.systemtests.harness.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/**
 * The user's consent, with a browser that has a window and the clipboard of a real screen: by the agent's window, by the
 * clipboard, and by the SDK of the v3 API.
 */
class ConsentInBrowserIT {

    private static TokenIssuer issuer;
    private static Screen screen;
    private static BrowserRig rig;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        screen = Screen.start(folder);
        issuer = TokenIssuer.start();
        rig = BrowserRig.start(null, issuer.name(), screen.environment());
        var sdk = Path.of(System.getProperty("countersign.root"), "connector-sdk", "dist", "countersign-sdk.js");
        Files.copy(sdk, rig.page("countersign-sdk.js"));
        FormerSdkIT.fetch(folder, rig);
        Files.writeString(rig.page("index.html"), """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Test</title>
                <script src="countersign-sdk.js" defer></script><script src="T1CSdk.js" defer></script></head>
                <body><button>Go</button><p id="ending"></p></body></html>
                """);
        Files.writeString(rig.page("token.txt"), issuer.token(List.of(BrowserRig.APP), 10));
    }

    @AfterAll
    static void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        if (issuer != null) {
            issuer.close();
        }
        if (screen != null) {
            screen.close();
        }
    }

    /** Has a click do what the script says; the page shows how it ended. */
    private static void prepare(String script) {
        var browser = rig.browser();
        browser.open(BrowserRig.APP + "/index.html");
        browser.run("localStorage.clear()");
        browser.run(
                """
                const [https, http, port] = arguments;
                const show = text => document.getElementById('ending').textContent = text;
                const token = async () => (await fetch('/token.txt')).text();
                const act = async () => {
                """ + script + """
                };
                document.querySelector('button').addEventListener('click', () =>
                    act().then(ending => show(`done: ${ending}`), error => show(`failed: ${error.reason ?? error.code ?? error}`)));
                """,
                rig.agent().https(),
                rig.agent().http(),
                rig.agent().httpsPort());
        browser.find(By.tagName("button")).click();
    }

    private static final String CONNECT = """
            const connector = await Countersign.Connector.initialize({url: https, httpUrl: http, token});
            """;

    @Test
    void withoutConsentThereAreNoReaders() {
        prepare(CONNECT + "return (await connector.readers()).length;");
        rig.browser().awaitText("failed: consent-required");
    }

    @Test
    void theUserAgreesInTheAgentsWindow() {
        var asked = CONNECT + """
                await connector.consent.explicit({title: 'Shop', codeWord: Countersign.codeWord()});
                return `${(await connector.readers()).length} readers, ${await connector.consent.isGiven()}`;
                """;
        prepare(asked);
        screen.press("Countersign: Shop", "Escape");
        rig.browser().awaitText("failed: consent-refused");
        prepare(asked);
        screen.press("Countersign: Shop", "Tab", "space");
        rig.browser().awaitText("done: 2 readers, true");
    }

    @Test
    void theUserAgreesByTheClipboard() {
        prepare(CONNECT + """
                await connector.consent.implicit();
                return `${(await connector.readers()).length} readers, ${await connector.consent.isGiven()}`;
                """);
        rig.browser().awaitText("done: 2 readers, true");
    }

    @Test
    void theFormerSdkAsksByTheClipboard() {
        prepare("""
                const {T1CClient, T1CConfig, T1CConfigOptions} = T1CSdk;
                const url = 'https://localhost';
                const options = new T1CConfigOptions(url, port, url, port, await token(), 'app.example.com');
                const client = await T1CClient.initialize(new T1CConfig(options));
                let before = 'none';
                try {
                  await client.core().readers();
                } catch (error) {
                  before = error.code;
                }
                const word = T1CClient.generateConsentToken();
                await navigator.clipboard.writeText(word);
                const allowed = await client.core().getImplicitConsent(word, 1);
                const again = await allowed.core().validateConsent();
                return `${before}, ${(await again.core().readers()).data.length} readers`;
                """);
        // Its code for every refusal with 401.
        rig.browser().awaitText("done: 112999, 2 readers");
    }
}
