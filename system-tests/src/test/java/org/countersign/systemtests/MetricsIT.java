package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a context tells of itself, to whom, and what it never tells. */
@ExtendWith(RunningServer.class)
class MetricsIT {

    private static final String PATH = "/metrics";
    private static final Pattern LINE = Pattern.compile(
            "# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{[a-z]+=\"[^\"\\n]*\"(,[a-z]+=\"[^\"\\n]*\")*})? [0-9.eE+-]+|"
                    + "[a-z_]+(\\{.*})? (NaN|\\+Inf|-Inf)");

    private final Platform platform;
    private final SignerApi acme;

    MetricsIT(Platform platform) {
        this.platform = platform;
        this.acme = platform.acme();
    }

    @Test
    void everyLineIsOfPrometheusTextForm() {
        var answer = figures().ok();

        assertThat(answer.header("Content-Type").orElseThrow())
                .startsWith("text/plain;")
                .contains("version=0.0.4");
        assertThat(answer.body().lines()).allSatisfy(line -> assertThat(line).matches(LINE));
        assertThat(answer.body())
                .contains("countersign_build_info{version=\"")
                .contains("jvm_memory_used_bytes{area=\"heap\"}")
                .contains("process_cpu_seconds_total")
                .contains("countersign_pool_idle{pool=\"requests\"}")
                .contains("countersign_pool_waiting{pool=\"reserved\"}")
                .contains("countersign_audit_queue")
                .contains("countersign_clock_offset_seconds 0.0")
                .contains("countersign_clock_synchronised 0.0")
                .contains("countersign_audit_lag_seconds")
                .contains("countersign_vault_open_keys{vault=\"");
        assertThat(value("countersign_database_available")).isEqualTo(1);
        assertThat(value("countersign_audit_available")).isEqualTo(1);
    }

    @Test
    void whatAHolderDoesIsCounted() {
        var holder = platform.atAcme().kind(KeyKind.P_384).multiSignature(3).enrol("measured");
        var signatures = "countersign_signatures_total{algorithm=\"SHA384WITHECDSA\",key=\"EC_P384\"}";
        var activations = "countersign_activations_total{configuration=\"pin\"}";
        var wrong = "countersign_failures_total{error=\"invalid_pin\",route=\"/api/v1/credentials/authorize\"}";
        var refused = "countersign_failures_total{error=\"invalid_sad\",route=\"/api/v1/signatures\"}";
        var requests = "countersign_requests_total{method=\"POST\",route=\"/api/v1/signatures\",status=\"200\"}";
        var times = "countersign_request_seconds_count{method=\"POST\",route=\"/api/v1/signatures\"}";
        var vault = "countersign_vault_operations_total{operation=\"sign\",vault=\"PKCS12DBWebCertificate\"}";
        double signed = value(signatures);
        double activated = value(activations);
        double wrongBefore = value(wrong);
        double refusedBefore = value(refused);
        double requestsBefore = value(requests);
        double timesBefore = value(times);
        double vaultBefore = value(vault);

        var hashes = holder.hashes("a", "b", "c");
        var sad = holder.sad(hashes);
        holder.sign(sad, hashes).ok();
        holder.sign(sad, hashes).refusal();
        holder.caller()
                .authorize(holder.credential(), hashes, Map.of("PIN", "000000"))
                .refused(400, "invalid_pin", "The PIN is invalid");

        assertThat(value(signatures)).isEqualTo(signed + 3);
        assertThat(value(activations)).isEqualTo(activated + 1);
        assertThat(value(wrong)).isEqualTo(wrongBefore + 1);
        assertThat(value(refused)).isEqualTo(refusedBefore + 1);
        assertThat(value(requests)).isEqualTo(requestsBefore + 1);
        assertThat(value(times)).isEqualTo(timesBefore + 2);
        assertThat(value(vault)).isGreaterThanOrEqualTo(vaultBefore + 3);
        assertThat(value("countersign_vault_open_keys{vault=\"PKCS12DBWebCertificate\"}"))
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void noLabelHasAValueThatCallersChoose() {
        var holder = platform.atAcme().enrol("nobodys-label");
        holder.caller().info(holder.credential()).ok();
        holder.caller().setPin(holder.credential(), "987654").refusal();
        acme.get("/no/such/" + holder.credential()).refusal();
        acme.get("/api/v1/credentials/" + holder.credential() + "/pin").refusal();
        Http.send(acme.request("/nowhere").method("MADEUP", java.net.http.HttpRequest.BodyPublishers.noBody()));
        acme.token("nobody-of-this-name", "wrong", "").refusal();

        var text = figures().ok().body();

        assertThat(text)
                .doesNotContain(holder.credential(), "nobodys-label", "/no/such", "MADEUP", "nobody-of-this-name")
                .contains("route=\"/api/v1/credentials/{credentialId}/pin\"")
                .contains("route=\"none\"")
                .doesNotContain("client=\"", "seat=\"", "tenant=\"");
    }

    @Test
    void elsewhereAnAdministratorsTokenIsNeeded() {
        passedOn("").refused(401, "invalid_token", "Token was not recognized");
        passedOn("Bearer nothing").refused(401, "invalid_token", "Token was not recognized");
        var client = acme.as("acme", "acme_password", "").token();
        // A demonstration client is no more from elsewhere than anybody's.
        assertThat(passedOn("Bearer " + client).refusal().status()).isEqualTo(403);
        var globex = platform.globex().as("globex", "secret of globex", "").token();
        assertThat(passedOn(platform.globex(), "Bearer " + globex)
                        .refused(403, "access_denied", "Access is denied")
                        .status())
                .isEqualTo(403);
        var administrator = acme.asAdministrator().token();
        assertThat(passedOn("Bearer " + administrator).ok().body()).contains("countersign_build_info");
    }

    @Test
    void aRequestForAnotherHostIsNotFromThisMachine() throws java.io.IOException {
        var status = statusOf("GET " + acme.context().getPath() + PATH + " HTTP/1.1\r\nHost: evil.example\r\n"
                + "Connection: close\r\n\r\n");
        assertThat(status).isEqualTo("HTTP/1.1 401 Unauthorized");
    }

    @Test
    void readinessNamesWhatItDependsOn() {
        var ready = acme.get("/health/ready").ok();
        var checks = ready.json().path("checks");
        assertThat(ready.text("status")).isEqualTo("UP");
        assertThat(checks.size()).isEqualTo(5);
        for (String check : List.of("requests", "database", "migration", "audit", "keys")) {
            assertThat(checks.path(check).asText()).as(check).isEqualTo("UP");
        }
        assertThat(ready.text("clock")).isEqualTo("MACHINE");
        assertThat(ready.text("context")).isEqualTo("signer-acme");
        assertThat(acme.get("/health/live").ok().text("status")).isEqualTo("UP");
    }

    private String statusOf(String request) throws java.io.IOException {
        try (var socket =
                new java.net.Socket(acme.context().getHost(), acme.context().getPort())) {
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            var reader = new java.io.BufferedReader(
                    new java.io.InputStreamReader(socket.getInputStream(), java.nio.charset.StandardCharsets.US_ASCII));
            return reader.readLine();
        }
    }

    private Answer figures() {
        return Http.send(acme.request(PATH).setHeader("Accept", "text/plain").GET());
    }

    private Answer passedOn(String authorization) {
        return passedOn(acme, authorization);
    }

    private static Answer passedOn(SignerApi api, String authorization) {
        var request = api.request(PATH).header("X-Forwarded-For", "203.0.113.7").header("Accept", "text/plain");
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return Http.send(request.GET());
    }

    private double value(String series) {
        return figures()
                .ok()
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
