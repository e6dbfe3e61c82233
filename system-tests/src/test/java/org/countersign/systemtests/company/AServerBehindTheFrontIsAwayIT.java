package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Ports;
import org.junit.jupiter.api.Test;

/** What clients get from the shipped nginx alone. */
class AServerBehindTheFrontIsAwayIT {

    @Test
    void theFrontAnswersInTheProductsForm() throws Exception {
        var nobody = URI.create("http://127.0.0.1:" + Ports.free());
        try (var nginx = Nginx.start(Installation.locate().root().resolve("config/nginx"), nobody)) {
            var request = HttpRequest.newBuilder(
                            URI.create(nginx.address() + "/" + TwoVersions.A + "/api/v1/credentials"))
                    .build();

            var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("Retry-After")).contains("5");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(new JsonMapper().readTree(answer.body()).path("error").asText())
                    .isEqualTo("temporarily_unavailable");
        }
    }
}
