package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.Signature;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KmsEndpoint;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SoftHsm;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A wallet provider whose companies' keys are in a PKCS#11 token, of SoftHSM, one whose keys are under a key management service, and
 * what a provider does without being told otherwise.
 */
@ExtendWith(RunningServer.class)
class WalletVaultsIT {

    private static final byte[] TEXT = "what a company signs".getBytes(StandardCharsets.UTF_8);
    private static final String AWAY = "The key vault is not available; try again later";

    private static final int NONCES_PER_MINUTE = 40;

    private static final int POLLS = 300;
    private static final long POLL_MILLIS = 500;

    private final TestServer server;

    WalletVaultsIT(Platform platform) {
        this.server = platform.server();
    }

    @Test
    void aCompanysKeyIsMadeInTheTokenSignsThereAndIsDestroyedThere() throws Exception {
        Assumptions.assumeTrue(Files.exists(SoftHsm.LIBRARY), "SoftHSM is installed");
        SoftHsm.create();
        var pin = Files.writeString(server.folder().resolve("wallet-token-pin"), SoftHsm.PIN);
        var hsm =
                "\"hsm\": {\"type\": \"pkcs11\", \"library\": \"%s\", \"tokenLabel\": \"%s\", \"pin\": \"${file:%s}\"}"
                        .formatted(SoftHsm.LIBRARY, SoftHsm.LABEL, pin);
        try (var guest = deploy(Guest.WALLET_TOKEN, hsm)) {
            var operator = new WalletOperator(guest.api());
            var key = operator.newCompanyKey().json();
            assertThat(key.path("vault").asText()).isEqualTo("pkcs11");
            assertThat(SoftHsm.objects("privkey"))
                    .contains("Private Key Object; EC", "sensitive, always sensitive, never extractable, local");
            var app = operator.wallet(operator.newLegalPerson());

            assertIsBy(key, sign(app, app.token(), key));
            SoftHsm.takeAway();
            try {
                sign(app, app.token(), key).refused(503, "temporarily_unavailable", AWAY);
                guest.api().get("/health/ready").ok();
            } finally {
                SoftHsm.bringBack();
            }
            assertThat(operator.revokeCompanyKey(kid(key)).status()).isEqualTo(204);
            awaitDestruction(operator, kid(key));
        }
    }

    /** A data key stays for a second, so that the service is asked again soon. */
    @Test
    void aCompanysKeyIsUnderTheManagementServiceAndSignsNothingWhileThatIsAway() throws Exception {
        var secret = Files.writeString(server.folder().resolve("wallet-kms-secret"), KmsEndpoint.SECRET);
        try (var kms = KmsEndpoint.start();
                var guest = deploy(
                        Guest.WALLET_KMS, kms.settings("\"dataKeysInSeconds\": 1, ", "${file:" + secret + "}"))) {
            var operator = new WalletOperator(guest.api());
            var key = operator.newCompanyKey().json();
            assertThat(key.path("vault").asText()).isEqualTo("kms");
            assertThat(kms.generated()).isEqualTo(1);
            assertThat(kms.contexts()).containsExactly("{\"countersign:context\":\"" + Guest.WALLET_KMS + "\"}");
            assertThat(keysUnderKms()).as("none of the provider's own").isEqualTo("1");
            var app = operator.wallet(operator.newLegalPerson());
            var token = app.token();
            assertIsBy(key, sign(app, token, key));

            kms.away(true);
            awaitStatus(503, () -> sign(app, token, key)).refused(503, "temporarily_unavailable", AWAY);
            guest.api().get("/health/ready").ok();
            var another = operator.wallet(operator.newLegalPerson());
            another.update(another.token()).ok();
            kms.away(false);
            assertIsBy(key, awaitStatus(200, () -> sign(app, token, key)));
            assertThat(kms.refused()).isZero();

            assertThat(operator.revokeCompanyKey(kid(key)).status()).isEqualTo(204);
            assertThat(keysUnderKms()).isEqualTo("0");
            sign(app, token, key).refused(404, "not_found", "The organisation has no such key");
            withoutBeingConfiguredThereIsNoCompatibilityProfile(guest);
            noncesAreForFewWhateverAHeaderSays(guest);
        }
    }

    private static void withoutBeingConfiguredThereIsNoCompatibilityProfile(Guest guest) {
        guest.api()
                .form(
                        "/token",
                        Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", "a.b.c"))
                .refused(400, "unsupported_grant_type", "grant_type must be client_credentials");
        for (var path : List.of("/configuration", "/update")) {
            guest.api()
                    .form(path, Map.of("assertion", "a.b.c"))
                    .refused(404, "not_found", "There is nothing at this address");
        }
        new WalletOperator(guest.api())
                .allowShippedApp(true)
                .refused(400, "invalid_request", "This provider has no compatibility profile");
    }

    /** No proxy is configured. */
    private static void noncesAreForFewWhateverAHeaderSays(Guest guest) {
        Answer refused = null;
        // A minute may end meanwhile.
        for (int i = 0; i < 2 * NONCES_PER_MINUTE + 1 && (refused == null || refused.isOk()); i++) {
            refused = nonce(guest, "198.51.100." + i);
        }
        refused.refused(429, "slow_down", "Too many nonces; try again later");
        assertThat(refused.header("Retry-After")).isPresent();
    }

    private static Answer nonce(Guest guest, String forwardedFor) {
        return Http.send(guest.api()
                .request("/nonce")
                .header("X-Forwarded-For", forwardedFor)
                .header("Forwarded", "for=" + forwardedFor)
                .GET());
    }

    private static String kid(JsonNode key) {
        return key.path("kid").asText();
    }

    private static Answer sign(WalletApp app, String token, JsonNode key) {
        var message = Base64.getUrlEncoder().withoutPadding().encodeToString(DigestUtils.sha256(TEXT));
        return app.call("/signHash", token, Map.of("message", message, "kid", kid(key)));
    }

    private static void assertIsBy(JsonNode key, Answer signed) throws Exception {
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(
                PublicJsonWebKey.Factory.newPublicJwk(key.path("jwk").toString())
                        .getPublicKey());
        verifier.update(TEXT);
        assertThat(verifier.verify(Base64.getUrlDecoder().decode(signed.ok().text("signed_message"))))
                .isTrue();
    }

    private static Answer awaitStatus(int status, Supplier<Answer> call) {
        var answer = call.get();
        for (int i = 0; i < POLLS && answer.status() != status; i++) {
            Daemon.pause(POLL_MILLIS);
            answer = call.get();
        }
        return answer;
    }

    /** Revoking again tries again; else a chore does. */
    private static void awaitDestruction(WalletOperator operator, String kid) {
        for (int i = 0; i < POLLS && SoftHsm.objects("privkey").contains("Private Key Object"); i++) {
            Daemon.pause(POLL_MILLIS);
            assertThat(operator.revokeCompanyKey(kid).status()).isEqualTo(204);
        }
        assertThat(SoftHsm.objects("privkey")).doesNotContain("Private Key Object");
    }

    private String keysUnderKms() throws SQLException {
        try (var connection = server.database().superuser(Guest.WALLET_KMS.replace('-', '_'));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM wrapped_key WHERE get_byte(wrapped, 0) = 2")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** @param more settings, without a comma at the end */
    private Guest deploy(String context, String more) throws IOException, SQLException {
        return Guest.deploy(server, context, """
                {
                  "datasource": %s,
                  "issuer": "%s",
                  "nonces": {"perMinute": %d},
                  %s,
                  "oAuthClientDetails": [{
                    "clientId": "%s", "clientSecret": "%s", "authorizedGrantTypes": "client_credentials",
                    "authorities": "trustLevel:trustedClient,apiGroup:operator", "accessTokenValidity": 3600
                  }]
                }
                """.formatted(
                        Guest.datasource(server, context),
                        Company.WALLET_ISSUER,
                        NONCES_PER_MINUTE,
                        more,
                        Company.WALLET_OPERATOR,
                        Company.OPERATOR_SECRET));
    }
}
