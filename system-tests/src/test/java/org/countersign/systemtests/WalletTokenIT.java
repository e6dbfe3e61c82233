package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SoftHsm;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A wallet provider whose companies' keys are in a PKCS#11 token, of SoftHSM. */
@ExtendWith(RunningServer.class)
class WalletTokenIT {

    private static final byte[] TEXT = "what a company signs".getBytes(StandardCharsets.UTF_8);

    private static final int POLLS = 300;
    private static final long POLL_MILLIS = 500;

    private final TestServer server;

    WalletTokenIT(Platform platform) {
        this.server = platform.server();
    }

    @Test
    void aCompanysKeyIsMadeInTheTokenSignsThereAndIsDestroyedThere() throws Exception {
        Assumptions.assumeTrue(Files.exists(SoftHsm.LIBRARY), "SoftHSM is installed");
        SoftHsm.create();
        try (var guest = Guest.deploy(server, Guest.WALLET_TOKEN, configuration())) {
            var operator = new WalletOperator(guest.api());
            var key = operator.newCompanyKey().json();
            assertThat(key.path("vault").asText()).isEqualTo("pkcs11");
            assertThat(SoftHsm.objects("privkey"))
                    .contains("Private Key Object; EC", "sensitive, always sensitive, never extractable, local");
            var app = operator.wallet(operator.newLegalPerson());
            var message = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(TEXT));

            var signed = app.call(
                    "/signHash",
                    app.token(),
                    Map.of("message", message, "kid", key.path("kid").asText()));

            var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(
                    PublicJsonWebKey.Factory.newPublicJwk(key.path("jwk").toString())
                            .getPublicKey());
            verifier.update(TEXT);
            assertThat(verifier.verify(Base64.getUrlDecoder().decode(signed.ok().text("signed_message"))))
                    .isTrue();
            SoftHsm.takeAway();
            try {
                app.call(
                                "/signHash",
                                app.token(),
                                Map.of(
                                        "message",
                                        message,
                                        "kid",
                                        key.path("kid").asText()))
                        .refused(503, "temporarily_unavailable", "The key vault is not available; try again later");
                guest.api().get("/health/ready").ok();
            } finally {
                SoftHsm.bringBack();
            }
            assertThat(operator.revokeCompanyKey(key.path("kid").asText()).status())
                    .isEqualTo(204);
            awaitDestruction(operator, key.path("kid").asText());
        }
    }

    /** Revoking again tries again; else a chore does. */
    private static void awaitDestruction(WalletOperator operator, String kid) {
        for (int i = 0; i < POLLS && SoftHsm.objects("privkey").contains("Private Key Object"); i++) {
            Daemon.pause(POLL_MILLIS);
            assertThat(operator.revokeCompanyKey(kid).status()).isEqualTo(204);
        }
        assertThat(SoftHsm.objects("privkey")).doesNotContain("Private Key Object");
    }

    private String configuration() throws Exception {
        var pin = Files.writeString(server.folder().resolve("wallet-token-pin"), SoftHsm.PIN);
        return """
                {
                  "datasource": %s,
                  "issuer": "%s",
                  "hsm": {"type": "pkcs11", "library": "%s", "tokenLabel": "%s", "pin": "${file:%s}"},
                  "oAuthClientDetails": [{
                    "clientId": "%s", "clientSecret": "%s", "authorizedGrantTypes": "client_credentials",
                    "authorities": "trustLevel:trustedClient,apiGroup:operator", "accessTokenValidity": 3600
                  }]
                }
                """.formatted(
                        Guest.datasource(server, Guest.WALLET_TOKEN),
                        Company.WALLET_ISSUER,
                        SoftHsm.LIBRARY,
                        SoftHsm.LABEL,
                        pin,
                        Company.WALLET_OPERATOR,
                        Company.OPERATOR_SECRET);
    }
}
