package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.BrowserRig;
import org.countersign.systemtests.harness.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SDK in a real browser, on pages of the Internet's, with the real agent and a card. */
class AgentInBrowserIT {

    private static final String INITIALIZE = """
            const [url, httpUrl] = arguments;
            const token = async () => (await fetch('/token.txt')).text();
            const connect = (more = {}) => Countersign.Connector.initialize({url, httpUrl, token, ...more});
            const reasonOf = async promise => {
              try {
                await promise;
                return 'none';
              } catch (error) {
                return error.reason ? {reason: error.reason, message: error.message} : String(error);
              }
            };
            """;

    private static TokenIssuer issuer;
    private static BrowserRig rig;

    @BeforeAll
    static void start() throws Exception {
        issuer = TokenIssuer.start();
        rig = BrowserRig.start(null, issuer.name());
        var sdk = Path.of(System.getProperty("countersign.root"), "connector-sdk", "dist");
        for (var file : List.of("countersign-sdk.js", "countersign-sdk.mjs")) {
            Files.copy(sdk.resolve(file), rig.page(file));
        }
        Files.writeString(rig.page("index.html"), """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Test</title>
                <script src="countersign-sdk.js" defer></script></head><body></body></html>
                """);
        Files.writeString(rig.page("token.txt"), issuer.token(List.of(BrowserRig.APP, BrowserRig.DENIED), 10));
    }

    @AfterAll
    static void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        issuer.close();
    }

    private static Object run(String site, String script, String url, String httpUrl) {
        rig.browser().open(site + "/index.html");
        return rig.browser().run(INITIALIZE + script, url, httpUrl);
    }

    private static Map<?, ?> failure(String site, String url, String httpUrl) {
        return (Map<?, ?>) run(site, "return await reasonOf(connect());", url, httpUrl);
    }

    private static void assertSigns(String url) throws Exception {
        var made = (Map<?, ?>) run(BrowserRig.APP, """
                const connector = await connect();
                let [reader] = await connector.readers({cardInserted: true});
                for (let i = 0; i < 100 && reader === undefined; i++) {
                  await new Promise(done => setTimeout(done, 100));
                  [reader] = await connector.readers({cardInserted: true});
                }
                const card = connector.token(reader.card.module[0], reader.id);
                const certificates = await card.certificates();
                await card.verifyPin('739201');
                const hash = await Countersign.digest('sha256', new TextEncoder().encode('to be signed'));
                const signing = {algorithm: 'sha256', hash, pin: '739201'};
                const text = bytes => btoa(String.fromCharCode(...bytes));
                return {
                  subjects: certificates.map(certificate => certificate.certificateType + ' ' + certificate.subject),
                  rsa: text(await card.sign(signing)),
                  ec: text(await card.authenticate(signing)),
                };
                """, url, rig.agent().http());
        assertThat(made.get("subjects")).isEqualTo(List.of("AUTHENTICATION CN=Card ec", "NON_REPUDIATION CN=Card rsa"));
        var hash = MessageDigest.getInstance("SHA-256").digest("to be signed".getBytes(StandardCharsets.UTF_8));
        for (var key : List.of("rsa", "ec")) {
            assertThat(rig.verifies(key, hash, Base64.getDecoder().decode((String) made.get(key))))
                    .isTrue();
        }
        assertThat(rig.agent().log()).doesNotContain(BrowserRig.PIN);
    }

    @Test
    void aPageSignsWithTheCard() throws Exception {
        assertSigns(rig.agent().https());
    }

    @Test
    void withoutTlsEachAnswersSignatureIsChecked() throws Exception {
        assertSigns(rig.agent().http());
    }

    @Test
    void theModuleDoesWhatTheScriptDoes() {
        var readers = run(BrowserRig.APP, """
                const {Connector} = await import('/countersign-sdk.mjs');
                return (await (await Connector.initialize({url, httpUrl, token})).readers()).length;
                """, rig.agent().https(), rig.agent().http());
        assertThat(readers).isEqualTo(2L);
    }

    @Test
    void aWrongPinIsToldAndCostsOneTry() {
        var failure = (Map<?, ?>)
                run(BrowserRig.APP, """
                const card = (await connect()).token('piv');
                const failure = await reasonOf(card.verifyPin('000000'));
                await card.verifyPin('739201');
                return failure;
                """, rig.agent().https(), rig.agent().http());
        assertThat(failure.get("reason")).isEqualTo("pin-wrong");
    }

    @Test
    void aSiteThatIsNotAllowedIsToldSo() {
        var failure = failure(BrowserRig.OTHER, rig.agent().https(), rig.agent().http());
        assertThat(failure.get("reason")).isEqualTo("origin-refused");
        assertThat((String) failure.get("message")).contains("does not serve this site");
    }

    @Test
    void aBrowserThatDoesNotTrustTheCertificateIsToldSo() {
        var failure =
                failure(BrowserRig.APP, rig.untrusted().https(), rig.untrusted().http());
        assertThat(failure.get("reason")).isEqualTo("tls-untrusted");
    }

    @Test
    void anAgentThatIsNotThereIsToldSo() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        var failure = failure(BrowserRig.APP, "https://localhost:" + port, "http://localhost:" + port);
        assertThat(failure.get("reason")).isEqualTo("agent-absent");
    }

    @Test
    void aPermissionThatWasRefusedIsToldSo() {
        var failure =
                failure(BrowserRig.DENIED, rig.agent().https(), rig.agent().http());
        assertThat(failure.get("reason")).isEqualTo("permission-denied");
    }

    @Test
    void aTokenThatIsMissingOrNotGoodIsToldSo() throws Exception {
        Files.writeString(rig.page("expired.txt"), issuer.token(List.of(BrowserRig.APP), -5));
        Files.writeString(rig.page("anothers.txt"), issuer.token(List.of(BrowserRig.OTHER), 10));
        var reasons = run(BrowserRig.APP, """
                const reasons = [];
                for (const source of [undefined, '/expired.txt', '/anothers.txt']) {
                  const token = source && (async () => (await fetch(source)).text());
                  reasons.push((await reasonOf((await connect({token})).readers())).reason);
                }
                return reasons;
                """, rig.agent().https(), rig.agent().http());
        assertThat(reasons).isEqualTo(List.of("token-missing", "token-refused", "origin-refused"));
    }
}
