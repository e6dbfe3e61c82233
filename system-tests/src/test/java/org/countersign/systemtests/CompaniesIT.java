package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Companies side by side on one server, each a copy of the same WAR. */
@ExtendWith(RunningServer.class)
class CompaniesIT {

    private static final String BROKEN = "signer-broken";

    private final Platform platform;

    CompaniesIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void theClientsOfOneAreUnknownToTheOther() {
        platform.acme()
                .token("globex", "secret of globex", "")
                .refused(401, "invalid_client", "Bad client credentials");
        platform.globex().token("acme", "acme_password", "").refused(401, "invalid_client", "Bad client credentials");
    }

    @Test
    void theTokensOfOneAreUnknownToTheOther() {
        var acme = platform.acme().as("acme", "acme_password", "seat:jdoe@acme");

        platform.globex().with(acme.token()).list().refused(401, "invalid_token", "Token was not recognized");
        platform.globex().checkToken(acme.token()).refused(400, "invalid_token", "Token was not recognized");
    }

    @Test
    void theAdministratorOfOneDoesNotReachTheOther() {
        var acme = platform.acme().asAdministrator();
        var holder = platform.atGlobex().enrol("other-company");

        acme.client("globex").refused(404, "not_found", "The client was not found");
        acme.unlock(holder.credential()).refused(404, "not_found", "The credential was not found");
        platform.globex().with(acme.token()).clients().refused(401, "invalid_token", "Token was not recognized");
    }

    @Test
    void aWrongConfigurationStopsItsOwnContextAloneAndItsMessageNamesEveryMistake() throws Exception {
        var server = platform.server();
        try (var file = getClass().getResourceAsStream("/signer-broken.json")) {
            server.writeConfiguration(BROKEN, new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }

        var holder = platform.atAcme().enrol("neighbour");
        var over = new AtomicBoolean();
        var signing = CompletableFuture.supplyAsync(() -> signUntil(over, holder));
        assertThat(server.deploy(BROKEN)).as("the server takes it").isFalse();
        over.set(true);
        assertThat(signing.get(1, TimeUnit.MINUTES))
                .as("signatures of the neighbour meanwhile")
                .isPositive();

        var message = message(server.log());
        for (String mistake : new String[] {
            "datasource.url: must begin with jdbc:postgresql:",
            "datasource.usrname: is not known; did you mean username?",
            "datasource.username: is required",
            "tenants[0].name: must have 1 to 64 letters, digits, dots, dashes, underscores",
            "tenants[1].demonstration: must be true or false",
            "tenants[1].defaultWebCertificateType: must be one of PKCS12DBWebCertificate, HSMWebCertificate",
            "tenants[2].name: is the same as an earlier tenant's",
            "tenants[2].trustAnchors: must be certificates in PEM",
            "authorizationConfigurations[0].factors: needs PIN, OTP or both",
            "authorizationConfigurations[0].maxFailures: must be a whole number from 1 to 100",
            "authorizationConfigurations[0].scal: must be a whole number from 1 to 2",
            "authorizationConfigurations[1].type: must be explicit",
            "oAuthClientDetails[0].authorities: An authority tenantName:… names no tenant of this context",
            "oAuthClientDetails[0].authorizedGrantTypes: must be client_credentials",
            "oAuthClientDetails[1].clientSecret: is required",
            "oAuthClientDetails[1].authorities: An untrustedClient is neither generator nor oAuthAdmin",
            "hsm.type: must be one of test, homo, kms, pkcs11",
            "SAD key: is missing",
            "master secret: is missing",
            "ntp.url: must be HOST or HOST:PORT, such as time.google.com",
            "ntp.timeoutInSeconds: must be a whole number from 1 to 60",
            "loggersConfig[0].fileName: must be in a folder, and what should be it is a file",
            "loggersConfig[0].levl: is not known; did you mean level?",
            "loggersConfig[1].level: must be one of ALL, TRACE, DEBUG, INFO, WARN, ERROR, OFF",
            "sadValidityInSeconds: must be a whole number from 10 to 3600",
            "enableCredentialValidationBypas: is not known; did you mean enableCredentialValidationBypass?"
        }) {
            assertThat(message).contains(mistake);
        }
        assertThat(message).as("a secret that stands in the file").doesNotContain("a-secret-in-the-file");
        platform.acme().get("/health/ready").ok();
        platform.globex().get("/health/ready").ok();
        platform.acme().as("acme", "acme_password", "seat:jdoe@acme").list().ok();
        assertThat(server.api(BROKEN).get("/health/ready").status()).isEqualTo(404);
    }

    @Test
    void healthSaysWhatIsReadyWithoutAToken() {
        for (String context : new String[] {Company.ACME, Company.GLOBEX}) {
            var api = platform.server().api(context);
            assertThat(api.get("/health/live").ok().text("status")).isEqualTo("UP");
            assertThat(api.get("/health/ready")
                            .ok()
                            .json()
                            .at("/checks/database")
                            .asText())
                    .isEqualTo("UP");
        }
        platform.acme().with("x").post("/health/ready", Map.of()).refusal();
    }

    /** Every call has to succeed. @return how many signatures were made */
    private static int signUntil(AtomicBoolean over, Holder holder) {
        int signatures = 0;
        while (!over.get()) {
            var hashes = holder.hashes("meanwhile " + signatures);
            holder.sign(holder.sad(hashes), hashes).ok();
            signatures++;
        }
        return signatures;
    }

    /** The one entry of the log in which the context says why it does not start. */
    private static String message(String log) {
        var begin = "Context " + BROKEN + " does not start: ";
        int first = log.indexOf(begin);
        assertThat(first).isPositive();
        assertThat(log.indexOf(begin, first + 1)).as("a second message").isNegative();
        var rest = log.substring(first);
        // The next entry begins with its time.
        var next = java.util.regex.Pattern.compile("\\n\\[?\\d{4}-\\d\\d-\\d\\d[ T]")
                .matcher(rest);
        return next.find() ? rest.substring(0, next.start()) : rest;
    }
}
