package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.SoftHsm;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A company whose tenant {@code acme} has its keys in a PKCS#11 token, beside one with keys in the database. */
@ExtendWith(RunningServer.class)
@TestInstance(Lifecycle.PER_CLASS)
class TokenVaultIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String WRONG_PIN = "a wrong user PIN";
    private static final long POLL_MILLIS = 200;
    private static final String AWAY = "The key vault is not available; try again later";

    private final Platform platform;
    private final TestServer server;
    private final SignerApi api;
    private Guest guest;
    private Answer withWrongPin;

    TokenVaultIT(Platform platform) {
        this.platform = platform;
        this.server = platform.server();
        this.api = server.api(Guest.TOKEN);
    }

    @BeforeAll
    void deploy() throws Exception {
        Assumptions.assumeTrue(Files.exists(SoftHsm.LIBRARY), "SoftHSM is installed");
        SoftHsm.create();
        guest = deployed(WRONG_PIN);
        await(503);
        withWrongPin = api.get("/health/ready");
        server.awaitReady(Company.ACME);
        guest.close();
        guest = deployed(SoftHsm.PIN);
        await(200);
    }

    @AfterAll
    void undeploy() throws Exception {
        if (guest != null) {
            guest.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"RSA_2048", "PSS_2048", "P_256", "P_384", "P_521", "ED25519"})
    void aKeyInTheTokenSignsWhatOpensslVerifies(KeyKind kind) {
        var holder = at("acme").kind(kind).multiSignature(3).enrol("life-" + kind);
        var hashes = holder.hashes("first", "second", "third");

        var signatures = holder.sign(holder.sad(hashes), hashes).ok().texts("signatures");

        var certificate = certificate(holder);
        assertThat(signatures).hasSize(3);
        for (int i = 0; i < hashes.size(); i++) {
            assertThat(OpenSsl.verifies(kind, certificate, hashes.get(i), signatures.get(i)))
                    .isTrue();
        }
    }

    @Test
    void theRequestForACertificateIsSignedByTheKeyAndTheTokenNeverGivesItAway() {
        var generator = api.as("acme", "acme_password", "");
        var credential = generator.create("acme", "requested", "pin", 1).ok().text("credentialId");
        generator.setPin(credential, Enrolment.PIN).ok();
        long before = keysInTheToken();

        var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");

        assertThat(OpenSsl.verifiesRequest(csr)).isTrue();
        assertThat(keysInTheToken()).isEqualTo(before + 1);
        assertThat(SoftHsm.objects("privkey").lines().filter(line -> line.contains("Access:")))
                .hasSize((int) before + 1)
                .allMatch(line -> line.contains("sensitive, always sensitive, never extractable, local"));
    }

    @Test
    void thePinIsTheServersCheckAndAWrongOneIsCounted() {
        var holder = at("acme").enrol("pins");
        var hashes = holder.hashes("document");

        holder.caller()
                .authorize(holder.credential(), hashes, Map.of("PIN", "000000"))
                .refused(400, "invalid_pin", "The PIN is invalid");
        holder.sign(holder.sad(hashes), hashes).ok();
    }

    @Test
    void anotherTenantsKeysStayInTheDatabase() {
        long before = keysInTheToken();

        var holder = at("plain").enrol("database");

        var hashes = holder.hashes("document");
        holder.sign(holder.sad(hashes), hashes).ok();
        assertThat(keysInTheToken()).isEqualTo(before);
    }

    @Test
    void aDeletedCredentialsKeyIsDestroyedInTheToken() {
        var holder = at("acme").enrol("deleted");
        long before = keysInTheToken();

        var answer = holder.caller()
                .act(holder.credential(), "delete", holder.factors())
                .ok();

        assertThat(answer.json().path("keyDestroyed").asBoolean()).isTrue();
        assertThat(keysInTheToken()).isEqualTo(before - 1);
    }

    /** From the database into the token, and from one key in the token to the next. */
    @ParameterizedTest
    @ValueSource(strings = {"moving", "acme"})
    void aRenewalWithANewKeyMakesItInTheToken(String tenant) throws Exception {
        var holder = at(tenant).enrol("renewed-" + tenant);
        if (tenant.equals("moving")) {
            redeploy("HSMWebCertificate");
        }
        long before = keysInTheToken();
        var former = certificate(holder);
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);
        var wanted = new LinkedHashMap<String, Object>(holder.factors());
        wanted.put("newKey", true);

        var csr =
                holder.caller().act(holder.credential(), "renewal", wanted).ok().text("csr");

        assertThat(OpenSsl.verifiesRequest(csr)).isTrue();
        assertThat(keysInTheToken()).isEqualTo(before + 1);
        var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), former, hashes.get(0), signature))
                .isTrue();

        api.as("acme", "acme_password", "")
                .act(
                        holder.credential(),
                        "renewal/certificate",
                        Map.of(
                                "pkcs7",
                                platform.authority().pkcs7(platform.authority().issue(csr))))
                .ok();

        assertThat(certificate(holder)).isNotEqualTo(former);
        signature =
                holder.sign(holder.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
        // The former key is destroyed, wherever it was.
        assertThat(keysInTheToken()).isEqualTo(tenant.equals("moving") ? before + 1 : before);
        assertThat(one(
                        "SELECT count(*) FROM wrapped_key w JOIN credential c ON c.key_id = w.credential_id WHERE c.id = '"
                                + holder.credential() + "'"))
                .isEqualTo("0");
        assertThat(one("SELECT vault FROM credential WHERE id = '" + holder.credential() + "'"))
                .isEqualTo("pkcs11");
        if (tenant.equals("moving")) {
            redeploy("PKCS12DBWebCertificate");
        }
    }

    @Test
    void signaturesAreMadeAtTheSameTime() throws Exception {
        var holder = at("acme").multiSignature(5).enrol("parallel");
        var threads = Executors.newFixedThreadPool(6);
        try {
            var answers = new ArrayList<Future<List<String>>>();
            for (int i = 0; i < 12; i++) {
                var hashes = holder.hashes("a" + i, "b" + i, "c" + i, "d" + i, "e" + i);
                answers.add(threads.submit(
                        () -> holder.sign(holder.sad(hashes), hashes).ok().texts("signatures")));
            }
            var certificate = certificate(holder);
            for (int i = 0; i < answers.size(); i++) {
                var signatures = answers.get(i).get(5, TimeUnit.MINUTES);
                assertThat(signatures).hasSize(5);
                assertThat(OpenSsl.verifies(holder.kind(), certificate, holder.hash("e" + i), signatures.get(4)))
                        .isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whileTheTokenIsAwayNothingIsUsedUpAndOthersSign() throws Exception {
        var holder = at("acme").enrol("away");
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);
        var neighbour = at("plain").enrol("neighbour");

        SoftHsm.takeAway();
        try {
            holder.sign(sad, hashes).refused(503, "temporarily_unavailable", AWAY);
            await(503);
            assertThat(api.get("/health/ready").json().at("/checks/keys").asText())
                    .isEqualTo("DOWN");
            server.awaitReady(Company.ACME);
            var theirs = neighbour.hashes("theirs");
            neighbour.sign(neighbour.sad(theirs), theirs).ok();
            var generator = api.as("acme", "acme_password", "");
            var credential =
                    generator.create("acme", "too-early", "pin", 1).ok().text("credentialId");
            generator.setPin(credential, Enrolment.PIN).ok();
            generator.keyPair(credential, KeyKind.P_256).refused(503, "temporarily_unavailable", AWAY);
        } finally {
            SoftHsm.bringBack();
        }
        await(200);

        var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
    }

    @Test
    void aWrongUserPinIsSaidAndStopsNobodyElse() throws Exception {
        assertThat(withWrongPin.json().at("/checks/keys").asText()).isEqualTo("DOWN");
        assertThat(server.log())
                .contains("The token acme can not be used: it refuses the user PIN, which is not tried again:"
                        + " CKR_PIN_INCORRECT")
                .doesNotContain(WRONG_PIN)
                .doesNotContain(SoftHsm.PIN);
    }

    /** @param newKeys where those of the tenant {@code moving} go from then on */
    private void redeploy(String newKeys) throws Exception {
        guest.close();
        guest = null;
        guest = deployed(SoftHsm.PIN, newKeys);
        await(200);
    }

    private Guest deployed(String pin) throws Exception {
        return deployed(pin, "PKCS12DBWebCertificate");
    }

    private Guest deployed(String pin, String newKeys) throws Exception {
        var file = Files.writeString(server.folder().resolve("token-pin"), pin);
        return Guest.deploy(server, Guest.TOKEN, configuration(file, newKeys));
    }

    private String one(String query) {
        try (var connection = server.database().superuser(Guest.TOKEN.replace('-', '_'));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private String configuration(Path pin, String newKeys) {
        var hsm =
                "\"hsm\": {\"type\": \"pkcs11\", \"library\": \"%s\", \"tokenLabel\": \"%s\", \"pin\": \"${file:%s}\"}"
                        .formatted(SoftHsm.LIBRARY, SoftHsm.LABEL, pin);
        return Guest.file(server, Guest.TOKEN, hsm)
                .replace(
                        "[{\"name\": \"acme\", \"demonstration\": true}]",
                        "[{\"name\": \"acme\", \"demonstration\": true, \"defaultWebCertificateType\":"
                                + " \"HSMWebCertificate\"}, {\"name\": \"plain\", \"demonstration\": true}, {\"name\": \"moving\","
                                + " \"demonstration\": true, \"defaultWebCertificateType\": \"" + newKeys + "\"}]")
                .replace("tenantName:acme", "tenantName:acme,tenantName:plain,tenantName:moving");
    }

    private Enrolment at(String tenant) {
        return new Enrolment(api, "acme", "acme_password", platform.authority()).tenant(tenant);
    }

    /** Until the state of health is so. */
    private void await(int status) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Answer health;
        do {
            health = api.get("/health/ready");
            if (health.status() == status) {
                return;
            }
            Daemon.pause(POLL_MILLIS);
        } while (System.nanoTime() < deadline);
        assertThat(health.status()).as(health.body()).isEqualTo(status);
    }

    private static long keysInTheToken() {
        return SoftHsm.objects("privkey")
                .lines()
                .filter(line -> line.startsWith("Private Key Object"))
                .count();
    }

    private static String certificate(Holder holder) {
        return holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
    }
}
