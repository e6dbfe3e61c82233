package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.DsReleasesIT.put;
import static org.countersign.systemtests.DsReleasesIT.refused;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Modules, plug-ins, descriptions of cards, and consents. */
@ExtendWith(RunningServer.class)
class DsModulesIT {

    private static final String MODULES = "/admin/v1/modules/";
    private static final String CODE_WORD_FILL = "-code-word-of-the-test";

    private final SignerApi ds;
    private final Caller operator;

    DsModulesIT(Platform platform) {
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }

    @Test
    void aPrivateModuleIsThereForItsOrganisationOnly() throws IOException {
        var mine = newApplication();
        var others = newApplication();
        var open = "open-" + UUID.randomUUID();
        var own = "own-" + UUID.randomUUID();
        put(operator, MODULES + open, Map.of("version", "1.0.0", "description", "Everyone's"))
                .ok();
        put(
                        operator,
                        MODULES + own,
                        Map.of(
                                "organisation",
                                mine.organisation(),
                                "version",
                                "1.0.0",
                                "description",
                                "Ours",
                                "atrs",
                                List.of("3B 7F ..")))
                .ok();
        assertThat(plugIn(own, "UNIX", "content").ok().text("sha256")).isEqualTo(DigestUtils.sha256Hex("content"));

        assertThat(modules(mine.key())).containsExactly(own);
        assertThat(modules(others.key())).isEmpty();
        assertThat(modules(null)).contains(open).doesNotContain(own);

        var address = "/v3_5/modules/" + own + "/plug-ins/UNIX";
        assertThat(get(address, mine.key()).ok().body()).isEqualTo("content");
        var absent = get("/v3_5/modules/absent/plug-ins/UNIX", others.key());
        for (var hidden : List.of(get(address, others.key()), get(address, null))) {
            assertThat(hidden.body()).isEqualTo(absent.body());
            assertThat(hidden.status()).isEqualTo(404);
        }
        assertThat(get(address, "wrong").status()).isEqualTo(401);
        assertThat(get("/v3_5/modules", "wrong").status()).isEqualTo(401);

        var map = get("/v3_5/modules", mine.key()).ok();
        assertThat(claims(map, "countersign-modules+jwt").findValuesAsText("sha256"))
                .contains(DigestUtils.sha256Hex("content"));
        var tag = map.header("ETag").orElseThrow();
        var known = Http.send(ds.request("/v3_5/modules")
                .header("apikey", mine.key())
                .header("If-None-Match", tag)
                .GET());
        assertThat(known.status()).isEqualTo(304);

        Http.send(operator.request(MODULES + own).DELETE()).ok();
        assertThat(modules(mine.key())).isEmpty();
        assertThat(get("/v3_5/modules", mine.key()).header("ETag")).isNotEqualTo(map.header("ETag"));
        Http.send(operator.request(MODULES + own).DELETE()).refused(404, "not_found", "The module was not found");
        assertThat(operator.get("/admin/v1/modules").ok().json().findValuesAsText("id"))
                .contains(open);
    }

    @Test
    void whatIsNoModuleIsRefused() {
        put(operator, MODULES + "x", Map.of("version", "1", "description", "x"))
                .refused(
                        400,
                        "invalid_request",
                        "version must be a semantic version without build metadata, 64 characters at most");
        put(operator, MODULES + "x", Map.of("version", "1.0.0", "description", "x", "atrs", List.of("3B (a|b)")))
                .refused(400, "invalid_request", "atrs must be patterns of answers to reset");
        put(operator, MODULES + "X", Map.of("version", "1.0.0", "description", "x"))
                .refused(
                        400,
                        "invalid_request",
                        "A module's identifier has 1 to 64 of a-z, 0-9, _ and -, and begins with a letter or digit");
        put(
                        operator,
                        MODULES + "x",
                        Map.of("organisation", UUID.randomUUID().toString(), "version", "1.0.0", "description", "x"))
                .refused(404, "not_found", "The organisation was not found");
        plugIn("absent", "UNIX", "x").refused(404, "not_found", "The module was not found");
        var without = new Caller(ds, "unknown");
        assertThat(without.get("/admin/v1/modules").status()).isEqualTo(401);
        assertThat(without.get("/admin/v1/atrs").status()).isEqualTo(401);
        assertThat(importList(without, "3B 00\n\tx\n").status()).isEqualTo(401);
    }

    @Test
    void aLongListComesInOneStepAndAgainWithoutAChange() throws IOException {
        var list = IntStream.range(0, 4_000)
                .mapToObj(i ->
                        String.format("3B 9F %02X %02X ..%n\tCard %d%n\t%s%n", i >> 8, i & 0xff, i, "x".repeat(200)))
                .collect(Collectors.joining("\n", "# comment\n\n", "\n3B 9F 01 02 03\n\tThe card\n"));
        assertThat(list.length()).isGreaterThan(256 * 1024);
        var first = importList(operator, list).ok();
        assertThat(first.json().path("entries").asInt()).isEqualTo(4_001);
        var before = get("/v3_5/atrs", null).header("ETag").orElseThrow();
        var again = importList(operator, list).ok();
        assertThat(again.json().path("changed").asInt()).isZero();
        assertThat(again.json().path("removed").asInt()).isZero();
        assertThat(get("/v3_5/atrs", null).header("ETag")).contains(before);
        assertThat(claims(get("/v3_5/atrs", null).ok(), "countersign-atrs+jwt")
                        .path("atrs")
                        .size())
                .isGreaterThanOrEqualTo(4_001);

        assertThat(card("3B9F010203", null)).isEqualTo("The card");
        assertThat(card("3B 9F 01 02 04".replace(" ", "%20"), null)).isEqualTo("Card 258");
        refused(get("/v3_5/atrs/3F00", null), 404, 200_404, "The card is not known");
        refused(get("/v3_5/atrs/xyz", null), 400, 200_400, "atr must be 1 to 33 bytes in hexadecimal");

        var shorter = importList(operator, "3B 9F 01 02 ..\n\tThe only one\n").ok();
        assertThat(shorter.json().path("removed").asInt()).isGreaterThanOrEqualTo(4_000);
        assertThat(card("3B9F010203", null)).isEqualTo("The only one");
        importList(operator, "<html>").refused(400, "invalid_request", "Line 1 is no answer to reset");
        importList(operator, "# nothing\n").refused(400, "invalid_request", "The list has no entry");
        assertThat(operator.get("/admin/v1/atrs?imported=true&pageSize=1000")
                        .ok()
                        .json()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void anOperatorsEntryIsAddedReplacedAndRemoved() {
        var mine = newApplication();
        var others = newApplication();
        var own = operator.post(
                        "/admin/v1/atrs",
                        Map.of("organisation", mine.organisation(), "atr", "3B 8E AA", "description", List.of("Ours")))
                .ok();
        assertThat(own.status()).isEqualTo(201);
        operator.post(
                        "/admin/v1/atrs",
                        Map.of("organisation", mine.organisation(), "atr", "3B8EAA", "description", List.of("Twice")))
                .refused(409, "conflict", "The pattern has an entry already");
        assertThat(card("3B8EAA", mine.key())).isEqualTo("Ours");
        assertThat(get("/v3_5/atrs/3B8EAA", others.key()).body())
                .isEqualTo(get("/v3_5/atrs/3B8EAB", others.key()).body());

        var address = "/admin/v1/atrs/" + own.text("id");
        put(operator, address, Map.of("description", List.of("Still ours"))).ok();
        assertThat(card("3B8EAA", mine.key())).isEqualTo("Still ours");
        assertThat(operator.get("/admin/v1/atrs?pageSize=1000").ok().json().findValuesAsText("id"))
                .contains(own.text("id"));
        Http.send(operator.request(address).DELETE()).ok();
        assertThat(get("/v3_5/atrs/3B8EAA", mine.key()).status()).isEqualTo(404);
        Http.send(operator.request(address).DELETE()).refused(404, "not_found", "The entry was not found");
        operator.post("/admin/v1/atrs", Map.of("atr", "3B\\d", "description", List.of("x")))
                .refused(400, "invalid_request", "atr must be a pattern of an answer to reset");
    }

    @Test
    void aConsentLeadsToItsAgentForUserBrowserAndOrigin() {
        var mine = newApplication();
        var others = newApplication();
        var device = registered(mine.organisation());
        var request = consentFor(device);
        var given = consent("/agents/consent", mine.key(), request).ok().json().path("data");
        assertThat(given.path("consentState").asText()).isEqualTo("APPROVED");
        refused(consent("/agents/consent", mine.key(), request), 409, 201_409, "The code word was used before");

        var token = given.path("consent").asText();
        var good = Map.of(
                "consents", List.of("unknown", token), "origin", "https://app.example.com", "username", "ACME\\jdoe");
        var found = consent("/agents/validate", mine.key(), good).ok().json().path("data");
        assertThat(found.path("agent").path("deviceUuid").asText()).isEqualTo(device);
        assertThat(found.path("username").asText()).isEqualTo("ACME\\jdoe");
        for (var bad : List.of(
                Map.of("consents", List.of(token), "origin", "https://evil.example.com", "username", "ACME\\jdoe"),
                Map.of("consents", List.of(token), "origin", "https://app.example.com", "username", "other"),
                Map.of(
                        "consents",
                        List.of(token),
                        "origin",
                        "https://app.example.com",
                        "browser",
                        "cjld2cjxh0000qzrmn831i7rn" + String.format("%02d", Long.parseLong("jld2cjxh", 36) % 97)))) {
            refused(consent("/agents/validate", mine.key(), bad), 401, 814_501, "No consent is valid here");
        }
        refused(
                consent(
                        "/agents/validate",
                        mine.key(),
                        Map.of("consents", List.of(token), "origin", "https://app.example.com")),
                400,
                200_400,
                "username is required of who has no browser token");
        refused(consent("/agents/validate", others.key(), good), 401, 814_501, "No consent is valid here");
        assertThat(consent("/agents/validate", "wrong", good).status()).isEqualTo(401);
        refused(
                consent("/agents/consent", mine.key(), Map.of("codeWord", "short")),
                400,
                200_400,
                "codeWord must have 22 to 200 printable ASCII characters, none of them a space");
    }

    @Test
    void aConsentNeedsADeviceOfTheOrganisationThatIsNotBlocked() {
        var mine = newApplication();
        var device = registered(mine.organisation());
        var blocked = "/admin/v1/devices/" + device;
        for (var stranger : List.of(
                UUID.randomUUID().toString(), registered(newApplication().organisation()))) {
            refused(
                    consent("/agents/consent", mine.key(), consentFor(stranger)),
                    404,
                    200_404,
                    "The device was not found");
        }
        var token = consent("/agents/consent", mine.key(), consentFor(device))
                .ok()
                .json()
                .path("data")
                .path("consent")
                .asText();
        var shown = Map.of("consents", List.of(token), "origin", "https://app.example.com", "username", "ACME\\jdoe");
        consent("/agents/validate", mine.key(), shown).ok();

        operator.post(blocked + "/block", Map.of()).ok();
        refused(consent("/agents/consent", mine.key(), consentFor(device)), 403, 204_005, "The device is blocked");
        var refusal = consent("/agents/validate", mine.key(), shown);
        refused(refusal, 401, 814_501, "No consent is valid here");
        assertThat(refusal.header("WWW-Authenticate"))
                .contains("apikey realm=\"countersign\", error=\"consent_required\"");
        operator.post(blocked + "/unblock", Map.of()).ok();
        consent("/agents/validate", mine.key(), shown).ok();
    }

    private static Map<String, Object> consentFor(String device) {
        return Map.of(
                "codeWord",
                UUID.randomUUID() + CODE_WORD_FILL,
                "username",
                "ACME\\jdoe",
                "origin",
                "https://app.example.com",
                "agent",
                Map.of("deviceUuid", device, "apiIp", "127.0.0.1", "apiPort", 51_983));
    }

    private String registered(String organisation) {
        var key = operator.post("/admin/v1/registration-keys", Map.of("organisation", organisation, "name", "consents"))
                .ok()
                .text("key");
        var device = DsDevice.at(ds);
        device.register(key).ok();
        return device.uuid().toString();
    }

    private record Holder(String organisation, String key) {}

    private Holder newApplication() {
        var name = "Modules-" + UUID.randomUUID();
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", name))
                .ok()
                .text("id");
        var application = operator.post(
                        "/admin/v1/applications",
                        Map.of(
                                "organisationId",
                                organisation,
                                "label",
                                name,
                                "origins",
                                List.of("https://app.example.com")))
                .ok()
                .text("id");
        var key = Http.send(operator.request("/admin/v1/applications/" + application + "/api-keys")
                        .POST(BodyPublishers.noBody()))
                .ok()
                .text("key");
        return new Holder(organisation, key);
    }

    private Answer plugIn(String module, String os, String content) {
        return Http.send(operator.request(MODULES + module + "/plug-ins/" + os)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofString(content)));
    }

    private static Answer importList(Caller caller, String text) {
        return Http.send(caller.request("/admin/v1/atrs/import")
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofString(text)));
    }

    private Answer consent(String path, String key, Map<String, ?> body) {
        return Http.send(ds.request(path)
                .header("apikey", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json(body))));
    }

    private static String json(Object value) {
        try {
            return new JsonMapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private List<String> modules(String key) throws IOException {
        return claims(get("/v3_5/modules", key).ok(), "countersign-modules+jwt").findValuesAsText("id");
    }

    private String card(String atr, String key) {
        return get("/v3_5/atrs/" + atr, key)
                .ok()
                .json()
                .path("data")
                .path("description")
                .path(0)
                .asText();
    }

    private Answer get(String path, String key) {
        var request = ds.request(path).setHeader("Accept", "*/*").GET();
        return Http.send(key == null ? request : request.header("apikey", key));
    }

    /** What a map's signature is worth is shown by the tests of tokens: they are signed by the same call. */
    private static JsonNode claims(Answer map, String type) throws IOException {
        var parts = map.json().path("data").path("signed").asText().split("\\.");
        var json = new JsonMapper();
        assertThat(json.readTree(Base64.getUrlDecoder().decode(parts[0]))
                        .path("typ")
                        .asText())
                .isEqualTo(type);
        assertThat(parts[2]).hasSizeGreaterThan(80);
        var claims = json.readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.path("iss").asText()).isEqualTo("https://ds.example.com/ds-acme");
        return claims;
    }
}
