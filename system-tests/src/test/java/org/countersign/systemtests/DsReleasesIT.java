package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Versions of the agent and the files that install them. Each test has a system of its own, as newest versions win. */
@ExtendWith(RunningServer.class)
class DsReleasesIT {

    private static final String VERSIONS = "/v3_5/versions";
    private static final String DOWNLOADS = "/v3_5/downloads/installers/";
    private static final String CONTENT = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int MIB = 1 << 20;

    private final SignerApi ds;
    private final Caller operator;

    DsReleasesIT(Platform platform) {
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }

    @Test
    void anInstallerIsServedWholeAndInParts() {
        decide(Map.of("id", "1.2.3", "recommended", true));
        var uploaded = upload("1.2.3", "UNIX", CONTENT.getBytes()).ok();
        assertThat(uploaded.text("sha256")).isEqualTo(DigestUtils.sha256Hex(CONTENT));
        assertThat(uploaded.json().path("size").asInt()).isEqualTo(36);
        var address = DOWNLOADS + "UNIX/versions/1.2.3";
        var tag = "\"" + uploaded.text("sha256") + "\"";

        var whole = get(address).ok();
        assertThat(whole.body()).isEqualTo(CONTENT);
        assertThat(whole.header("ETag")).contains(tag);
        assertThat(whole.header("Accept-Ranges")).contains("bytes");
        assertThat(whole.header("Content-Length")).contains("36");
        assertThat(whole.header("Content-Type")).contains("application/octet-stream");
        assertThat(whole.header("Content-Disposition")).contains("attachment; filename=\"connector-1.2.3-unix.deb\"");
        assertThat(whole.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(whole.header("Cache-Control")).contains("no-cache");
        assertThat(whole.header("Last-Modified")).isEmpty();
        var later = "Thu, 31 Dec 2099 23:59:59 GMT";

        assertThat(get(address, "Range", "bytes=10-12")).satisfies(part -> {
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo("abc");
            assertThat(part.header("Content-Range")).contains("bytes 10-12/36");
            assertThat(part.header("Content-Length")).contains("3");
        });
        assertThat(get(address, "Range", "bytes=-2").body()).isEqualTo("yz");
        assertThat(get(address, "Range", "bytes=35-").body()).isEqualTo("z");
        assertThat(get(address, "Range", "bytes=30-999").header("Content-Range"))
                .contains("bytes 30-35/36");
        assertThat(get(address, "Range", "bytes=0-1,4-5").status()).isEqualTo(200);
        assertThat(get(address, "Range", "bytes=5-4").status()).isEqualTo(200);
        var beyond = get(address, "Range", "bytes=36-");
        assertThat(beyond.header("Content-Range")).contains("bytes */36");
        refused(beyond, 416, 203_416, "The file has no such range");

        assertThat(get(address, "If-None-Match", tag)).satisfies(known -> {
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.body()).isEmpty();
            assertThat(known.header("ETag")).contains(tag);
        });
        assertThat(get(address, "If-Modified-Since", later).status()).isEqualTo(200);
        assertThat(get(address, "If-None-Match", "\"other\"").status()).isEqualTo(200);
        refused(get(address, "If-Match", "\"other\""), 412, 203_412, "The file is another one by now");
        assertThat(get(address, "Range", "bytes=0-1", "If-Range", tag).status()).isEqualTo(206);
        assertThat(get(address, "Range", "bytes=0-1", "If-Range", later).status())
                .isEqualTo(200);
        assertThat(get(address, "Range", "bytes=0-1", "If-Range", "\"other\"").status())
                .isEqualTo(200);

        var head = Http.send(ds.request(address).setHeader("Accept", "*/*").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).contains("36");
        assertThat(head.header("ETag")).contains(tag);
        assertThat(Http.send(ds.request(address)
                                .setHeader("Accept", "*/*")
                                .header("If-None-Match", tag)
                                .method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(304);

        var forBrowser = get("/v3_5/downloads/installer", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
                .ok();
        assertThat(forBrowser.body()).isEqualTo(CONTENT);
        assertThat(forBrowser.header("Vary")).contains("User-Agent, Sec-CH-UA-Arch");
        refused(
                get("/v3_5/downloads/installer", "User-Agent", "curl/8"),
                404,
                200_404,
                "There is no installer for the system that the browser names");
    }

    @Test
    void theRecommendedVersionIsServedUntilItIsRetired() {
        decide(Map.of("id", "2.9.0", "recommended", true));
        decide(Map.of("id", "2.10.0", "recommended", true));
        decide(Map.of("id", "2.11.0", "recommended", true, "rolloutPercent", 10));
        for (var version : List.of("2.9.0", "2.10.0", "2.11.0")) {
            upload(version, "WIN32", version.getBytes()).ok();
        }
        assertThat(get(DOWNLOADS + "win32").ok().body()).isEqualTo("2.10.0");
        assertThat(get(DOWNLOADS + "WIN32/versions/2.11.0").ok().body()).isEqualTo("2.11.0");

        decide(Map.of("id", "2.10.0", "recommended", true, "allowed", false));
        assertThat(get(DOWNLOADS + "WIN32").ok().body()).isEqualTo("2.9.0");
        refused(get(DOWNLOADS + "WIN32/versions/2.10.0"), 404, 200_404, "There is no such installer");
        assertThat(operator.get(VERSIONS + "/2.10.0")
                        .ok()
                        .json()
                        .path("data")
                        .path("allowed")
                        .asBoolean(true))
                .isFalse();
        var listed = operator.get(VERSIONS).ok().json().path("data").findValuesAsText("id");
        assertThat(listed.indexOf("2.10.0")).isLessThan(listed.indexOf("2.9.0"));
    }

    @Test
    void anUploadReplacesTheOneBefore() {
        decide(Map.of("id", "3.0.0"));
        upload("3.0.0", "MACOS", "first".getBytes()).ok();
        var tag = get(DOWNLOADS + "MACOS/versions/3.0.0").header("ETag").orElseThrow();
        upload("3.0.0", "MACOS", "second".getBytes()).ok();
        assertThat(get(DOWNLOADS + "MACOS/versions/3.0.0", "Range", "bytes=2-", "If-Range", tag)
                        .body())
                .isEqualTo("second");
    }

    @Test
    void aLargeFileComesAndALargerOneIsRefused() {
        decide(Map.of("id", "4.0.0"));
        var large = new byte[11 * MIB];
        Arrays.fill(large, (byte) 'x');
        assertThat(upload("4.0.0", "MACOSARM", large).ok().text("sha256")).isEqualTo(DigestUtils.sha256Hex(large));
        assertThat(get(DOWNLOADS + "MACOSARM/versions/4.0.0", "Range", "bytes=11534330-")
                        .body())
                .isEqualTo("xxxxxx");

        // As a stream without a length the server finds out while it reads.
        var stream = operator.request("/admin/v1/versions/4.0.0/installers/MACOSARM")
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[12 * MIB + 1])));
        assertThat(refusalOfALargePayload(stream)).isTrue();
        assertThat(get(DOWNLOADS + "MACOSARM/versions/4.0.0").header("ETag"))
                .contains("\"" + DigestUtils.sha256Hex(large) + "\"");
        upload("4.0.0", "MACOSARM", new byte[0]).refused(400, "invalid_request", "Payload is required");
    }

    @Test
    void nothingFromOutsideBecomesAPath() {
        decide(Map.of("id", "5.0.0"));
        for (var trick : List.of("..%2f..%2fetc%2fpasswd", "%2e%2e", "UNIX%00", "..", "UNIX;x=..%2f")) {
            assertThat(get(DOWNLOADS + trick).status()).as(trick).isBetween(400, 499);
            assertThat(get(DOWNLOADS + "UNIX/versions/" + trick).status())
                    .as(trick)
                    .isBetween(400, 499);
            assertThat(uploadTo("/admin/v1/versions/" + trick + "/installers/UNIX")
                            .status())
                    .as(trick)
                    .isBetween(400, 499);
        }
        upload("5.0.0", "AMIGA", new byte[1])
                .refused(400, "invalid_request", "os must be one of MACOS, MACOSARM, WIN32, WIN64, UNIX");
        upload("5.0.1", "UNIX", new byte[1]).refused(404, "not_found", "The version was not found");
        uploadTo("/admin/v1/versions/5.0.0/installers/WIN64?format=../x")
                .refused(400, "invalid_request", "format must be one of msi, exe, pkg, dmg, deb, rpm, zip");
        assertThat(uploadTo("/admin/v1/versions/5.0.0/installers/WIN64?format=exe")
                        .ok()
                        .text("format"))
                .isEqualTo("exe");
    }

    @Test
    void whatIsNoVersionIsRefused() {
        refusedDecision(
                Map.of("id", "5"), "id must be a semantic version without build metadata, 64 characters at most");
        refusedDecision(Map.of("id", "5.0.0", "rolloutPercent", 101), "rolloutPercent must be from 0 to 100");
        refusedDecision(
                Map.of("id", "5.0.0", "uris", List.of(Map.of("os", "UNIX", "uri", "http://example.com/x"))),
                "uri must be an https address of 1000 characters at most");
        var uri = Map.of("os", "UNIX", "uri", "https://example.com/x");
        refusedDecision(Map.of("id", "5.0.0", "uris", List.of(uri, uri)), "uris has one entry for a system at most");
        assertThat(operator.get(VERSIONS + "/9.9.9").status()).isEqualTo(404);
    }

    @Test
    void onlyOperatorsDecide() {
        var without = new Caller(ds, "unknown");
        assertThat(without.get(VERSIONS).status()).isEqualTo(401);
        assertThat(put(without, VERSIONS, Map.of("id", "6.0.0")).status()).isEqualTo(401);
        assertThat(Http.send(without.request("/admin/v1/versions/1.2.3/installers/UNIX")
                                .header("Content-Type", "application/octet-stream")
                                .PUT(BodyPublishers.ofString("x")))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void anOrganisationHasAnAuthorityForLoopbackNames() {
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", "Loopback " + UUID.randomUUID()))
                .ok()
                .text("id");
        var address = "/admin/v1/organisations/" + organisation + "/loopback-authority";
        var authority = operator.get(address).ok();
        assertThat(authority.text("certificate")).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(operator.get(address).ok().text("sha256")).isEqualTo(authority.text("sha256"));
        operator.get("/admin/v1/organisations/" + UUID.randomUUID() + "/loopback-authority")
                .refused(404, "not_found", "The organisation was not found");
        assertThat(new Caller(ds, "unknown").get(address).status()).isEqualTo(401);
    }

    private void decide(Map<String, ?> version) {
        put(operator, VERSIONS, version).ok();
    }

    private void refusedDecision(Map<String, ?> version, String description) {
        refused(put(operator, VERSIONS, version), 400, 200_400, description);
    }

    static Answer put(Caller caller, String path, Map<String, ?> body) {
        return Http.send(caller.request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json(body))));
    }

    private static String json(Object value) {
        try {
            return new JsonMapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private Answer upload(String version, String os, byte[] content) {
        return Http.send(operator.request("/admin/v1/versions/" + version + "/installers/" + os)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(content)));
    }

    private Answer uploadTo(String path) {
        return Http.send(HttpRequest.newBuilder(URI.create(ds.context() + path))
                .header("Authorization", "Bearer " + operator.token())
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofString("x")));
    }

    private Answer get(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(ds.context() + path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Http.send(request);
    }

    /** A server that refuses before it has read everything may close the connection: the answer then gets lost. */
    private static boolean refusalOfALargePayload(HttpRequest.Builder request) {
        try {
            return Http.send(request).status() == 413;
        } catch (AssertionError failure) {
            return failure.getCause() instanceof IOException;
        }
    }

    static void refused(Answer answer, int status, int code, String description) {
        assertThat(answer.body())
                .isEqualTo("{\"success\":false,\"code\":" + code + ",\"description\":\"" + description + "\"}");
        assertThat(answer.status()).isEqualTo(status);
    }
}
