package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TlsFront;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An application that needs its client certificate, over TLS that nginx ends. */
@ExtendWith(RunningServer.class)
class DsClientCertificateIT {

    private static final String TOKEN = "/" + Company.DS + "/v3/tokens/application";

    private final Platform platform;

    DsClientCertificateIT(Platform platform) {
        this.platform = platform;
    }

    private String newKey(String certificate) {
        var operator = platform.ds().as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
        var name = "certified-" + UUID.randomUUID();
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", name))
                .ok()
                .text("id");
        var application = operator.post(
                        "/admin/v1/applications",
                        Map.of(
                                "organisationId", organisation,
                                "label", name,
                                "origins", List.of("https://shop.example.com"),
                                "clientCertificate", certificate))
                .ok()
                .text("id");
        return Http.send(operator.request("/admin/v1/applications/" + application + "/api-keys")
                        .POST(BodyPublishers.noBody()))
                .ok()
                .text("key");
    }

    @Test
    void itsTokensNeedTheCertificateThatTheTlsConnectionShowed() throws IOException, InterruptedException {
        try (var front = TlsFront.start(platform.server().address(Company.DS))) {
            var key = "apikey: " + newKey(front.newCertificate("shop"));
            front.newCertificate("thief");

            assertThat(front.get(TOKEN, "shop", List.of(key)))
                    .startsWith("{\"success\":true")
                    .endsWith(" 200");
            assertThat(front.get(TOKEN, "thief", List.of(key)))
                    .contains("202404")
                    .endsWith(" 403");
            assertThat(front.get(TOKEN, null, List.of(key))).contains("202404").endsWith(" 403");
            // A certificate is no secret: whoever has it may write the header, but not past the proxy.
            var copied = "X-SSL-Client-Cert: " + front.escaped("shop");
            assertThat(front.get(TOKEN, "thief", List.of(key, copied)))
                    .contains("202404")
                    .endsWith(" 403");
            assertThat(front.get(TOKEN, null, List.of(key, copied)))
                    .contains("202404")
                    .endsWith(" 403");
        }
    }
}
