package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console of the distribution service as a browser sees it on the wire: signing in, sessions, roles, the page's headers. */
@ExtendWith(RunningServer.class)
class DsConsoleIT {

    private static final String ORGANISATIONS = "/admin/v1/organisations";
    private static final String DEVICES = "/admin/v1/devices";
    private static final String AUDIT = "/admin/v1/audit";
    private static final String FROM = "X-Forwarded-For";

    /** For what is no call of the API. */
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final SignerApi ds;

    DsConsoleIT(Platform platform) {
        ds = platform.ds();
    }

    private static Map<String, String> organisation() {
        return Map.of("name", "console " + UUID.randomUUID());
    }

    @Test
    void whoSignsInHasASessionUntilSigningOut() {
        var nobody = ConsoleVisitor.at(ds);
        assertThat(nobody.get(ConsoleVisitor.SESSION).ok().body())
                .isEqualTo("{\"signedIn\":false,\"demonstration\":true}");
        nobody.get(DEVICES).refused(401, "invalid_token", "Token was not recognized");

        var answer = nobody.signIn("support", ConsoleVisitor.PASSWORD).ok();
        assertThat(answer.header("Set-Cookie").orElseThrow())
                .matches("countersign-session=[A-Za-z0-9_-]{43}; Path=/ds-acme; HttpOnly; SameSite=Strict; Secure");
        // Open Liberty adds to it where a cookie is set.
        assertThat(answer.header("Cache-Control").orElseThrow()).startsWith("no-store");
        assertThat(answer.texts("roles")).containsExactly("support");

        var support = new ConsoleVisitor(ds, ConsoleVisitor.cookie(answer), answer.text("csrfToken"));
        assertThat(support.get(ConsoleVisitor.SESSION).ok().text("user")).isEqualTo("support");
        support.get(DEVICES).ok();

        var out = support.delete(ConsoleVisitor.SESSION);
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie").orElseThrow())
                .contains("countersign-session=;")
                .contains("Max-Age=0");
        support.get(DEVICES).refused(401, "invalid_token", "Token was not recognized");
        assertThat(support.get(ConsoleVisitor.SESSION).ok().body())
                .isEqualTo("{\"signedIn\":false,\"demonstration\":true}");
    }

    @Test
    void signingInAgainIsANewSessionAndEndsTheOldOne() {
        var first = ConsoleVisitor.as(ds, "support");
        var answer =
                first.csrfToken("").signIn("support", ConsoleVisitor.PASSWORD).ok();
        assertThat(ConsoleVisitor.cookie(answer)).isNotEqualTo(first.cookie());
        first.get(DEVICES).refused(401, "invalid_token", "Token was not recognized");
        new ConsoleVisitor(ds, ConsoleVisitor.cookie(answer), "").get(DEVICES).ok();
    }

    @Test
    void aChangeNeedsTheTokenOfItsOwnSession() {
        var operator = ConsoleVisitor.as(ds, "operator");
        var description = "The header X-CSRF-Token is missing or wrong";
        operator.csrfToken("").post(ORGANISATIONS, organisation()).refused(403, "access_denied", description);
        operator.csrfToken(ConsoleVisitor.as(ds, "operator").csrfToken())
                .post(ORGANISATIONS, organisation())
                .refused(403, "access_denied", description);
        operator.csrfToken("").delete(ConsoleVisitor.SESSION).refused(403, "access_denied", description);
        assertThat(operator.post(ORGANISATIONS, organisation()).ok().status()).isEqualTo(201);
    }

    @Test
    void everybodyMayDoWhatTheirRolesSay() {
        var operator = ConsoleVisitor.as(ds, "operator");
        var support = ConsoleVisitor.as(ds, "support");
        var auditor = ConsoleVisitor.as(ds, "auditor");
        var denied = "Access is denied";

        operator.get("/admin/v1/applications").ok();
        operator.get("/v3_5/versions").ok();
        operator.get(AUDIT).refused(403, "access_denied", denied);

        support.get("/admin/v1/transactions").ok();
        support.get("/admin/v1/log-bundles").ok();
        support.get("/admin/v1/applications").refused(403, "access_denied", denied);
        support.post("/admin/v1/keys/rotate", null).refused(403, "access_denied", denied);

        auditor.get(AUDIT).ok();
        auditor.get(DEVICES).refused(403, "access_denied", denied);
        auditor.post(ORGANISATIONS, organisation()).refused(403, "access_denied", denied);
        auditor.post(DEVICES + "/" + UUID.randomUUID() + "/block", null).refused(403, "access_denied", denied);
    }

    @Test
    void anAccessTokenGoesBeforeASession() {
        var operator = ConsoleVisitor.as(ds, "operator");
        operator.get(ORGANISATIONS, "Authorization", "Bearer of-nobody")
                .refused(401, "invalid_token", "Token was not recognized");
        ds.with("of-nobody").get(ORGANISATIONS).refused(401, "invalid_token", "Token was not recognized");
    }

    @Test
    void aUserForDemonstrationIsServedOnItsOwnMachineOnly() {
        var refusal = "A user for demonstration signs in on the server's machine only";
        ConsoleVisitor.at(ds)
                .signIn("operator", ConsoleVisitor.PASSWORD, FROM, "198.51.100.20")
                .refused(403, "access_denied", refusal);
        ConsoleVisitor.as(ds, "operator")
                .get(ORGANISATIONS, FROM, "198.51.100.20")
                .refused(403, "access_denied", "Access is denied");
    }

    @Test
    void guessingIsRefusedAndSlowedDown() {
        var nobody = ConsoleVisitor.at(ds);
        var wrong = "The user name or the password is wrong";
        for (int i = 0; i < 5; i++) {
            nobody.signIn("operator", "a guess " + i, FROM, "198.51.100.21").refused(403, "access_denied", wrong);
            nobody.signIn("nobody", "a guess " + i, FROM, "198.51.100.22").refused(403, "access_denied", wrong);
        }
        for (var network : new String[] {"198.51.100.21", "198.51.100.22"}) {
            var user = network.endsWith("1") ? "operator" : "nobody";
            var slow = nobody.signIn(user, ConsoleVisitor.PASSWORD, FROM, network);
            slow.refused(429, "slow_down", "Too many attempts; try again later");
            assertThat(Integer.parseInt(slow.header("Retry-After").orElseThrow()))
                    .isBetween(1, 300);
        }
        // Nobody else waits.
        nobody.signIn("operator", ConsoleVisitor.PASSWORD).ok();
        nobody.signIn("operator", "x".repeat(257)).refusal();
        nobody.post(ConsoleVisitor.SESSION, Map.of("user", "operator")).refusal();
    }

    @Test
    void theAuditLogNamesThePerson() {
        var operator = ConsoleVisitor.as(ds, "operator");
        var made = operator.post(ORGANISATIONS, organisation()).ok().text("id");
        ConsoleVisitor.at(ds).signIn("operator", "wrong", FROM, "198.51.100.23").refusal();
        ConsoleVisitor.at(ds)
                .signIn("Passw0rd-in-the-wrong-field", "wrong", FROM, "198.51.100.23")
                .refusal();
        var auditor = ConsoleVisitor.as(ds, "auditor");

        var created = auditor.get(AUDIT + "?type=organisation&client=user:operator&pageSize=1000")
                .ok()
                .json();
        assertThat(created.findValuesAsText("organisation")).contains(made);
        assertThat(created.findValuesAsText("type")).containsOnly("organisation.created");

        var refused = auditor.get(AUDIT + "?type=console.sign-in-refused&outcome=failure&pageSize=1000")
                .ok();
        assertThat(refused.json().findValuesAsText("address")).contains("198.51.100.23");
        assertThat(refused.body()).contains("user:operator").doesNotContain("Passw0rd");
        assertThat(auditor.get(AUDIT + "?pageSize=1").ok().json()).hasSize(1);
        auditor.get(AUDIT + "?outcome=perhaps").refused(400, "invalid_request", "outcome must be success or failure");
    }

    @Test
    void devicesAreCountedByVersionAndFoundByState() {
        var operator = ConsoleVisitor.as(ds, "operator");
        var organisation = operator.post(ORGANISATIONS, organisation()).ok().text("id");
        var key = operator.post(
                        "/admin/v1/registration-keys", Map.of("organisation", organisation, "name", "for the console"))
                .ok()
                .text("key");
        var one = DsDevice.at(ds);
        one.register(key).ok();
        DsDevice.at(ds).register(key).ok();
        var of = "?organisation=" + organisation;

        var counts = operator.get(DEVICES + "/versions" + of).ok().json();
        assertThat(counts).hasSize(1);
        assertThat(counts.get(0).path("devices").asInt()).isEqualTo(2);
        assertThat(counts.get(0).path("online").asInt()).isEqualTo(2);

        operator.post(DEVICES + "/" + one.uuid() + "/block", null).ok();
        assertThat(operator.get(DEVICES + of + "&blocked=true").ok().json().findValuesAsText("uuid"))
                .containsExactly(one.uuid().toString());
        assertThat(operator.get(DEVICES + of + "&blocked=false").ok().json()).hasSize(1);
        assertThat(operator.get(DEVICES + "/versions" + of)
                        .ok()
                        .json()
                        .get(0)
                        .path("devices")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void thePageMayLoadItsOwnFilesAndNothingElse() throws IOException, InterruptedException {
        var moved = page("/console", "");
        assertThat(moved.statusCode()).isEqualTo(303);
        var location = moved.headers().firstValue("Location").orElseThrow();
        assertThat(moved.uri().resolve(location).getPath()).isEqualTo("/" + Company.DS + "/console/");

        var page = page("/console/", "");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContain("<style")
                .doesNotContain("style=")
                .doesNotContainPattern("<script>");

        var script = page("/console/console.js", "");
        assertThat(script.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/javascript");
        assertThat(script.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        var again =
                page("/console/console.js", script.headers().firstValue("ETag").orElseThrow());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(page("/console/en.json", "")
                        .headers()
                        .firstValue("Content-Type")
                        .orElseThrow())
                .startsWith("application/json");
        for (var missing : new String[] {"/console/no.js", "/console/..%2fopenapi.json", "/console/a/b"}) {
            assertThat(page(missing, "").statusCode()).as(missing).isIn(400, 404);
        }
    }

    private HttpResponse<String> page(String path, String tag) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(ds.context() + path)).header("Accept", "text/html,*/*;q=0.8");
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
