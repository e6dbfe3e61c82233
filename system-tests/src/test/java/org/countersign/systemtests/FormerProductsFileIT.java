package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example file of the product that this one follows starts a company; only the database is named anew. */
@ExtendWith(RunningServer.class)
class FormerProductsFileIT {

    private final Platform platform;

    FormerProductsFileIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void itsExampleStartsAndTheLogSaysWhatReplacesWhat() throws Exception {
        var server = platform.server();
        try (var former = Guest.deploy(server, Guest.FORMER, example())) {
            former.api().get("/health/ready").ok();
            assertThat(former.api()
                            .as("trustedAppCompanyMkilara", "trustedAppPassword", "")
                            .create("tenantB", "someone", "pin", 1)
                            .ok()
                            .text("credentialId"))
                    .isNotEmpty();
            former.api().as("oAuthAdmin", "SUPER_PASSWORD", "").clients().ok();
            var logs = server.folder().resolve("config/log").resolve(Guest.FORMER);
            var application = Files.readString(logs.resolve("alison-server-application.log"));
            assertThat(application
                            .lines()
                            .filter(line -> line.contains(" WARN "))
                            .map(line -> line.replaceFirst(".*?\\] [\\w.]+: ", "")))
                    .containsExactlyInAnyOrder(
                            "jpaConfig: is not used: the schema belongs to the versioned migrations; take it out",
                            "loggersConfig[0].name: com.certisur.common was a category of the former product;"
                                    + " org.countersign.server replaces it and is written to this file",
                            "loggersConfig[1].name: com.certisur.alison.server was a category of the former product;"
                                    + " org.countersign.signer replaces it and is written to this file",
                            "tenants[0].trustAnchors: is empty: no certificate will be accepted for this tenant",
                            "tenants[1].trustAnchors: is empty: no certificate will be accepted for this tenant",
                            "didProperties.clientSecret: is short: who knows it answers for holders; take 16 random"
                                    + " characters or more");
            former.api().with("x").clients().refusal();
            assertThat(logs.resolve("alison-server-common-general-exceptions.log"))
                    .content()
                    .contains(" DEBUG ")
                    .contains("is refused: 401 invalid_token");
        }
    }

    private String example() throws IOException {
        try (var file = getClass().getResourceAsStream("/seed-example.json")) {
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            var adapted = text.replace(
                            "jdbc:postgresql://alison-serve.verisur:5432/alison-server-db",
                            Guest.url(platform.server(), Guest.FORMER))
                    .replace("\"alison-server-user\"", "\"countersign\"")
                    .replace("\"passwd\"", "\"password-of-the-database-user\"");
            assertThat(adapted).doesNotContain("verisur:5432", "alison-server-user", "\"passwd\"");
            return adapted;
        }
    }
}
