package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Applications, their API keys and tokens. Each test's requests come from an address of their own, as the configuration
 * trusts the proxy that this machine is.
 */
@ExtendWith(RunningServer.class)
class DsTokensIT {

    private static final String APPLICATIONS = "/admin/v1/applications";
    private static final String TOKEN = "/v3/tokens/application";
    private static final String ORIGIN = "https://shop.example.com";
    private static final JsonMapper JSON = new JsonMapper();

    private final SignerApi ds;
    private final Caller operator;

    DsTokensIT(Platform platform) {
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }

    /** An application with an API key. */
    private record App(String id, String label, String keyId, String key) {}

    private String organisation() {
        return operator.post("/admin/v1/organisations", Map.of("name", "Shops " + UUID.randomUUID()))
                .ok()
                .text("id");
    }

    private static Map<String, Object> application(String organisation, String label) {
        return new LinkedHashMap<>(Map.of("organisationId", organisation, "label", label, "origins", List.of(ORIGIN)));
    }

    private App app(Map<String, Object> more) {
        var label = "shop-" + UUID.randomUUID();
        var request = application(organisation(), label);
        request.putAll(more);
        var id = operator.post(APPLICATIONS, request).ok().text("id");
        var key = newKey(id);
        return new App(id, label, key.text("id"), key.text("key"));
    }

    private Answer newKey(String application) {
        return Http.send(operator.request(APPLICATIONS + "/" + application + "/api-keys")
                        .POST(BodyPublishers.noBody()))
                .ok();
    }

    private HttpRequest.Builder from(String address, String path, String key) {
        return ds.request(path).header("X-Forwarded-For", address).header("apikey", key);
    }

    private Answer token(String address, String key) {
        return Http.send(from(address, TOKEN, key).GET());
    }

    private Answer refresh(String address, String key, String token) throws IOException {
        return Http.send(from(address, "/security/jwt/refresh", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("originalJWT", token)))));
    }

    private Answer delete(String path) {
        return Http.send(operator.request(path).DELETE());
    }

    private static void refused(Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("success").asBoolean(true)).isFalse();
        assertThat(answer.json().path("code").asInt()).isEqualTo(code);
    }

    private static JsonNode claims(String jwt) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    }

    private boolean verifies(String jwt) throws JoseException {
        var keys = new JsonWebKeySet(ds.get("/.well-known/jwks.json").ok().body());
        var signed = new JsonWebSignature();
        signed.setCompactSerialization(jwt);
        signed.setKey(new JwksVerificationKeyResolver(keys.getJsonWebKeys()).resolveKey(signed, List.of()));
        return signed.verifySignature();
    }

    @Test
    void anApiKeyBecomesATokenAtEveryAddress() throws Exception {
        var app = app(Map.of());
        for (var path : List.of(TOKEN, "/v3_5/tokens/application", "/token")) {
            var before = Instant.now().getEpochSecond();
            var jwt =
                    Http.send(from("198.51.100.1", path, app.key()).GET()).ok().text("data");
            assertThat(verifies(jwt)).isTrue();
            var claims = claims(jwt);
            assertThat(claims.path("iss").asText()).isEqualTo("https://ds.example.com/ds-acme");
            assertThat(claims.path("aud").asText()).isEqualTo("connector");
            assertThat(claims.path("sub").asText()).isEqualTo(app.label());
            assertThat(claims.path("origins").get(0).asText()).isEqualTo(ORIGIN);
            assertThat(claims.path("iat").asLong()).isBetween(before, before + 60);
            assertThat(claims.path("nbf")).isEqualTo(claims.path("iat"));
            assertThat(claims.path("exp").asLong() - claims.path("iat").asLong())
                    .isEqualTo(1200);
            assertThat(claims.has("clock_offset")).isFalse();
        }
    }

    @Test
    void theRequestersTimeComesAsAnOffset() throws Exception {
        var app = app(Map.of());
        var ahead = Instant.now().plusSeconds(3600);
        for (var time : List.of(ahead.toString(), Long.toString(ahead.getEpochSecond()))) {
            var jwt = Http.send(from("198.51.100.2", TOKEN, app.key())
                            .header("X-Client-Time", time)
                            .GET())
                    .ok()
                    .text("data");
            assertThat(claims(jwt).path("clock_offset").asLong()).isBetween(3540L, 3600L);
            var refreshed = refresh("198.51.100.2", app.key(), jwt).ok().text("data");
            assertThat(claims(refreshed).path("clock_offset"))
                    .isEqualTo(claims(jwt).path("clock_offset"));
        }
        for (var time : List.of("yesterday", "2026-13-01T00:00:00Z", "-1", "1".repeat(13))) {
            refused(
                    Http.send(from("198.51.100.2", TOKEN, app.key())
                            .header("X-Client-Time", time)
                            .GET()),
                    400,
                    200_400);
        }
    }

    @Test
    void withoutAGoodKeyThereIsNoToken() {
        var app = app(Map.of());
        var address = "198.51.100.3";
        refused(Http.send(ds.request(TOKEN).header("X-Forwarded-For", address).GET()), 401, 202_401);
        for (var key : List.of(
                "cs_" + "A".repeat(43), app.key() + "A", "key", app.key().toLowerCase())) {
            refused(token(address, key), 401, 202_401);
        }
        delete(APPLICATIONS + "/" + app.id() + "/api-keys/" + app.keyId()).ok();
        refused(token(address, app.key()), 401, 202_401);

        var other = app(Map.of());
        delete(APPLICATIONS + "/" + other.id()).ok();
        refused(token(address, other.key()), 401, 202_401);
    }

    @Test
    void aReplacedKeyWorksForTheOverlapAndNoLonger() {
        var app = app(Map.of());
        var keys = APPLICATIONS + "/" + app.id() + "/api-keys/";
        var second = operator.post(keys + app.keyId() + "/rotate", Map.of("overlapInHours", 2))
                .ok();
        token("198.51.100.4", app.key()).ok();
        token("198.51.100.4", second.text("key")).ok();
        operator.post(keys + app.keyId() + "/rotate", Map.of("overlapInHours", 2))
                .refused(409, "conflict", "The API key has ended or is replaced already");

        var third = operator.post(keys + second.text("id") + "/rotate", Map.of("overlapInHours", 0))
                .ok();
        refused(token("198.51.100.4", second.text("key")), 401, 202_401);
        token("198.51.100.4", third.text("key")).ok();

        var listed = operator.get(keys.substring(0, keys.length() - 1)).ok();
        assertThat(listed.json()).hasSize(3);
        assertThat(listed.body()).doesNotContain(app.key(), third.text("key"));
        assertThat(listed.json().findValuesAsText("prefix")).contains(app.key().substring(0, 9));
        assertThat(listed.json().findValues("lastUsedAt")).hasSize(3);
        operator.post(keys + app.keyId() + "/rotate", Map.of("overlapInHours", 2161))
                .refused(400, "invalid_request", "overlapInHours is between 0 and 2160");
        operator.post(keys + UUID.randomUUID() + "/rotate", Map.of("overlapInHours", 1))
                .refused(404, "not_found", "The API key was not found");
    }

    @Test
    void aKeyIsGoodFromItsAddressesOnlyAndForgedHeadersDoNotHelp() {
        var app = app(Map.of("ipRanges", List.of("203.0.113.0/24", "2001:db8::/32")));
        token("203.0.113.7", app.key()).ok();
        token("2001:db8::7", app.key()).ok();
        refused(token("198.51.100.5", app.key()), 403, 202_403);
        // What the client wrote itself stands left of what the proxy added.
        refused(token("203.0.113.7, 198.51.100.5", app.key()), 403, 202_403);
        refused(
                Http.send(from("198.51.100.5", TOKEN, app.key())
                        .header("X-Real-IP", "203.0.113.7")
                        .header("Forwarded", "for=203.0.113.7")
                        .header("$WSRA", "203.0.113.7")
                        .GET()),
                403,
                202_403);
        refused(
                Http.send(ds.request(TOKEN)
                        .header("apikey", app.key())
                        .header("X-Forwarded-For", "203.0.113.7, nonsense")
                        .GET()),
                403,
                202_403);
    }

    @Test
    void aKeyThatNeedsACertificateIsNotGoodWithoutOne() {
        var app = app(Map.of("clientCertificate", "AB:".repeat(31) + "AB"));
        refused(token("198.51.100.6", app.key()), 403, 202_404);
        refused(
                Http.send(from("198.51.100.6", TOKEN, app.key())
                        .header("X-SSL-Client-Cert", "ab".repeat(32))
                        .header("$WSCC", "ab".repeat(32))
                        .GET()),
                403,
                202_404);
    }

    @Test
    void tooManyRequestsOfAKeyAreRefusedAndAnotherKeyIsNot() {
        var app = app(Map.of("requestsPerMinute", 2));
        var other = newKey(app.id()).text("key");
        token("198.51.100.8", app.key()).ok();
        token("198.51.100.8", app.key()).ok();
        var refusal = token("198.51.100.8", app.key());
        refused(refusal, 429, 202_429);
        assertThat(Integer.parseInt(refusal.header("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        token("198.51.100.8", other).ok();
        ds.token(app.label(), app.key(), "").refused(429, "slow_down", "Too many requests; try again later");
    }

    @Test
    void whoGuessesKeysHasToWaitButNotWhoHasAGoodOne() {
        var app = app(Map.of());
        for (int i = 0; i < 30; i++) {
            refused(token("198.51.100.9", "cs_" + "B".repeat(43)), 401, 202_401);
        }
        refused(token("198.51.100.9", "cs_" + "C".repeat(43)), 429, 202_429);
        token("198.51.100.9", app.key()).ok();
    }

    @Test
    void whoGuessesTheSecretOfAClientHasToWait() {
        for (int i = 0; i < 30; i++) {
            client("198.51.100.10", Company.OPERATOR, "wrong").refused(401, "invalid_client", "Bad client credentials");
        }
        var refusal = client("198.51.100.10", Company.OPERATOR, Company.OPERATOR_SECRET);
        refusal.refused(429, "slow_down", "Too many requests; try again later");
        assertThat(Integer.parseInt(refusal.header("Retry-After").orElseThrow()))
                .isBetween(1, 300);
        client("198.51.100.14", Company.OPERATOR, Company.OPERATOR_SECRET).ok();
        client("198.51.100.10", app(Map.of()).label(), "wrong")
                .refused(401, "invalid_client", "Bad client credentials");
    }

    private Answer client(String address, String clientId, String secret) {
        return Http.send(ds.request("/oauth/token")
                .header("X-Forwarded-For", address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&client_id=" + clientId + "&client_secret="
                        + URLEncoder.encode(secret, StandardCharsets.UTF_8))));
    }

    @Test
    void refusalsAreCountedByReasonInEitherForm() {
        var app = app(Map.of());
        var keys = "countersign_failures_total{error=\"invalid_api_key\",route=\"/v3/tokens/application\"}";
        var clients = "countersign_failures_total{error=\"invalid_client\",route=\"/oauth/token\"}";
        var refusals = "countersign_ds_api_key_refusals_total{reason=\"client\"}";
        double keysBefore = figure(keys);
        double clientsBefore = figure(clients);
        double refusalsBefore = figure(refusals);
        var refusal = token("198.51.100.15", "wrong");
        refused(refusal, 401, 202_401);
        assertThat(refusal.header("WWW-Authenticate")).contains("apikey realm=\"countersign\"");
        client("198.51.100.15", "another", app.key()).refused(401, "invalid_client", "Bad client credentials");
        assertThat(figure(keys)).isEqualTo(keysBefore + 1);
        assertThat(figure(clients)).isEqualTo(clientsBefore + 1);
        assertThat(figure(refusals)).isEqualTo(refusalsBefore + 1);
    }

    private double figure(String name) {
        return Http.send(ds.request("/metrics").setHeader("Accept", "*/*").GET())
                .ok()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Test
    void aTokenIsRefreshedForItsOwnApplicationOnly() throws Exception {
        var app = app(Map.of());
        var jwt = token("198.51.100.11", app.key()).ok().text("data");
        var refreshed = refresh("198.51.100.11", app.key(), jwt).ok().text("data");
        assertThat(verifies(refreshed)).isTrue();
        assertThat(claims(refreshed).path("jti")).isNotEqualTo(claims(jwt).path("jti"));

        refused(refresh("198.51.100.11", app(Map.of()).key(), jwt), 403, 202_405);
        refused(refresh("198.51.100.11", app.key(), jwt.substring(0, jwt.length() - 4) + "AAAA"), 403, 202_405);
        refused(refresh("198.51.100.11", app.key(), "eyJhbGciOiJub25lIn0.e30."), 403, 202_405);
        refused(refresh("198.51.100.11", "cs_" + "C".repeat(43), jwt), 401, 202_401);
        refused(
                Http.send(from("198.51.100.11", "/security/jwt/refresh", app.key())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"originalJWT\": 7}"))),
                400,
                200_400);
    }

    @Test
    void anApplicationIsAnOAuthClient() throws Exception {
        var app = app(Map.of());
        for (var clientId : List.of(app.label(), app.id())) {
            var answer = ds.token(clientId, app.key(), "").ok();
            assertThat(verifies(answer.text("access_token"))).isTrue();
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(1200);
        }
        ds.token("another", app.key(), "").refused(401, "invalid_client", "Bad client credentials");
        ds.token(app.label(), "cs_" + "D".repeat(43), "").refused(401, "invalid_client", "Bad client credentials");
        ds.form("/oauth/token", Map.of("client_id", app.label(), "client_secret", app.key(), "grant_type", "password"))
                .refused(400, "unsupported_grant_type", "Unsupported grant type: password");
        // It is for agents, not for this API.
        var jwt = ds.token(app.label(), app.key(), "").ok().text("access_token");
        assertThat(ds.with(jwt).get(APPLICATIONS).status()).isEqualTo(401);
    }

    @Test
    void aTokenOutlivesTwoRotations() throws Exception {
        var app = app(Map.of());
        var jwt = token("198.51.100.12", app.key()).ok().text("data");
        for (int i = 0; i < 2; i++) {
            var keys = Http.send(operator.request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                    .ok();
            assertThat(keys.json().findValuesAsText("state")).contains("next", "current", "retired");
            assertThat(verifies(jwt)).isTrue();
            assertThat(verifies(token("198.51.100.12", app.key()).ok().text("data")))
                    .isTrue();
        }
        refresh("198.51.100.12", app.key(), jwt).ok();
        assertThat(operator.get("/admin/v1/keys").ok().json().size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void theMetadataLeadToTheKeys() {
        for (var path : List.of("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")) {
            var metadata = ds.get(path).ok();
            assertThat(metadata.text("issuer")).isEqualTo("https://ds.example.com/ds-acme");
            assertThat(metadata.text("jwks_uri")).isEqualTo("https://ds.example.com/ds-acme/.well-known/jwks.json");
            assertThat(metadata.text("token_endpoint")).isEqualTo("https://ds.example.com/ds-acme/oauth/token");
        }
    }

    @Test
    void applicationsAreChangedFoundAndRemoved() throws IOException {
        var organisation = organisation();
        var label = "office-" + UUID.randomUUID();
        var request = application(organisation, label);
        var added = operator.post(APPLICATIONS, request).ok();
        assertThat(added.status()).isEqualTo(201);
        operator.post(APPLICATIONS, request).refused(409, "conflict", "The label is taken");

        request.put("origins", List.of("HTTPS://Office.Example.com:443", "http://localhost:8080"));
        request.put("requestsPerMinute", 10);
        var changed = put(added.text("id"), request).ok();
        assertThat(changed.texts("origins")).containsExactly("https://office.example.com", "http://localhost:8080");
        assertThat(changed.json().path("requestsPerMinute").asInt()).isEqualTo(10);
        request.put("label", "renamed");
        put(added.text("id"), request).refused(400, "invalid_request", "organisationId and label do not change");

        assertThat(operator.get(APPLICATIONS + "?organisationId=" + organisation)
                        .ok()
                        .json()
                        .findValuesAsText("label"))
                .containsExactly(label);
        assertThat(operator.get(APPLICATIONS + "?search=" + label.substring(3).toUpperCase() + "&pageSize=1")
                        .ok()
                        .json()
                        .findValuesAsText("label"))
                .containsExactly(label);
        delete(APPLICATIONS + "/" + added.text("id")).ok();
        operator.get(APPLICATIONS + "/" + added.text("id")).refused(404, "not_found", "The application was not found");
    }

    private Answer put(String id, Map<String, ?> body) throws IOException {
        return Http.send(operator.request(APPLICATIONS + "/" + id)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    @Test
    void whatIsNoApplicationIsRefused() {
        var organisation = organisation();
        for (var wrong : List.<Map<String, Object>>of(
                Map.of("label", "a b"),
                Map.of("label", ""),
                Map.of("origins", List.of()),
                Map.of("origins", List.of("https://shop.example.com/")),
                Map.of("origins", List.of("http://shop.example.com")),
                Map.of("origins", List.of("*")),
                Map.of("ipRanges", List.of("10.0.0.0/33")),
                Map.of("ipRanges", List.of("example.com")),
                Map.of("clientCertificate", "ab"),
                Map.of("requestsPerMinute", 0),
                Map.of("organisationId", UUID.randomUUID().toString()))) {
            var request = application(organisation, "shop-" + UUID.randomUUID());
            request.putAll(wrong);
            var refusal = operator.post(APPLICATIONS, request);
            assertThat(refusal.status()).as("%s: %s", wrong, refusal.body()).isEqualTo(400);
        }
    }
}
