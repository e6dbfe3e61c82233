package org.countersign.systemtests.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.codec.binary.Base32;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.countersign.core.entropy.Entropy;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Test;

/**
 * Does everything a caller can do, rightly and wrongly, with secrets made for this run and the server's log at its most
 * talkative, and then looks for each of them in the database, in every file of the run and in every log.
 *
 * <p>One-time passwords are not looked for: six digits are found in any file, and are worth nothing half a minute later.
 * They are made from the OTP secret, which is.
 */
final class NoSecretIsLeftBehindIT {

    private static final String CONTROL = "control: the name of a seat";
    private static final String DEMONSTRATION = "secret of client acme";

    /** What may be found: by file, the secrets that are there on purpose. Nothing else, and not these elsewhere. */
    private static final Map<String, Set<String>> ON_PURPOSE =
            // The demonstration client's secret stands in the documentation, too.
            Map.of("config/signer-acme.json", Set.of(DEMONSTRATION));

    /**
     * PKCS#8 (RFC 5958) as it begins after its length: version 0, the algorithm, then the key as octet string. What has
     * no private key does not go on like that. Not looked for in programs, which bring test vectors.
     */
    private static final Map<String, String> PRIVATE_KEYS = Map.of(
            "RSA key in PKCS#8", "020100300d06092a864886f70d01010105000482",
            "P-256 key in PKCS#8", "020100301306072a8648ce3d020106082a8648ce3d03010704",
            "Ed25519 key in PKCS#8", "020100300506032b65700422",
            "RSA-2048 key in PKCS#1", "0201000282010100",
            "RSA-3072 key in PKCS#1", "0201000282018100",
            "key in PEM", HexFormat.of().formatHex("PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII)));

    private static final Set<String> PROGRAMS = Set.of(
            "wildfly/deployments",
            "wildfly/tmp",
            "wildfly/data/content",
            "liberty/servers/countersign/dropins",
            "liberty/servers/countersign/workarea");

    private final Entropy entropy = Entropy.system();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private final TestAuthority authority = new TestAuthority("Leaks");

    @Test
    void databaseFilesAndLogsHoldNoSecretOfTheRun() throws Exception {
        var administrator = text("secret of the administrator", entropy.token());
        text(DEMONSTRATION, "acme_password");
        var acme = Company.acme();
        var company = new Company(
                acme.context(),
                acme.database(),
                root -> talkative(acme.configuration().apply(root)),
                Map.of("ACME_ADMIN_SECRET", administrator));
        // The harness's own; the server gets them through its environment.
        text("SAD key", "the SAD key of signer-acme, which is long enough");
        text("master secret", "the master secret of signer-acme, which is long enough");
        text("database password", "password-of-the-database-user");
        try (var server = TestServer.start(List.of(company))) {
            startTalkative(server);
            use(server.api(Company.ACME), administrator);
            assertThat(server.log()).as("the log is at its most talkative").contains("org.countersign");
            assertThat(server.folder().resolve("config/log/signer-acme/all.log"))
                    .as("the company's own as well")
                    .content()
                    .contains(" DEBUG ");
            lookForSecrets(server);
            lookForPrivateKeys(server);
        }
    }

    /** With a log file of the company's own that takes everything. */
    private static String talkative(String json) {
        var changed = json.replaceFirst(
                "\"hsm\": \\{",
                "\"loggersConfig\": [{\"name\": \"org.countersign\", \"fileName\": \"all.log\", \"level\": \"ALL\"}], \"hsm\": {");
        assertThat(changed).isNotEqualTo(json);
        return changed;
    }

    /** Everything of this product, down to the last detail. */
    private static void startTalkative(TestServer server) throws IOException {
        server.killServer();
        switch (TestServer.KIND) {
            case WILDFLY -> makeWildFlyTalkative(server);
            case LIBERTY -> makeLibertyTalkative(server);
        }
        server.startServer();
    }

    private static void makeLibertyTalkative(TestServer server) throws IOException {
        var overrides = server.folder().resolve("liberty/servers/countersign/configDropins/overrides");
        Files.createDirectories(overrides);
        Files.writeString(
                overrides.resolve("talkative.xml"),
                "<server><logging traceSpecification=\"org.countersign.*=all\"/></server>");
    }

    private static void makeWildFlyTalkative(TestServer server) throws IOException {
        var standalone = server.folder().resolve("wildfly/configuration/standalone.xml");
        var xml = Files.readString(standalone);
        var talkative = xml.replace(
                        "<root-logger>",
                        "<logger category=\"org.countersign\"><level name=\"TRACE\"/></logger><root-logger>")
                .replaceFirst("(<console-handler[^>]*>\\s*)<level name=\"INFO\"/>", "$1");
        assertThat(talkative).isNotEqualTo(xml);
        Files.writeString(standalone, talkative);
    }

    private void use(SignerApi api, String administrator) throws Exception {
        var clientSecret = useClients(api, administrator);
        useTokens(api, clientSecret);
        for (var kind : List.of(KeyKind.P_256, KeyKind.RSA_2048, KeyKind.RSA_3072, KeyKind.ED25519)) {
            use(enrol(api, kind), kind);
        }
    }

    private String useClients(SignerApi api, String administrator) {
        var byAdministrator = api.with(token(api, "oAuthAdmin", administrator, ""));
        var first = text("first secret of a client", entropy.token());
        var second = text("second secret of a client", entropy.token());
        var client = new LinkedHashMap<String, Object>(Map.of(
                "clientId",
                "leaks",
                "clientSecret",
                first,
                "authorizedGrantTypes",
                "client_credentials",
                "accessTokenValidity",
                600,
                "authorities",
                "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:acme"));
        byAdministrator.createClient(client).ok();
        // Refused ones, too: twice the same client, and a body that is none.
        assertThat(byAdministrator.createClient(client).isOk()).isFalse();
        assertThat(byAdministrator
                        .postRaw("/api/v1/oauth-clients", "{\"clientSecret\":\"" + second + "\"")
                        .isOk())
                .isFalse();
        client.put("clientSecret", second);
        byAdministrator.replaceClient("leaks", client).ok();
        byAdministrator.clients().ok();
        byAdministrator.client("leaks").ok();
        var shortLived = new LinkedHashMap<>(client);
        shortLived.put("clientId", "deleted");
        byAdministrator.createClient(shortLived).ok();
        byAdministrator.deleteClient("deleted").ok();
        return second;
    }

    private void useTokens(SignerApi api, String clientSecret) {
        var wrong = text("wrong secret of a client", entropy.token());
        assertThat(api.token("leaks", wrong, "").isOk()).isFalse();
        api.tokenByBasic("leaks", clientSecret, Map.of("grant_type", "client_credentials"))
                .ok();
        var revoked = token(api, "leaks", clientSecret, "");
        api.checkToken(revoked).ok();
        api.introspect("leaks", clientSecret, revoked).ok();
        api.revoke("leaks", clientSecret, revoked).ok();
        assertThat(api.with(revoked).list().isOk()).isFalse();
        // In the address, where it does not belong, and as a token nobody issued.
        var unknown = text("unknown token", entropy.token());
        assertThat(api.with(unknown).list().isOk()).isFalse();
        assertThat(api.checkToken(unknown).isOk()).isFalse();
        this.clientSecret = clientSecret;
    }

    private String clientSecret;

    private Holder enrol(SignerApi api, KeyKind kind) {
        var seat = "leaks-" + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        var generator = api.with(token(api, "leaks", clientSecret, ""));
        var credential = generator.create("acme", seat, "pin-otp", 10).ok().text("credentialId");
        var pin = text("PIN of " + seat, entropy.token());
        generator.setPin(credential, pin).ok();
        assertThat(generator
                        .setPin(credential, text("second PIN of " + seat, entropy.token()))
                        .isOk())
                .isFalse();
        var otp = generator.newOtp(credential).ok();
        var otpSecret = text("OTP secret of " + seat, otp.text("secret"));
        secrets.put(
                "raw OTP secret of " + seat, new Secret("raw OTP secret of " + seat, new Base32().decode(otpSecret)));
        var authenticator = new Authenticator(otpSecret);
        generator.confirmOtp(credential, authenticator.next()).ok();
        var csr = generator.keyPair(credential, kind).ok().text("csr");
        generator.certificate(credential, authority.pkcs7(authority.issue(csr))).ok();
        var caller = api.with(token(api, "leaks", clientSecret, "seat:" + seat + "@acme"));
        return new Holder(caller, credential, kind, pin, authenticator);
    }

    private void use(Holder holder, KeyKind kind) {
        Caller caller = holder.caller();
        caller.list().ok();
        caller.info(holder.credential(), Map.of("certificates", "chain", "certInfo", true, "authInfo", true))
                .ok();
        caller.configurations().ok();
        caller.certificates(Map.of());
        var hashes = holder.hashes("one " + kind, "two " + kind);
        var wrongPin = text("wrong PIN for " + kind, entropy.token());
        assertThat(caller.authorize(
                                holder.credential(),
                                hashes,
                                Map.of(
                                        "PIN",
                                        wrongPin,
                                        "OTP",
                                        holder.authenticator().next()))
                        .isOk())
                .isFalse();
        assertThat(caller.authorize(
                                holder.credential(),
                                hashes,
                                Map.of(
                                        "PIN",
                                        holder.pin(),
                                        "OTP",
                                        holder.authenticator().wrong()))
                        .isOk())
                .isFalse();
        var sad = holder.sad(hashes);
        text("SAD of " + kind, sad);
        var encrypted = sad.split("\\.");
        if (encrypted.length == 5) {
            text("encrypted part of the SAD of " + kind, encrypted[3]);
        }
        assertThat(holder.sign(sad, holder.hashes("not authorized")).isOk()).isFalse();
        assertThat(holder.sign(sad + "x", hashes).isOk()).isFalse();
        holder.sign(sad, hashes).ok();
        assertThat(holder.sign(sad, hashes).isOk()).isFalse();
        assertThat(caller.postRaw("/api/v1/signatures", "{\"SAD\":\"" + sad + "\",")
                        .isOk())
                .isFalse();
    }

    private String token(SignerApi api, String client, String secret, String scope) {
        return text(
                "token " + secrets.size() + " of " + client,
                api.token(client, secret, scope).ok().text("access_token"));
    }

    private String text(String name, String value) {
        secrets.put(name, Secret.text(name, value));
        return value;
    }

    private void lookForSecrets(TestServer server) throws Exception {
        // No secret: shows that the search reaches rows and PostgreSQL's own files.
        text(CONTROL, "leaks-rsa-3072");
        var scan = new SecretScan(secrets.values());
        var hits = new ArrayList<SecretScan.Hit>();
        try (var connection = server.database().superuser("acme")) {
            assertThat(SecretScan.tables(connection)).contains("public.wrapped_key", "public.activation");
            try (var statement = connection.createStatement()) {
                // So that the files hold what memory holds.
                statement.execute("CHECKPOINT");
            }
            hits.addAll(scan.database(connection));
        }
        hits.addAll(scan.folder(server.folder()));
        System.out.println(scan.summary() + ", secrets " + secrets.size());
        assertThat(hits)
                .as("what is there on purpose is found")
                .anyMatch(hit -> hit.secret().equals(DEMONSTRATION))
                .anyMatch(hit -> hit.secret().equals(CONTROL) && hit.where().startsWith("public.credential."))
                .anyMatch(hit -> hit.secret().equals(CONTROL) && hit.where().startsWith("postgres/base/"))
                .anyMatch(hit -> hit.secret().equals(CONTROL) && hit.where().startsWith("postgres/pg_wal/"));
        assertThat(hits).filteredOn(hit -> !isOnPurpose(hit)).isEmpty();
    }

    private static boolean isOnPurpose(SecretScan.Hit hit) {
        return hit.secret().equals(CONTROL)
                || ON_PURPOSE.getOrDefault(hit.where(), Set.of()).contains(hit.secret());
    }

    private static void lookForPrivateKeys(TestServer server) throws Exception {
        var markers = new ArrayList<Secret>();
        PRIVATE_KEYS.forEach(
                (name, hex) -> markers.add(new Secret(name, HexFormat.of().parseHex(hex))));
        var scan = new SecretScan(markers);
        var hits = new ArrayList<SecretScan.Hit>();
        int keys = 0;
        try (var connection = server.database().superuser("acme")) {
            hits.addAll(scan.database(connection));
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT wrapped FROM wrapped_key")) {
                while (rows.next()) {
                    keys++;
                    assertThat(isPrivateKey(rows.getBytes(1))).isFalse();
                }
            }
        }
        assertThat(keys)
                .as("wrapped keys in the database: four credentials', two that sign tokens for agents")
                .isEqualTo(6);
        hits.addAll(scan.folder(server.folder()));
        assertThat(hits)
                .filteredOn(hit -> PROGRAMS.stream().noneMatch(hit.where()::startsWith))
                .isEmpty();
    }

    /** Whether a PKCS#8 structure begins anywhere in these bytes. */
    private static boolean isPrivateKey(byte[] blob) {
        for (int from = 0; from < blob.length; from++) {
            try {
                PrivateKeyInfo.getInstance(java.util.Arrays.copyOfRange(blob, from, blob.length))
                        .parsePrivateKey();
                return true;
            } catch (IOException | RuntimeException noise) {
                // as it should be
            }
        }
        return false;
    }
}
