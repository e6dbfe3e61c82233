package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.countersign.agent.Tools;
import org.countersign.agent.card.IssuedCard;
import org.countersign.agent.card.PivCard;
import org.countersign.agent.card.ReaderService;
import org.countersign.agent.card.VirtualReader;
import org.countersign.cli.process.Folders;

/**
 * A card in a reader, an agent that finds it, and a browser that is allowed to lead pages of {@code app}, {@code other} and
 * {@code ds.example.com} to it, but none of {@code denied.example.com}; and a second agent, whose certificate nobody trusts.
 */
public final class BrowserRig implements AutoCloseable {

    public static final String APP = "https://app.example.com";
    public static final String DENIED = "https://denied.example.com";
    /** Not one of the agent's origins. */
    public static final String OTHER = "https://other.example.com";

    public static final String DS = "https://ds.example.com";

    public static final String PIN = "739201";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path folder;
    private PublicSites sites;
    private PivCard card;
    private LocalAgent agent;
    private LocalAgent untrusted;
    private Browser browser;

    private BrowserRig(Path folder) {
        this.folder = folder;
        parts.push(() -> Folders.deleteTree(folder));
    }

    /**
     * Skips the test, with a printed reason, where something of it is missing.
     *
     * @param server behind {@link #DS}; null for none
     * @param issuer of tokens
     */
    public static BrowserRig start(URI server, String issuer) throws IOException, GeneralSecurityException {
        return start(server, issuer, Map.of("COUNTERSIGN_AGENT_CONSENT_REQUIRED", "false"));
    }

    /** @param environment of agents and browser; with a screen, the browser has a window */
    public static BrowserRig start(URI server, String issuer, Map<String, String> environment)
            throws IOException, GeneralSecurityException {
        PublicSites.require();
        ReaderService.require();
        var rig = new BrowserRig(Files.createTempDirectory("countersign-rig"));
        try {
            rig.open(server, issuer, environment);
            return rig;
        } catch (IOException | GeneralSecurityException | RuntimeException | AssertionError failure) {
            rig.close();
            throw failure;
        }
    }

    private void open(URI server, String issuer, Map<String, String> environment)
            throws IOException, GeneralSecurityException {
        sites = opened(PublicSites.start(server));
        var service = opened(new ReaderService());
        service.start();
        card = IssuedCard.issue(folder, PIN);
        agent = opened(agent("agent", issuer, environment));
        untrusted = opened(agent("untrusted", issuer, environment));
        opened(VirtualReader.insert(card));
        var allowed = List.of(APP, OTHER, DS);
        opened(BrowserPolicy.set(Map.of(
                "CACertificates",
                List.of(PublicSites.certificate(sites.authority()), PublicSites.certificate(agent.authority())),
                "LocalNetworkAccessAllowedForUrls",
                allowed,
                "LoopbackNetworkAllowedForUrls",
                allowed,
                "LocalNetworkAccessBlockedForUrls",
                List.of(DENIED),
                "LoopbackNetworkBlockedForUrls",
                List.of(DENIED))));
        browser = opened(new Browser(environment, sites.resolution(), "--no-proxy-server"));
    }

    private LocalAgent agent(String name, String issuer, Map<String, String> environment) throws IOException {
        var store = folder.resolve("sites.p12");
        if (!Files.exists(store)) {
            Tools.run(
                    folder,
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-importcert",
                    "-noprompt",
                    "-file",
                    sites.authority().toString(),
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "public");
        }
        return LocalAgent.start(
                folder.resolve(name),
                List.of(
                        "-Djdk.net.hosts.file=" + sites.hosts(),
                        "-Djavax.net.ssl.trustStore=" + store,
                        "-Djavax.net.ssl.trustStorePassword=public"),
                environment,
                "--origins=" + String.join(",", APP, DENIED, DS),
                "--token.issuers=" + issuer);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    public Browser browser() {
        return browser;
    }

    public LocalAgent agent() {
        return agent;
    }

    /** Its certificate is not trusted. */
    public LocalAgent untrusted() {
        return untrusted;
    }

    public PivCard card() {
        return card;
    }

    /** A file of the sites. */
    public Path page(String name) {
        return sites.pages().resolve(name);
    }

    /** On the card, DER in base64. @param key {@code ec} or {@code rsa} */
    public String certificate(String key) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve(key + ".der")));
    }

    /** Whether {@code openssl} verifies a signature over a SHA-256 hash. @param key {@code ec} or {@code rsa} */
    public boolean verifies(String key, byte[] hash, byte[] signature) throws IOException {
        Files.write(folder.resolve("hash"), hash);
        Files.write(folder.resolve("signature"), signature);
        return Tools.run(
                        folder,
                        "openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        key + ".pub",
                        "-in",
                        "hash",
                        "-sigfile",
                        "signature",
                        "-pkeyopt",
                        "digest:sha256")
                .contains("Verified Successfully");
    }

    @Override
    public void close() throws IOException {
        Exception first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw new IOException("Not everything of the rig was closed", first);
        }
    }
}
