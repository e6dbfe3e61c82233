package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;

/** Devices of the distribution service: what they report, what they are told, and what operators see of it. */
class DsReportsIT extends DsDeviceRig {

    DsReportsIT(Platform platform) {
        super(platform);
    }

    @Test
    void aSyncTellsWhatToTrust() {
        var device = registered(newKey(Map.of()));
        var answer = device.sync(Map.of(
                        "status",
                        "RUNNING",
                        "modules",
                        List.of(Map.of("id", "beid", "version", "1.2")),
                        "consents",
                        3,
                        "transactions",
                        List.of(transaction("t1"))))
                .ok();

        var data = answer.json().path("data");
        assertThat(data.path("transactionsAdded").asInt()).isEqualTo(1);
        assertThat(data.path("nextSyncInSeconds").asInt()).isBetween(240, 360);
        assertThat(data.path("issuers").path(0).path("issuer").asText()).isEqualTo(Company.DS_ISSUER);
        assertThat(data.path("allowedOrigins").isArray()).isTrue();
        var shown = show(device);
        assertThat(shown.text("status")).isEqualTo("RUNNING");
        assertThat(shown.texts("modules")).containsExactly("beid 1.2");
        assertThat(shown.json().path("consents").asInt()).isEqualTo(3);
        assertThat(shown.json().path("online").asBoolean()).isTrue();
    }

    @Test
    void aSyncTellsTheOriginsOfTheOrganisationsApplications() {
        operator.post(
                        "/admin/v1/applications",
                        Map.of(
                                "organisationId",
                                organisation,
                                "label",
                                "shop-" + organisation,
                                "origins",
                                List.of("https://shop.example.com", "https://a.example.com")))
                .ok();
        var data = registered(newKey(Map.of())).sync(Map.of()).ok().json().path("data");

        assertThat(data.path("allowedOrigins")).hasToString("[\"https://a.example.com\",\"https://shop.example.com\"]");
    }

    @Test
    void transactionsAreStoredOnce() {
        var device = registered(newKey(Map.of()));
        var many =
                IntStream.range(0, 1_000).mapToObj(i -> transaction("id-" + i)).toList();
        var reversed = new ArrayList<>(many);
        java.util.Collections.reverse(reversed);
        var turn = new java.util.concurrent.atomic.AtomicInteger();
        var answers = atOnce(6, () -> device.post("/transactions", turn.getAndIncrement() % 2 == 0 ? many : reversed));
        assertThat(answers).allSatisfy(Answer::ok);
        assertThat(answers.stream()
                        .mapToInt(answer ->
                                answer.json().path("data").path("added").asInt())
                        .sum())
                .isEqualTo(1_000);
        assertThat(device.post("/transactions", List.of(transaction("twice"), transaction("twice")))
                        .ok()
                        .json()
                        .path("data")
                        .path("added")
                        .asInt())
                .isEqualTo(1);

        var query = "/admin/v1/transactions?device=" + device.uuid();
        assertThat(operator.get(query + "&pageSize=1000").ok().json()).hasSize(1_000);
        assertThat(operator.get(query + "&pageSize=1000&page=1").ok().json()).hasSize(1);
        assertThat(operator.get(query + "&module=other").ok().json()).isEmpty();
        assertThat(operator.get(query + "&from=2026-06-02T00:00:00Z").ok().json())
                .isEmpty();
        assertThat(days(device, "&from=2026-06-01T00:00:00Z")).isEqualTo("[{\"day\":\"2026-06-01\",\"count\":1001}]");
        assertThat(days(device, "&to=2026-06-01T00:00:00Z")).isEqualTo("[]");
    }

    @Test
    void aDayOfADeviceWithAWrongClockHidesNoOther() {
        var device = registered(newKey(Map.of()));
        var now = new HashMap<>(transaction("now"));
        now.put("txDate", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        var wrong = new HashMap<>(transaction("wrong"));
        wrong.put("txDate", "2199-01-01T00:00:00Z");
        var longAgo = new HashMap<>(transaction("long-ago"));
        longAgo.put("txDate", "2001-01-01T00:00:00Z");
        device.post("/transactions", List.of(now, wrong, longAgo)).ok();
        assertThat(days(device, "")).contains("\"count\":1}]").doesNotContain("2199", "2001");
        assertThat(days(device, "&from=2000-01-02T00:00:00Z&to=2200-01-01T00:00:00Z"))
                .startsWith("[{\"day\":\"2199-01-01\"")
                .endsWith("{\"day\":\"2001-01-01\",\"count\":1}]");
    }

    private String days(DsDevice device, String times) {
        return operator.get("/admin/v1/transactions/days?device=" + device.uuid() + times)
                .ok()
                .json()
                .toString();
    }

    @Test
    void wrongTransactionsAreRefusedTogether() {
        var device = registered(newKey(Map.of()));
        for (var wrong : List.of(
                Map.of("id", ""),
                Map.of("id", "x".repeat(65)),
                Map.of("module", "a\u0000b"),
                Map.of("label", "x".repeat(101)),
                Map.of("txDate", "yesterday"),
                Map.of("txDate", "-99999-01-01T00:00:00Z"),
                Map.of("tag", "x".repeat(201)))) {
            var bad = new HashMap<>(transaction("bad"));
            bad.putAll(wrong);
            refused(device.post("/transactions", List.of(transaction("good"), bad)), 400, 200_400);
        }
        refused(
                device.post(
                        "/transactions",
                        IntStream.range(0, 1_001)
                                .mapToObj(i -> transaction("n" + i))
                                .toList()),
                400,
                200_400);
        refused(device.post("/transactions", Map.of()), 400, 200_400);
        var nulls = new ArrayList<Object>();
        nulls.add(null);
        refused(device.post("/transactions", nulls), 400, 200_400);
        assertThat(operator.get("/admin/v1/transactions?device=" + device.uuid())
                        .ok()
                        .json())
                .isEmpty();
    }

    @Test
    void aSpreadsheetGetsNoFormula() {
        var device = registered(newKey(Map.of()));
        var bad = new HashMap<>(transaction("formula"));
        bad.put("tag", "=HYPERLINK(\"x\"),1");
        device.post("/transactions", List.of(bad)).ok();

        var csv = Http.send(operator.request("/admin/v1/transactions?device=" + device.uuid())
                        .setHeader("Accept", "text/csv"))
                .ok();
        assertThat(csv.header("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.body().lines().toList().get(1)).contains(",\"'=HYPERLINK(\"\"x\"\"),1\",");
    }

    @Test
    void devicesAreFound() {
        var device = registered(newKey(Map.of()));
        for (var query : List.of(
                "search=HOST-OF-" + device.uuid(),
                "search=" + device.uuid(),
                "organisation=" + organisation,
                "organisation=" + organisation + "&version=1.0.0&online=true")) {
            assertThat(operator.get("/admin/v1/devices?" + query).ok().json().findValuesAsText("uuid"))
                    .as(query)
                    .containsExactly(device.uuid().toString());
        }
        for (var query : List.of(
                "search=%25", "version=9&organisation=" + organisation, "online=false&organisation=" + organisation)) {
            assertThat(operator.get("/admin/v1/devices?" + query).ok().json())
                    .as(query)
                    .isEmpty();
        }
        operator.get("/admin/v1/devices?online=maybe").refusal();
        operator.get("/admin/v1/devices?organisation=x").refusal();
    }

    @Test
    void logsAreStoredOnceShownAndDeleted() throws IOException {
        var device = registered(newKey(Map.of()));
        var bundle = gzip(new ByteArrayInputStream("a line of a log".getBytes()));
        var id = device.logs(bundle).ok().json().path("data").path("id").asText();
        assertThat(device.logs(bundle).ok().json().path("data").path("id").asText())
                .isEqualTo(id);

        var listed = operator.get("/admin/v1/log-bundles?device=" + device.uuid())
                .ok()
                .json();
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("unpackedBytes").asInt()).isEqualTo(15);
        Http.send(operator.request("/admin/v1/log-bundles/" + id).setHeader("Accept", "application/gzip"))
                .ok();
        Http.send(operator.request("/admin/v1/log-bundles/" + id).DELETE()).ok();
        Http.send(operator.request("/admin/v1/log-bundles/" + id).DELETE())
                .refused(404, "not_found", "The log bundle was not found");
    }

    @Test
    void whatIsTooLargeIsRefused() throws IOException {
        var device = registered(newKey(Map.of()));
        refused(device.logs(new byte[(5 << 20) + 1]), 413, 200_413);
        // 64 MiB and a byte of nothing, in some 64 KiB
        refused(device.logs(gzip(new Endless((64 << 20) + 1))), 413, 200_413);
        refused(device.logs("not gzip at all".getBytes()), 400, 200_400);
        refused(device.logs(new byte[0]), 400, 200_400);
        // without a length, and without an end
        refused(
                device.send(
                        "POST",
                        "/logs",
                        "application/gzip",
                        BodyPublishers.ofInputStream(() -> new Endless(6 << 20)),
                        device.proof("POST", "/logs", new byte[0])),
                413,
                200_413);
        refused(
                send(device, "/sync", new byte[(1 << 20) + 1], device.proof("POST", "/sync", new byte[0])),
                413,
                200_413);
        device.sync(Map.of()).ok();
    }

    @Test
    void whoIsNeitherOperatorNorSupportSeesNothing() {
        for (var address : List.of(
                "/admin/v1/devices",
                "/admin/v1/transactions",
                "/admin/v1/transactions/days",
                "/admin/v1/log-bundles",
                KEYS)) {
            assertThat(ds.get(address).status()).isEqualTo(401);
        }
    }

    private static byte[] gzip(InputStream content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            content.transferTo(out);
        }
        return bytes.toByteArray();
    }

    /** Zeros. */
    private static final class Endless extends InputStream {

        private int left;

        Endless(int length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int now = Math.min(left, length);
            java.util.Arrays.fill(buffer, offset, offset + now, (byte) 0);
            left -= now;
            return now;
        }
    }
}
