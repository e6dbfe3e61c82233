package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.Jcmd;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.KmsEndpoint;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.tenant.TenantTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A company whose keys are wrapped by data keys of a key management service. No key stays open, so that each signature unwraps. */
@ExtendWith(RunningServer.class)
class KmsVaultIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String AWAY = "The key vault is not available; try again later";

    private final Platform platform;
    private final TestServer server;
    private final SignerApi api;
    private KmsEndpoint kms;
    private Guest guest;

    KmsVaultIT(Platform platform) {
        this.platform = platform;
        this.server = platform.server();
        this.api = server.api(Guest.KMS);
    }

    @BeforeEach
    void start() throws Exception {
        kms = KmsEndpoint.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (guest != null) {
            guest.close();
        }
        kms.close();
    }

    @Test
    void keysInTheDatabaseSignAndNotEverySignatureAsksTheService() throws Exception {
        deploy("", KmsEndpoint.SECRET);
        var holder = enrol("database", KeyKind.P_256);
        var second = enrol("database-rsa", KeyKind.RSA_2048);
        assertThat(wrapped(holder)[0]).isEqualTo((byte) 2);
        assertThat(one("SELECT vault FROM credential WHERE id = '" + holder.credential() + "'"))
                .isEqualTo("kms");
        assertSigns(holder);
        assertSigns(second);
        assertThat(kms.generated()).as("one data key for both").isEqualTo(1);

        redeploy();
        int before = kms.decrypted();
        var threads = Executors.newFixedThreadPool(6);
        try {
            var signed = new ArrayList<Future<?>>();
            for (int i = 0; i < 12; i++) {
                signed.add(threads.submit(() -> assertSigns(holder)));
            }
            for (var one : signed) {
                one.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }

        // One for all signatures; a probe of the health's may come beside them.
        assertThat(kms.decrypted() - before).isBetween(1, 4);
        assertThat(kms.refused()).isZero();
        assertThat(kms.contexts()).containsExactly("{\"countersign:context\":\"" + Guest.KMS + "\"}");
        assertThat(metrics()).contains("countersign_vault_data_keys{vault=\"kms\"} 1.0");
    }

    @Test
    void keysInAFolderSignAsWell() throws Exception {
        deploy("\"folder\": \"" + server.folder().resolve("keys-kms") + "\", ", KmsEndpoint.SECRET);
        var holder = enrol("folder", KeyKind.ED25519);

        var file = server.folder().resolve("keys-kms").resolve(keyId(holder) + ".key");
        assertThat(Files.readAllBytes(file)[0]).isEqualTo((byte) 2);
        assertSigns(holder);
    }

    @Test
    void whileTheServiceIsAwayNothingIsUsedUpAndOthersSign() throws Exception {
        deploy("", KmsEndpoint.SECRET);
        var holder = enrol("away", KeyKind.P_256);
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);

        kms.away(true);
        redeploy();
        var health = api.get("/health/ready");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.json().at("/checks/keys").asText()).isEqualTo("DOWN");
        var refusal = holder.sign(sad, hashes);
        refusal.refused(503, "temporarily_unavailable", AWAY);
        assertThat(refusal.header("Retry-After")).isPresent();
        var generator = api.as("acme", "acme_password", "");
        var credential = generator.create("acme", "too-early", "pin", 1).ok().text("credentialId");
        generator.setPin(credential, Enrolment.PIN).ok();
        generator.keyPair(credential, KeyKind.P_256).refused(503, "temporarily_unavailable", AWAY);
        server.awaitReady(Company.ACME);

        kms.away(false);
        server.awaitReady(Guest.KMS);
        var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
        generator.keyPair(credential, KeyKind.P_256).ok();
        assertThat(server.log())
                .contains("The key management service gives no data key: KMSInternalException, request a-request")
                .contains("The key management service answers again");
    }

    @Test
    void aWrongSecretKeyIsRefusedByTheServiceAndSaidWithoutIt() throws Exception {
        var wrong = "another secret access key";
        deploy("", wrong);

        var said = "The key management service gives no data key: InvalidSignatureException";
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        do {
            // Not ready before the service has answered either, so the answer is waited for.
            assertThat(api.get("/health/ready").json().at("/checks/keys").asText())
                    .isEqualTo("DOWN");
        } while (!server.log().contains(said) && System.nanoTime() < deadline);
        assertThat(kms.refused()).isPositive();
        assertThat(kms.generated()).isZero();
        assertThat(server.log()).contains(said).doesNotContain(wrong).doesNotContain(KmsEndpoint.SECRET);
    }

    /** Who writes the database and may use the same key for another company can not have this server unwrap by that. */
    @Test
    void anotherCompanysDataKeyOpensNothing() throws Exception {
        deploy("", KmsEndpoint.SECRET);
        var holder = enrol("foreign", KeyKind.P_256);
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);
        var own = wrapped(holder);
        int length = ByteBuffer.wrap(own).getShort(1);
        var foreign = own.clone();
        System.arraycopy(
                kms.wrappedFor("signer-other", Guest.KMS, Arrays.copyOfRange(own, 3, 3 + length)),
                0,
                foreign,
                3,
                length);
        put(holder, foreign);

        assertThat(holder.sign(sad, hashes).refusal().text("error")).isEqualTo("server_error");

        put(holder, own);
        holder.sign(sad, hashes).ok();
    }

    @Test
    void aDeletedCredentialsKeyIsDestroyed() throws Exception {
        deploy("", KmsEndpoint.SECRET);
        var holder = enrol("deleted", KeyKind.P_256);
        var key = keyId(holder);

        holder.caller().act(holder.credential(), "delete", holder.factors()).ok();

        assertThat(one("SELECT count(*) FROM wrapped_key WHERE credential_id = '" + key + "'"))
                .isEqualTo("0");
    }

    @Test
    void nothingOfTheLibrarysStaysBehind() throws Exception {
        deploy("", KmsEndpoint.SECRET);
        assertSigns(enrol("gone", KeyKind.P_256));
        assertThat(threadsOfTheLibrary()).as("there while it is deployed").isNotEmpty();

        guest.close();
        guest = null;

        assertThat(threadsOfTheLibrary()).isEmpty();
    }

    /** The tenant's keys go from the database to the service's vault and back while its holder signs. */
    @Test
    void aTenantsKeysAreMovedWhileItsHolderSigns(@TempDir Path folder) throws Exception {
        deploy("", KmsEndpoint.SECRET);
        var holder = new Enrolment(api, "acme", "acme_password", platform.authority())
                .tenant("moved")
                .enrol("moved");
        var tool = new TenantTool(server, Guest.secrets(), folder);
        var stop = new AtomicBoolean();
        var threads = Executors.newSingleThreadExecutor();
        try {
            var signing = threads.submit(() -> {
                int signed = 0;
                while (!stop.get()) {
                    assertSigns(holder);
                    signed++;
                }
                return signed;
            });
            for (var vault : List.of("PKCS12DBWebCertificate", "kms")) {
                var run = tool.run("tenant", "move-keys", "--context", Guest.KMS, "--tenant", "moved", "--to", vault);
                assertThat(run.exitCode()).as(run.output()).isZero();
                assertThat(one("SELECT vault FROM credential WHERE id = '" + holder.credential() + "'"))
                        .isEqualTo(vault);
                assertThat(wrapped(holder)[0]).isEqualTo((byte) (vault.equals("kms") ? 2 : 1));
            }
            stop.set(true);
            assertThat(signing.get(2, TimeUnit.MINUTES)).isPositive();
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        assertSigns(holder);
        var refused = tool.run("tenant", "move-keys", "--context", Guest.KMS, "--tenant", "moved", "--to", "pkcs11");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("by re-issue (renewal)");
    }

    private String metrics() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.address(Guest.KMS) + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private List<String> threadsOfTheLibrary() {
        return Jcmd.of(server, "Thread.print")
                .lines()
                .filter(line -> line.startsWith("\"sdk-") || line.startsWith("\"idle-connection"))
                .toList();
    }

    private void deploy(String storage, String secret) throws Exception {
        var file = Files.writeString(server.folder().resolve("kms-secret"), secret);
        var more = "\"openKeysInSeconds\": 0,\n" + kms.settings(storage, "${file:" + file + "}");
        guest = Guest.deploy(
                server,
                Guest.KMS,
                Guest.file(server, Guest.KMS, more)
                        .replace(
                                "\"demonstration\": true}",
                                "\"demonstration\": true, \"defaultWebCertificateType\": \"HSMWebCertificate\"}, "
                                        + "{\"name\": \"moved\", \"demonstration\": true,"
                                        + " \"defaultWebCertificateType\": \"HSMWebCertificate\"}")
                        .replace("tenantName:acme", "tenantName:acme,tenantName:moved"));
    }

    private void redeploy() throws Exception {
        guest.close();
        guest = null;
        deploy("", KmsEndpoint.SECRET);
    }

    private Holder enrol(String seat, KeyKind kind) {
        return new Enrolment(api, "acme", "acme_password", platform.authority())
                .kind(kind)
                .enrol(seat);
    }

    private void assertSigns(Holder holder) {
        var hashes = holder.hashes("document");
        var signature =
                holder.sign(holder.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
    }

    private static String certificate(Holder holder) {
        return holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
    }

    private String keyId(Holder holder) {
        return one("SELECT key_id FROM credential WHERE id = '" + holder.credential() + "'");
    }

    private byte[] wrapped(Holder holder) {
        return HexFormat.of()
                .parseHex(one("SELECT encode(wrapped, 'hex') FROM wrapped_key WHERE credential_id = '" + keyId(holder)
                        + "'"));
    }

    private void put(Holder holder, byte[] wrapped) {
        one("UPDATE wrapped_key SET wrapped = decode('" + HexFormat.of().formatHex(wrapped)
                + "', 'hex') WHERE credential_id = '" + keyId(holder) + "' RETURNING 1");
    }

    private String one(String query) {
        try (var connection = server.database().superuser(Guest.KMS.replace('-', '_'));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
