package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.ApiDocument;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Documents;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.EstAuthority;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.WizardVisitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API's document, and real answers held against it. */
@ExtendWith(RunningServer.class)
class OpenApiIT {

    private final Platform platform;
    private final SignerApi globex;
    private final ApiDocument document;

    OpenApiIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
        this.document = ApiDocument.of(globex);
    }

    @Test
    void itIsServedWithTheVersionOfTheServer() {
        var answer = globex.get("/openapi").ok();
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(document.json().path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.json().path("info").path("version").asText())
                .isEqualTo(platform.server().installation().version());
        assertThat(answer.body()).isEqualTo(platform.acme().get("/openapi").ok().body());
    }

    @Test
    void itsPageNeedsNoScriptAndLoadsNothing() {
        var page = Http.send(globex.request("/openapi/ui").setHeader("Accept", "text/html"))
                .ok();

        assertThat(page.header("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body())
                .doesNotContainIgnoringCase("<script")
                .doesNotContain("http://", "src=", " style=")
                .doesNotContainPattern(" on[a-z]+=")
                .contains("id=\"AuthorizeRequest\"");
        assertThat(document.calls())
                .allSatisfy(call -> assertThat(page.body())
                        .contains("<b>" + call.split(" ")[0] + "</b> " + call.split(" ")[1] + "<"));
    }

    /** Every answer of every call goes through the check; here each of them succeeds once. */
    @Test
    void everyCallSucceedsAsDocumented() {
        clients();
        var holder = platform.atGlobex()
                .tenant("initech")
                .configuration("pin-otp")
                .multiSignature(2)
                .kind(KeyKind.P_256)
                .enrol("documented");
        var hashes = holder.hashes("a", "b");
        holder.sign(holder.sad(hashes), hashes).ok();
        var documents = new Documents(holder);
        var signed = documents.sign(Map.of("format", "PAdES"), Pdf.of("documented"));
        documents.judged(signed);
        documents
                .validate(Map.of(
                        "document", new TestAuthority("Documented").rootPem().getBytes(StandardCharsets.US_ASCII)))
                .ok();
        Http.send(documents.request("validate/page", Map.of("document", signed)).setHeader("Accept", "text/html"))
                .ok();
        holder.caller().list().ok();
        holder.caller()
                .info(holder.credential(), Map.of("certificates", "chain", "certInfo", true, "authInfo", true))
                .ok();
        var trusted = globex.as("globex", "secret of globex", "");
        trusted.certificates(Map.of("tenant", "initech")).ok();
        trusted.configurations().ok();
        lockAndUnlock();
        groups();
        approval();
        codes();
        acts();
        enrolment();
        wizard();
        tokens();
        consortium(holder);
        for (var path : List.of("/health/live", "/health/ready", "/health/ready/anything", "/openapi")) {
            globex.get(path).ok();
        }
        Http.send(globex.request("/metrics").setHeader("Accept", "text/plain")).ok();
        Http.send(globex.request("/openapi/ui").setHeader("Accept", "text/html"))
                .ok();

        var succeeded = document.succeeded();
        // Of the two companies only this one has connectorTokens.
        var keys = "GET /.well-known/jwks.json";
        platform.acme().get("/.well-known/jwks.json").ok();
        if (ApiDocument.of(platform.acme()).succeeded().contains(keys)) {
            succeeded.add(keys);
        }
        // Pages, which WizardSessionIT, WizardIT and OpenIdIT open.
        succeeded.addAll(List.of(
                "GET /", "GET /wizard", "GET /wizard/{file}", "GET /wizard/openid", "GET /wizard/openid/callback"));
        assertThat(succeeded).isEqualTo(document.calls());
    }

    @Test
    void anAnswerThatIsNotAsDocumentedIsFound() {
        var good = globex.get("/health/live").ok();
        assertThat(document.problems("GET", "/health/live", good)).isEmpty();
        assertThat(document.problems("GET", "/health/live", new Answer(200, good.headers(), "{\"status\":\"WELL\"}")))
                .isNotEmpty();
        assertThat(document.problems("GET", "/health/live", new Answer(202, good.headers(), good.body())))
                .isNotEmpty();
        assertThat(document.problems(
                        "GET",
                        "/health/live",
                        new Answer(200, good.headers(), "{\"status\":\"UP\",\"checks\":{},\"a\":1}")))
                .isNotEmpty();
        assertThat(document.problems("GET", "/health/unknown", good)).isNotEmpty();
        assertThat(document.problems(
                        "POST",
                        "/api/v1/signatures",
                        new Answer(400, good.headers(), "{\"error\":\"invalid_pin\",\"error_description\":\"\"}")))
                .isNotEmpty();
    }

    private void approval() {
        var asked = platform.atGlobex().configuration("pin-push").enrol("documented-push");
        var waiting = asked.authorize(asked.hashes("document"));
        var handle = Map.of("handle", waiting.text("handle"));
        assertThat(waiting.status()).isEqualTo(202);
        assertThat(asked.caller()
                        .post("/api/v1/credentials/authorize/check", handle)
                        .status())
                .isEqualTo(202);
        var question = platform.gateway().sentTo("documented-push").get(0);
        platform.gateway().answer(globex, question, true).ok();
        asked.caller().post("/api/v1/credentials/authorize/check", handle).ok();
        var csc = new CscClient(globex, asked.caller().token()).v2();
        var parameters = CscClient.of(asked, "numSignatures", 1, "hashes", Caller.base64(asked.hashes("document")));
        parameters.put("authData", List.of(Map.of("id", "PIN", "value", asked.pin()), Map.of("id", "PUSH")));
        var cscHandle =
                Map.of("handle", csc.call("credentials/authorize", parameters).text("handle"));
        assertThat(csc.call("credentials/authorizeCheck", cscHandle).status()).isEqualTo(202);
    }

    private void codes() {
        for (var call : List.of("api", "v1", "v2")) {
            var holder = platform.atGlobex().configuration("pin-code").enrol("documented-code-" + call);
            var csc = new CscClient(globex, holder.caller().token());
            switch (call) {
                case "v1" ->
                    csc.call("credentials/sendOTP", CscClient.of(holder)).ok();
                case "v2" ->
                    csc.v2()
                            .call("credentials/getChallenge", CscClient.of(holder, "authObjectID", "OTP"))
                            .ok();
                default -> {
                    holder.caller()
                            .act(holder.credential(), "otp/send", Map.of())
                            .ok();
                    assertThat(holder.caller()
                                    .act(holder.credential(), "otp/send", Map.of())
                                    .status())
                            .isEqualTo(429);
                }
            }
        }
    }

    private void clients() {
        var administrator = globex.asAdministrator();
        platform.newClient("documented", "trustLevel:trustedClient,apiGroup:lister,tenantName:globex");
        administrator.clients().ok();
        administrator.client("documented").ok();
        administrator
                .replaceClient(
                        "documented",
                        Map.of(
                                "authorizedGrantTypes",
                                "client_credentials",
                                "accessTokenValidity",
                                60,
                                "authorities",
                                "trustLevel:trustedClient,apiGroup:lister,tenantName:globex"))
                .ok();
        administrator.deleteClient("documented").ok();
    }

    private void consortium(Holder holder) {
        var administrator = globex.asAdministrator();
        administrator
                .createClient(Map.of(
                        "clientId",
                        "documented-csc",
                        "clientSecret",
                        "secret of it",
                        "authorizedGrantTypes",
                        "client_credentials",
                        "accessTokenValidity",
                        60,
                        "authorities",
                        "trustLevel:trustedClient,apiGroup:lister,tenantName:initech",
                        "defaultScope",
                        "seat:documented@initech"))
                .ok();
        var csc = new CscClient(globex, holder.caller().token());
        csc.call("info", "{}").ok();
        csc.get("info", null).ok();
        Http.send(globex.request("/csc/v1/logo.png").setHeader("Accept", "image/png"))
                .ok();
        csc.get("auth/login", CscClient.basic("documented-csc", "secret of it")).ok();
        var token = csc.login("documented-csc", "secret of it", "{}").ok().text("access_token");
        csc.with(token).call("auth/revoke", Map.of("token", token)).ok();
        var form = Map.of(
                "client_id",
                "documented-csc",
                "client_secret",
                "secret of it",
                "grant_type",
                "client_credentials",
                "token",
                "unknown");
        csc.form("oauth2/token", form).ok();
        csc.form("oauth2/revoke", form).ok();
        csc.call("credentials/list", "{}").ok();
        csc.call("credentials/info", CscClient.of(holder)).ok();
        var parameters = CscClient.of(holder, "numSignatures", 1, "hash", Caller.base64(holder.hashes("a")));
        parameters.putAll(holder.factors());
        var first = csc.call("credentials/authorize", parameters).ok().text("SAD");
        parameters.put("SAD", first);
        var second = csc.call("credentials/extendTransaction", parameters).ok().text("SAD");
        parameters.put("SAD", second);
        parameters.put("signAlgo", "1.2.840.10045.4.3.2");
        csc.call("signatures/signHash", parameters).ok();
        csc.call(
                        "signatures/timestamp",
                        Map.of("hash", Caller.base64(holder.hashes("a")).get(0), "hashAlgo", "2.16.840.1.101.3.4.2.1"))
                .ok();
        consortiumV2(csc.v2(), holder, form);
        // Of a tenant with an authority that is asked.
        var creator = globex.as("globex", "secret of globex", "seat:documented-created@initech");
        new CscClient(globex, creator.token())
                .v2()
                .call(
                        "credentials/create",
                        Map.of(
                                "credentialCreationRequest",
                                Map.of(),
                                "authData",
                                List.of(Map.of("id", "PIN", "value", Enrolment.PIN))))
                .ok();
        administrator.deleteClient("documented-csc").ok();
    }

    private static void consortiumV2(CscClient csc, Holder holder, Map<String, String> form) {
        csc.call("info", "{}").ok();
        csc.get("info", null).ok();
        csc.get("auth/login", CscClient.basic("documented-csc", "secret of it")).ok();
        var token = csc.login("documented-csc", "secret of it", "{}").ok().text("access_token");
        csc.with(token).call("auth/revoke", Map.of("token", token)).ok();
        csc.form("oauth2/token", form).ok();
        csc.form("oauth2/revoke", form).ok();
        csc.call("credentials/list", Map.of("credentialInfo", true, "authInfo", true, "onlyValid", true))
                .ok();
        csc.call("credentials/info", CscClient.of(holder)).ok();
        var parameters = CscClient.of(holder, "numSignatures", 1, "hashes", Caller.base64(holder.hashes("a")));
        parameters.put(
                "authData",
                holder.factors().entrySet().stream()
                        .map(factor -> Map.of("id", factor.getKey(), "value", factor.getValue()))
                        .toList());
        parameters.put("SAD", csc.call("credentials/authorize", parameters).ok().text("SAD"));
        parameters.put(
                "SAD",
                csc.call("credentials/extendTransaction", parameters).ok().text("SAD"));
        parameters.put("signAlgo", "1.2.840.10045.4.3.2");
        csc.call("signatures/signHash", parameters).ok();
        var document = new byte[] {1};
        parameters.put(
                "documents",
                List.of(Map.of(
                        "document",
                        Base64.getEncoder().encodeToString(document),
                        "signature_format",
                        "C",
                        "signAlgo",
                        "1.2.840.10045.4.3.2")));
        parameters.put("SAD", holder.sad(List.of(DigestUtils.sha256(document))));
        csc.call("signatures/signDoc", parameters).ok();
        csc.call(
                        "signatures/timestamp",
                        Map.of("hash", Caller.base64(holder.hashes("a")).get(0), "hashAlgo", "2.16.840.1.101.3.4.2.1"))
                .ok();
        csc.call(
                        "credentials/delete",
                        Map.of(
                                "credentialDeletionRequest",
                                Map.of("credentialID", holder.credential()),
                                "authData",
                                holder.factors().entrySet().stream()
                                        .map(factor -> Map.of("id", factor.getKey(), "value", factor.getValue()))
                                        .toList()))
                .ok();
    }

    private void lockAndUnlock() {
        var secret = platform.newClient(
                "documented-lock", "trustLevel:trustedClient,apiGroup:signer,apiGroup:generator,tenantName:globex");
        var holder = new Enrolment(globex, "documented-lock", secret, platform.authority())
                .tenant("globex")
                .enrol("documented-lock");
        for (int i = 0; i < 4; i++) {
            holder.caller()
                    .authorize(holder.credential(), holder.hashes("a"), Map.of("PIN", "000000"))
                    .refusal();
        }
        globex.asAdministrator().unlock(holder.credential()).ok();
    }

    private void groups() {
        var administrator = globex.asAdministrator();
        administrator.createGroup("globex", "documented").ok();
        administrator.putIntoGroup("globex", "documented", "documented-group").ok();
        administrator.post("/api/v1/groups/list", Map.of("tenant", "globex")).ok();
        administrator.post("/api/v1/seats/list", Map.of("group", "documented")).ok();
        administrator
                .post("/api/v1/seats/delete", Map.of("tenant", "globex", "seat", "documented-group"))
                .ok();
        administrator
                .post("/api/v1/groups/delete", Map.of("tenant", "globex", "group", "documented"))
                .ok();
    }

    private void acts() {
        var holder = platform.atGlobex().tenant("initech").configuration("pin").enrol("documented-acts");
        var administrator = globex.asAdministrator();
        holder.caller()
                .act(holder.credential(), "pin/change", Map.of("PIN", Enrolment.PIN, "newPIN", "314159"))
                .ok();
        var renewal = holder.caller()
                .act(holder.credential(), "renewal", Map.of("PIN", "314159", "newKey", true))
                .ok();
        globex.as("globex", "secret of globex", "")
                .act(
                        holder.credential(),
                        "renewal/certificate",
                        Map.of(
                                "pkcs7",
                                platform.authority().pkcs7(platform.authority().issue(renewal.text("csr")))))
                .ok();
        var both =
                platform.atGlobex().tenant("initech").configuration("pin-otp").enrol("documented-otp");
        var secret = both.caller()
                .act(both.credential(), "otp/replace", both.factors())
                .ok()
                .text("secret");
        both.caller()
                .act(both.credential(), "otp/replace/confirm", Map.of("value", new Authenticator(secret).next()))
                .ok();
        administrator.act(holder.credential(), "suspend", Map.of()).ok();
        administrator.act(holder.credential(), "resume", Map.of()).ok();
        holder.caller()
                .act(holder.credential(), "revoke", Map.of("PIN", "314159"))
                .ok();
        administrator.act(holder.credential(), "delete", Map.of()).ok();
    }

    private void enrolment() {
        var generator = globex.as("globex", "secret of globex", "");
        var credential =
                generator.create("initech", "documented-est", "pin", 1).ok().text("credentialId");
        generator.setPin(credential, Enrolment.PIN).ok();
        var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
        platform.enrolling().behave("documented-est@initech", request -> new EstAuthority.Reply(202, "1", ""));
        var pending = generator.act(credential, "certificate/enrol", Map.of("csr", csr));
        assertThat(pending.status()).isEqualTo(202);
        platform.enrolling().behave("documented-est@initech", request -> new EstAuthority.Reply(400, null, ""));
        generator.act(credential, "certificate/enrol", Map.of("csr", csr)).refusal();
        platform.enrolling().behave("documented-est@initech", null);
        generator.act(credential, "certificate/enrol", Map.of("csr", csr)).ok();
        var renewal = globex.as("globex", "secret of globex", "seat:documented-est@initech")
                .act(credential, "renewal", Map.of("PIN", Enrolment.PIN))
                .ok();
        generator
                .act(credential, "renewal/certificate/enrol", Map.of("csr", renewal.text("csr")))
                .ok();
    }

    private void wizard() {
        var visitor = WizardVisitor.as(globex, "hank");
        visitor.get(WizardVisitor.SESSION).ok();
        visitor.get("/api/v1/holder/credentials").ok();
        visitor.get("/api/v1/holder/history").ok();
        visitor.delete(WizardVisitor.SESSION).ok();
    }

    private void tokens() {
        var token = globex.token("globex", "secret of globex", "").ok().text("access_token");
        globex.checkToken(token).ok();
        globex.introspect("globex", "secret of globex", token).ok();
        globex.revoke("globex", "secret of globex", token).ok();
    }
}
