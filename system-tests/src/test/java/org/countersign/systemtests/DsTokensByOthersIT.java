package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.NodePackage;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tokens by libraries of others: {@code oauth4webapi} gets them, {@code jose} verifies them. Needs Node.js and npm. */
@ExtendWith(RunningServer.class)
class DsTokensByOthersIT {

    private final Platform platform;

    DsTokensByOthersIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void tokensAreVerifiedAcrossTwoRotations(@TempDir Path folder) throws Exception {
        var node = NodePackage.install("tokens", folder);
        var operator = platform.ds().as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", "Others " + UUID.randomUUID()))
                .ok()
                .text("id");
        var label = "others-" + UUID.randomUUID();
        var application = operator.post(
                        "/admin/v1/applications",
                        Map.of(
                                "organisationId",
                                organisation,
                                "label",
                                label,
                                "origins",
                                List.of("https://shop.example.com")))
                .ok()
                .text("id");
        var key = Http.send(operator.request("/admin/v1/applications/" + application + "/api-keys")
                        .POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                .ok()
                .text("key");

        var environment = Map.of(
                "CONTEXT",
                platform.ds().context().toString(),
                "ISSUER",
                "https://ds.example.com/ds-acme",
                "LABEL",
                label,
                "API_KEY",
                key,
                "OPERATOR_TOKEN",
                operator.token());
        assertThat(node.run(environment)).contains("3 tokens of 3 keys");
    }
}
