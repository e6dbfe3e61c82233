package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.countersign.agent.Tools;
import org.countersign.systemtests.harness.BrowserRig;
import org.countersign.systemtests.harness.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SDK that pages written for the v3 API have, {@code t1c-sdk-js} 3.6.1 as it is published, in a real browser with the real
 * agent and a card. It is fetched for the test, which needs npm and its registry.
 */
class FormerSdkIT {

    private static final String PACKAGE = "t1c-sdk-js-3.6.1.tgz";
    private static final String SHA512 =
            "sVds8uAa34h45ia9JR/5orUj7dW56bu1OONMrG1M56ooPQuKKBQr3yKJSArC" + "ijzBaaXpknQ/6AMnkRe4mX/VcQ==";

    /** What a page does with it. That version leaves the check of an answer's signature to the page. */
    private static final String SCRIPT = """
            const [url, port, signed] = arguments;
            const {T1CClient, T1CConfig, T1CConfigOptions} = T1CSdk;
            const jwt = await (await fetch('/token.txt')).text();
            const options = new T1CConfigOptions(url, port, url, port, jwt, 'app.example.com');
            const client = await T1CClient.initialize(new T1CConfig(options));
            const der = pem => Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\\s/g, '')), c => c.charCodeAt(0));
            const pem = (await (await fetch(`${url}:${port}/device-key`)).json()).data;
            const key = await crypto.subtle.importKey(
                'spki', der(pem), {name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256'}, false, ['verify']);
            const checked = async answer => {
              if (signed) {
                const good = await crypto.subtle.verify(key.algorithm, key,
                    Uint8Array.from(atob(answer.signature), c => c.charCodeAt(0)),
                    new TextEncoder().encode(JSON.stringify(answer.data)));
                if (!good) {
                  throw new Error('An answer is not signed: ' + JSON.stringify(answer));
                }
              }
              return answer.data;
            };
            const all = await checked(await client.core().readers());
            let readers = [];
            for (let i = 0; i < 100 && readers.length === 0; i++) {
              readers = await checked(await client.core().readersCardAvailable());
              await new Promise(done => setTimeout(done, readers.length === 0 ? 100 : 0));
            }
            const empty = await checked(await client.core().readersCardsUnavailable());
            const one = await checked(await client.core().reader(readers[0].id));
            const card = client.generic(readers[0].id);
            const certificates = (await card.allCerts('piv', true, {})).data;
            const single = (await card.nonRepudiationCertificate('piv', false)).data;
            const extended = (await card.authenticationCertificateExtended('piv', true)).data;
            const algorithms = await checked(await card.allAlgoRefs('piv'));
            const verified = await checked(await card.verifyPin('piv', {pin: '739201'}));
            let refusal;
            try {
              await card.verifyPin('piv', {pin: '000000'});
            } catch (error) {
              refusal = {code: error.code, description: error.description};
            }
            const hash = btoa(String.fromCharCode(...new Uint8Array(
                await crypto.subtle.digest('SHA-256', new TextEncoder().encode('to be signed')))));
            const sign = () => ({algorithm: 'sha256', data: hash, pin: '739201'});
            return {
              version: client.config().version, all: all.length, empty: empty.length, same: one.name === readers[0].name,
              members: Object.keys(certificates).filter(name => certificates[name] !== undefined).sort(),
              single: single.certificate, extended: extended.certificates[0].certificate, algorithms,
              verified: verified.verified, refusal,
              rsa: (await checked(await card.sign('piv', sign()))).data,
              ec: (await checked(await card.authenticate('piv', sign()))).data,
            };
            """;

    private static TokenIssuer issuer;
    private static BrowserRig rig;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        issuer = TokenIssuer.start();
        rig = BrowserRig.start(null, issuer.name());
        fetch(folder, rig);
        Files.writeString(rig.page("index.html"), """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Test</title>
                <script src="T1CSdk.js" defer></script></head><body></body></html>
                """);
        Files.writeString(rig.page("token.txt"), issuer.token(List.of(BrowserRig.APP), 10));
    }

    /** Puts the SDK among a rig's files. */
    static void fetch(Path folder, BrowserRig rig) throws Exception {
        Tools.require("npm", "tar");
        Tools.run(folder, "npm", "pack", "--silent", "t1c-sdk-js@3.6.1");
        assertThat(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(folder.resolve(PACKAGE))))
                .isEqualTo(Base64.getDecoder().decode(SHA512));
        Tools.run(folder, "tar", "-xzf", PACKAGE, "package/dist/T1CSdk.js");
        Files.copy(folder.resolve("package/dist/T1CSdk.js"), rig.page("T1CSdk.js"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        if (issuer != null) {
            issuer.close();
        }
    }

    private static void assertWorks(String url, String port, boolean signed) throws Exception {
        rig.browser().open(BrowserRig.APP + "/index.html");
        var found = (Map<?, ?>) rig.browser().run(SCRIPT, url, port, signed);
        assertThat(found.get("version")).isEqualTo("3.8.0");
        assertThat(found.get("all")).isEqualTo(2L);
        assertThat(found.get("empty")).isEqualTo(1L);
        assertThat(found.get("same")).isEqualTo(true);
        assertThat(found.get("members")).asString().contains("authenticationCertificate", "nonRepudiationCertificate");
        assertThat(found.get("single")).isEqualTo(rig.certificate("rsa"));
        assertThat(found.get("extended")).isEqualTo(rig.certificate("ec"));
        assertThat(found.get("algorithms")).asString().contains("sha256");
        assertThat(found.get("verified")).isEqualTo(true);
        assertThat(((Map<?, ?>) found.get("refusal")).get("code")).isEqualTo(107_401L);
        var hash = MessageDigest.getInstance("SHA-256").digest("to be signed".getBytes(StandardCharsets.UTF_8));
        for (var key : List.of("rsa", "ec")) {
            assertThat(rig.verifies(key, hash, Base64.getDecoder().decode((String) found.get(key))))
                    .isTrue();
        }
    }

    @Test
    void itWorksOverHttps() throws Exception {
        assertWorks("https://localhost", rig.agent().httpsPort(), false);
    }

    @Test
    void itWorksOverHttpWithSignedAnswers() throws Exception {
        assertWorks("http://localhost", rig.agent().httpPort(), true);
    }
}
