package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WizardVisitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wizard on the wire: who signs in, what a session reaches and what it does not, the page's headers. */
@ExtendWith(RunningServer.class)
class WizardSessionIT {

    private static final String CREATE = "/api/v1/credentials";
    private static final String CREDENTIALS = "/api/v1/holder/credentials";
    private static final String HISTORY = "/api/v1/holder/history";
    private static final Map<String, String> WITH_PIN = Map.of("authorizationConfigurationId", "pin");
    /** What is done with a living credential. */
    private static final List<String> ACTS = List.of(
            "pin/change",
            "otp/replace",
            "otp/replace/confirm",
            "renewal",
            "renewal/certificate",
            "renewal/certificate/enrol",
            "suspend",
            "resume",
            "revoke",
            "delete");

    private static final String REGISTRATION = "/api/v1/oauth-clients/globex";
    private static final String NOTHING_TO_DO =
            "You are not among those who may do something here; ask who administers the service";
    private static final String FROM = "X-Forwarded-For";

    /** For what is no call of the API. */
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Platform platform;
    private final SignerApi globex;

    WizardSessionIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
    }

    @Test
    void whoSignsInHasASessionUntilSigningOut() {
        var nobody = ConsoleVisitor.at(globex);
        assertThat(nobody.get(WizardVisitor.SESSION).ok().body())
                .isEqualTo("{\"signedIn\":false,\"demonstration\":true}");
        var answer =
                WizardVisitor.signIn(globex, "hank", WizardVisitor.PASSWORD).ok();
        assertThat(answer.header("Set-Cookie").orElseThrow())
                .matches("countersign-session=[A-Za-z0-9_-]{43}; Path=/" + Company.GLOBEX
                        + "; HttpOnly; SameSite=Strict; Secure");
        assertThat(answer.texts("roles")).containsExactlyInAnyOrder("signer", "lister", "generator");
        var hank = new ConsoleVisitor(globex, ConsoleVisitor.cookie(answer), answer.text("csrfToken"));
        hank.get(CREDENTIALS).ok();
        assertThat(hank.delete(WizardVisitor.SESSION).header("Set-Cookie").orElseThrow())
                .isEqualTo("countersign-session=; Path=/" + Company.GLOBEX
                        + "; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
        hank.get(CREDENTIALS).refused(401, "invalid_token", "Token was not recognized");
        WizardVisitor.signIn(globex, "hank", "not the password")
                .refused(403, "access_denied", "The user name or the password is wrong");
        var history = WizardVisitor.as(globex, "hank").get(HISTORY).ok();
        assertThat(history.json().findValuesAsText("type"))
                .contains("holder.signed-in", "holder.signed-out", "holder.sign-in-refused");
    }

    /** For TLS alone, where browsers reach the context by it; there is no issuer here, and no TLS. */
    @Test
    void withoutTlsTheCookieIsSentAllTheSame() {
        assertThat(WizardVisitor.signIn(platform.acme(), "jdoe", WizardVisitor.PASSWORD)
                        .ok()
                        .header("Set-Cookie")
                        .orElseThrow())
                .matches("countersign-session=[A-Za-z0-9_-]{43}; Path=/signer-acme; HttpOnly; SameSite=Strict");
    }

    /** A name that ends like the tenant is no seat. */
    @Test
    void whoIsNoSeatIsRefusedAtSigningIn() {
        var answer = WizardVisitor.signIn(globex, "stray@globex", WizardVisitor.PASSWORD);
        answer.refused(403, "access_denied", NOTHING_TO_DO);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    /** Who loses everything meanwhile can still sign out. */
    @Test
    void whoIsInNoneOfTheClientsGroupsIsRefusedAtSigningIn() {
        var administrator = globex.asAdministrator();
        administrator.createGroup("globex", "holders").ok();
        administrator.putIntoGroup("globex", "holders", "hank").ok();
        var ines = WizardVisitor.as(globex, "ines");
        try {
            administrator.put(REGISTRATION, client(",groupName:holders@globex")).ok();
            WizardVisitor.as(globex, "hank").get(CREDENTIALS).ok();
            WizardVisitor.signIn(globex, "ines", WizardVisitor.PASSWORD).refused(403, "access_denied", NOTHING_TO_DO);
            ines.get(CREDENTIALS).refused(403, "access_denied", "Access is denied");
            ines.csrfToken("")
                    .delete(WizardVisitor.SESSION)
                    .refused(403, "access_denied", "The header X-CSRF-Token is missing or wrong");
            assertThat(ines.get(WizardVisitor.SESSION).ok().body()).contains("\"signedIn\":true");
            assertThat(ines.delete(WizardVisitor.SESSION).status()).isEqualTo(204);
            assertThat(ines.get(WizardVisitor.SESSION).ok().body()).contains("\"signedIn\":false");
            ines.delete(WizardVisitor.SESSION).refused(401, "invalid_token", "Token was not recognized");
        } finally {
            administrator.put(REGISTRATION, client("")).ok();
        }
        var history = WizardVisitor.as(globex, "ines").get(HISTORY).ok().json();
        assertThat(StreamSupport.stream(history.spliterator(), false)
                        .filter(entry -> entry.path("type").asText().equals("holder.sign-in-refused"))
                        .map(entry -> entry.path("details").path("reason").asText()))
                .contains("seat");
    }

    /** The wizard's. */
    private static Map<String, Object> client(String groups) {
        return Map.of(
                "clientId",
                "globex",
                "authorizedGrantTypes",
                "client_credentials",
                "accessTokenValidity",
                3600,
                "authorities",
                "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex,"
                        + "tenantName:initech" + groups);
    }

    @Test
    void whereSomebodyComesFromIsTheTrustedProxysToTell() {
        WizardVisitor.signIn(globex, "ines", WizardVisitor.PASSWORD, FROM, "192.0.2.77")
                .refused(403, "access_denied", "A user for demonstration signs in on the server's machine only");
        assertThat(WizardVisitor.as(globex, "ines").get(HISTORY).ok().body()).contains("192.0.2.77");
    }

    @Test
    void withoutASessionNothingIsShownOrDone() {
        for (var visitor : List.of(
                ConsoleVisitor.at(globex), new ConsoleVisitor(globex, "countersign-session=" + "A".repeat(43), ""))) {
            for (var path : List.of(CREDENTIALS, HISTORY, "/api/v1/authorization-configurations")) {
                visitor.get(path).refused(401, "invalid_token", "Token was not recognized");
            }
            visitor.post(CREATE, WITH_PIN).refused(401, "invalid_token", "Token was not recognized");
        }
    }

    @Test
    void whatChangesSomethingNeedsTheSessionsProof() {
        var hank = WizardVisitor.as(globex, "hank");
        for (var wrong :
                List.of("", "A".repeat(43), WizardVisitor.as(globex, "ines").csrfToken())) {
            hank.csrfToken(wrong)
                    .post(CREATE, WITH_PIN)
                    .refused(403, "access_denied", "The header X-CSRF-Token is missing or wrong");
        }
        // What a form of another site could send, if the browser gave it the cookie.
        var form = Http.send(globex.request("/api/v1/validate")
                .header("Cookie", hank.cookie())
                .header("Origin", "https://evil.example.com")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "--b\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\nx\r\n--b--\r\n")));
        form.refused(403, "access_denied", "The header X-CSRF-Token is missing or wrong");
        hank.post(CREATE, WITH_PIN).ok();
    }

    @Test
    void aHolderReachesTheOwnSeatAlone() {
        var others = platform.atGlobex().configuration("pin").enrol("ines");
        var elsewhere =
                platform.atGlobex().tenant("initech").configuration("pin").enrol("hank");
        var hank = WizardVisitor.as(globex, "hank");
        for (var path : List.of(CREDENTIALS, HISTORY)) {
            assertThat(hank.get(path).ok().body()).doesNotContain(others.credential(), elsewhere.credential());
            others.caller().get(path).refused(403, "access_denied", "Access is denied");
        }
        assertThat(hank.get(HISTORY + "?pageSize=101").refusal().status()).isEqualTo(400);
        var id = Map.of("credentialId", others.credential());
        notFound(hank.post("/api/v1/credentials/info", id));
        notFound(hank.post(CREATE + "/" + others.credential() + "/pin", Map.of("value", "314159")));
        notFound(hank.post(CREATE + "/" + others.credential() + "/otp", null));
        notFound(hank.post(
                CREATE + "/" + others.credential() + "/key-pair",
                Map.of("keyAlgorithm", "EC", "curve", "P-256", "csrSignatureAlgorithm", "SHA256WITHECDSA")));
        notFound(hank.post(CREATE + "/" + others.credential() + "/certificate", Map.of("pkcs7", "MA==")));
        for (var act : ACTS) {
            notFound(hank.post(CREATE + "/" + others.credential() + "/" + act, Map.of()));
        }
        notFound(authorized(hank, others));
        // The seat itself finds it, and what was done for it by an application.
        var ines = WizardVisitor.as(globex, "ines");
        assertThat(ines.get(CREDENTIALS).ok().body()).contains(others.credential());
        assertThat(ines.get(HISTORY).ok().json().findValuesAsText("credentialId"))
                .contains(others.credential());
        authorized(ines, others).ok();
    }

    @Test
    void aHolderActsOnALivingCredentialByTheSession() {
        var holder = platform.atGlobex().configuration("pin").enrol("hank");
        var credential = CREATE + "/" + holder.credential() + "/";
        var hank = WizardVisitor.as(globex, "hank");
        for (var act : ACTS) {
            hank.csrfToken("")
                    .post(credential + act, holder.factors())
                    .refused(403, "access_denied", "The header X-CSRF-Token is missing or wrong");
        }
        hank.post(credential + "pin/change", Map.of("PIN", "000000", "newPIN", "314159"))
                .refused(400, "invalid_pin", "The PIN is invalid");
        hank.post(credential + "pin/change", Map.of("PIN", Enrolment.PIN, "newPIN", "314159"))
                .ok();
        var factors = Map.of("PIN", "314159");
        hank.post(credential + "suspend", factors).ok();
        assertThat(described(hank, holder).path("suspendedBy").asText()).isEqualTo("holder");
        hank.post(credential + "resume", factors).ok();
        var csr = hank.post(credential + "renewal", Map.of("PIN", "314159", "newKey", true))
                .ok()
                .text("csr");
        assertThat(described(hank, holder).path("renewal").asBoolean()).isTrue();
        hank.post(
                        credential + "renewal/certificate",
                        Map.of(
                                "pkcs7",
                                platform.authority().pkcs7(platform.authority().issue(csr))))
                .ok();
        assertThat(described(hank, holder).path("renewal").asBoolean()).isFalse();
        hank.post(credential + "revoke", factors).ok();
        assertThat(described(hank, holder).path("status").asText()).isEqualTo("revoked");
        assertThat(hank.post(credential + "delete", factors).ok().body()).isEqualTo("{\"keyDestroyed\":true}");
        notFound(hank.post(credential + "delete", factors));
    }

    private static JsonNode described(ConsoleVisitor visitor, Holder holder) {
        return StreamSupport.stream(visitor.get(CREDENTIALS).ok().json().spliterator(), false)
                .filter(one -> one.path("credentialId").asText().equals(holder.credential()))
                .findFirst()
                .orElseThrow();
    }

    private static void notFound(Answer answer) {
        answer.refused(404, "not_found", "The credential was not found");
    }

    @Test
    void oneHoldersGuessesStopThatHolderAndNobodyElse() {
        var gina = WizardVisitor.as(globex, "gina");
        var enrolment = platform.atGlobex().configuration("pin");
        for (int i = 0; i < 3; i++) {
            var holder = enrolment.enrol("gina");
            for (int guess = 0; guess < 3; guess++) {
                authorized(gina, holder, "000000").refusal();
            }
        }
        assertThat(authorized(gina, enrolment.enrol("gina")).refusal().status()).isEqualTo(429);
        authorized(WizardVisitor.as(globex, "ines"), enrolment.enrol("ines")).ok();
    }

    private static Answer authorized(ConsoleVisitor visitor, Holder holder) {
        return authorized(visitor, holder, Enrolment.PIN);
    }

    private static Answer authorized(ConsoleVisitor visitor, Holder holder, String pin) {
        return visitor.post(
                "/api/v1/credentials/authorize",
                Map.of(
                        "credentialId",
                        holder.credential(),
                        "numSignature",
                        1,
                        "hash",
                        Caller.base64(holder.hashes("a")),
                        "PIN",
                        pin));
    }

    @Test
    void noOtherSeatTenantOrAdministrationIsInReach() {
        var hank = WizardVisitor.as(globex, "hank");
        for (var other : List.of(
                Map.of("authorizationConfigurationId", "pin", "seat", "ines"),
                Map.of("authorizationConfigurationId", "pin", "seat", "ines", "tenant", "globex"),
                // The client has this tenant as well; the wizard has not.
                Map.of("authorizationConfigurationId", "pin", "tenant", "initech"))) {
            assertThat(hank.post(CREATE, other).refusal().status()).isEqualTo(403);
        }
        assertThat(hank.get("/api/v1/oauth-clients").refusal().status()).isEqualTo(403);
        assertThat(hank.post("/api/v1/certificates/list", Map.of()).refusal().status())
                .isEqualTo(403);
        // Sessions are of this API alone.
        for (var version : List.of("/csc/v1", "/csc/v2")) {
            assertThat(hank.post(version + "/credentials/list", Map.of())
                            .refusal()
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void rolesSayWhatSomebodyMay() {
        var reader = WizardVisitor.as(globex, "reader");
        reader.get(CREDENTIALS).ok();
        assertThat(reader.post(CREATE, WITH_PIN).refusal().status()).isEqualTo(403);
        for (var act : ACTS) {
            reader.post(CREATE + "/7c9e6679-7425-40de-944b-e07fc1f90ae7/" + act, Map.of())
                    .refused(403, "access_denied", "Access is denied");
        }
        assertThat(reader.post("/api/v1/credentials/authorize", Map.of())
                        .refusal()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void usersForDemonstrationAreOfThisMachine() {
        WizardVisitor.signIn(platform.acme(), "jdoe", WizardVisitor.PASSWORD, FROM, "192.0.2.1")
                .refused(403, "access_denied", "A user for demonstration signs in on the server's machine only");
        var jdoe = WizardVisitor.as(platform.acme(), "jdoe");
        jdoe.get(HISTORY).ok();
        assertThat(jdoe.get(HISTORY, FROM, "192.0.2.1").refusal().status()).isEqualTo(403);
    }

    @Test
    void thePageMayLoadItsOwnFilesAndNothingElse() throws IOException, InterruptedException {
        for (var path : List.of("/", "/wizard")) {
            var moved = page(path);
            assertThat(moved.statusCode()).as(path).isEqualTo(303);
            var location = moved.headers().firstValue("Location").orElseThrow();
            assertThat(moved.uri().resolve(location).getPath()).isEqualTo("/" + Company.GLOBEX + "/wizard/");
        }
        var page = page("/wizard/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none';"
                        + " require-trusted-types-for 'script'; trusted-types 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.body()).doesNotContain("<style", "style=", "<script>").doesNotContainPattern(" on[a-z]+=");
        for (var file : List.of(
                "wizard.js",
                "enrol.js",
                "living.js",
                "acts.js",
                "renewal.js",
                "shell.js",
                "en.json",
                "es.json",
                "wizard.css")) {
            var loaded = page("/wizard/" + file);
            assertThat(loaded.statusCode()).as(file).isEqualTo(200);
            // Neither the client nor anything of it.
            assertThat(loaded.body()).as(file).doesNotContain("clientId", "secret of globex");
        }
        for (var missing : List.of("/wizard/openid.html", "/wizard/no.js", "/wizard/..%2fopenapi.json")) {
            assertThat(page(missing).statusCode()).as(missing).isIn(400, 404);
        }
        // There is no provider here.
        assertThat(page("/wizard/openid").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> page(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(globex.context() + path))
                .header("Accept", "text/html,*/*;q=0.8")
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }
}
