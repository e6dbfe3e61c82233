package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CSC API 1.0.4.0: info, auth/login, auth/revoke, oauth2/token and oauth2/revoke. */
@ExtendWith(RunningServer.class)
class CscAuthIT {

    private static final String FAILED = "An error occurred during authentication process";

    private final Platform platform;
    private final SignerApi globex;
    private final CscClient csc;

    CscAuthIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
        this.csc = new CscClient(globex);
    }

    @Nested
    class Info {

        @Test
        void tellsWhatTheServiceIsAndWhichMethodsAnswer() {
            var info = csc.call("info", Map.of("lang", "en-US")).ok();
            assertThat(info.text("name")).isEqualTo("Globex signs");
            assertThat(info.text("description")).isEqualTo("A service of the tests");
            assertThat(info.text("region")).isEqualTo("PT");
            assertThat(info.text("lang")).isEqualTo("en-US");
            assertThat(info.texts("authType")).containsExactly("basic", "oauth2client");
            assertThat(info.text("oauth2")).isEqualTo(globex.context() + "/csc/v1/");
            assertThat(csc.get("info", null).ok().body()).isEqualTo(info.body());
            assertThat(csc.call("info", "").ok().body()).isEqualTo(info.body());

            for (var method : info.texts("methods")) {
                var answer = method.startsWith("oauth2/") ? csc.form(method, Map.of("a", "b")) : csc.call(method, "{}");
                assertThat(answer.status()).as(method).isIn(200, 400, 401);
            }
            assertThat(info.texts("methods"))
                    .containsExactly(
                            "info",
                            "auth/login",
                            "auth/revoke",
                            "credentials/list",
                            "credentials/info",
                            "credentials/authorize",
                            "credentials/extendTransaction",
                            "credentials/sendOTP",
                            "signatures/signHash",
                            "signatures/timestamp",
                            "oauth2/token",
                            "oauth2/revoke");
        }

        @Test
        void hasNoTimeStampsWithoutAnAuthority() {
            var acme = new CscClient(
                    platform.acme(),
                    platform.acme()
                            .as("acme", "acme_password", "seat:jdoe@acme")
                            .token());
            acme.call("signatures/timestamp", Map.of("hash", "AAAA", "hashAlgo", "1"))
                    .refused(501, "not_implemented", "This server gives no time stamps");
            assertThat(acme.call("info", "").ok().texts("methods")).doesNotContain("signatures/timestamp");
        }

        @Test
        void namesALogoThatIsThere() {
            var logo = csc.call("info", "{}").ok().text("logo");
            assertThat(logo).isEqualTo(globex.context() + "/csc/v1/logo.png");
            var image = Http.send(globex.request("/csc/v1/logo.png").setHeader("Accept", "image/png"))
                    .ok();
            assertThat(image.header("Content-Type")).contains("image/png");
            assertThat(image.body()).contains("PNG");
        }

        @Test
        void takesALanguageAsTextAndNothingButAnObject() {
            csc.call("info", Map.of("lang", 1)).refused(400, "invalid_request", "Invalid parameter lang");
            csc.call("info", "[]").refused(400, "invalid_request", "The payload must be a JSON object");
            csc.call("info", "{").refused(400, "invalid_request", "The payload is not valid JSON");
            csc.call("info", Map.of("clientData", 1)).refused(400, "invalid_request", "Invalid parameter clientData");
            csc.call("info", Map.of("somethingElse", 1)).ok();
        }
    }

    @Nested
    class Login {

        @Test
        void givesATokenForTheDefaultSeat() {
            var secret = client("csc-login");
            var login = csc.login("csc-login", secret, "{}").ok();

            assertThat(login.json().has("refresh_token")).isFalse();
            assertThat(login.json().path("expires_in").asInt()).isEqualTo(600);
            assertThat(globex.checkToken(login.text("access_token")).ok().text("seat"))
                    .isEqualTo("csc-login");
            csc.with(login.text("access_token")).call("credentials/list", "").ok();
            csc.login("csc-login", secret, "").ok();
            csc.get("auth/login", CscClient.basic("csc-login", secret)).ok();
        }

        @Test
        void takesNamesAndPasswordsAsTheyAre() {
            var secret = "100% + one: ä";
            register("csc-raw", secret, "seat:csc-raw@globex");
            csc.login("csc-raw", secret, "{}").ok();
        }

        @Test
        void givesARefreshTokenWhereItIsToRemember() {
            var secret = client("csc-remember");
            var login = csc.login("csc-remember", secret, Map.of("rememberMe", true))
                    .ok();
            var refresh = login.text("refresh_token");

            assertThat(refresh).isNotEmpty();
            var again = csc.call("auth/login", Map.of("refresh_token", refresh)).ok();
            assertThat(again.json().has("refresh_token")).isFalse();
            assertThat(globex.checkToken(again.text("access_token")).ok().text("seat"))
                    .isEqualTo("csc-remember");
            assertThat(csc.call("auth/login", Map.of("refresh_token", refresh, "rememberMe", true))
                            .ok()
                            .text("refresh_token"))
                    .isEqualTo(refresh);
            // A refresh token is no access token.
            csc.with(refresh).call("credentials/list", "{}").refused(401, "invalid_token", "Token was not recognized");
        }

        @Test
        void givesNoRefreshTokenToAnUntrustedClient() {
            var body = registration("csc-untrusted", "secret of csc-untrusted", "seat:csc-untrusted@globex");
            body.put("authorities", "trustLevel:untrustedClient,apiGroup:lister,tenantName:globex");
            globex.asAdministrator().createClient(body).ok();
            var login = csc.login("csc-untrusted", "secret of csc-untrusted", Map.of("rememberMe", true))
                    .ok();
            assertThat(login.json().has("refresh_token")).isFalse();
            assertThat(login.json().path("expires_in").asInt()).isEqualTo(60);
        }

        @Test
        void refusesInTheWordsOfTheSpecification() {
            var secret = client("csc-refused");
            for (var header : new String[] {null, "Bearer abc", "Basic", "Basic ???"}) {
                var answer = csc.call("auth/login", header, "{}")
                        .refused(401, "invalid_request", "Malformed authentication parameter");
                assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Basic ");
            }
            csc.call("auth/login", "Basic " + Base64.getEncoder().encodeToString("nocolon".getBytes()), "{}")
                    .refused(400, "invalid_request", "Malformed username-password");
            csc.login("csc-refused", "wrong", "{}").refused(400, "authentication_error", FAILED);
            csc.login("nobody", secret, "{}").refused(400, "authentication_error", FAILED);
            // A client without a default seat.
            csc.login("globex", "secret of globex", "{}").refused(400, "authentication_error", FAILED);
            csc.call("auth/login", Map.of("refresh_token", 7))
                    .refused(400, "invalid_request", "Invalid string parameter: refresh_token");
            csc.call("auth/login", Map.of("refresh_token", "unknown"))
                    .refused(400, "invalid_request", "Invalid refresh_token");
            csc.login("csc-refused", secret, Map.of("rememberMe", "yes"))
                    .refused(400, "invalid_request", "Invalid parameter rememberMe");
        }

        @Test
        void forgetsWhomItRememberedWhenTheSecretIsReplaced() {
            var secret = client("csc-replaced");
            var refresh = csc.login("csc-replaced", secret, Map.of("rememberMe", true))
                    .ok()
                    .text("refresh_token");
            var body = registration("csc-replaced", "another secret", "seat:csc-replaced@globex");
            globex.asAdministrator().replaceClient("csc-replaced", body).ok();

            csc.call("auth/login", Map.of("refresh_token", refresh))
                    .refused(400, "invalid_request", "Invalid refresh_token");
        }
    }

    @Nested
    class Revocation {

        @Test
        void endsAnAccessTokenAlone() {
            var secret = client("csc-revoke");
            var login =
                    csc.login("csc-revoke", secret, Map.of("rememberMe", true)).ok();
            var mine = csc.with(login.text("access_token"));

            mine.call("auth/revoke", Map.of("token", mine.token(), "token_type_hint", "access_token"))
                    .ok();
            noMore(mine.call("auth/revoke", Map.of("token", mine.token())));
            csc.call("auth/login", Map.of("refresh_token", login.text("refresh_token")))
                    .ok();
        }

        @Test
        void endsARefreshTokenWithWhatCameFromIt() {
            var secret = client("csc-revoke-all");
            var login = csc.login("csc-revoke-all", secret, Map.of("rememberMe", true))
                    .ok();
            var refresh = login.text("refresh_token");
            var second =
                    csc.call("auth/login", Map.of("refresh_token", refresh)).ok();
            var apart = csc.with(csc.login("csc-revoke-all", secret, "{}").ok().text("access_token"));

            apart.call("auth/revoke", Map.of("token", refresh)).ok();
            // Twice: what is revoked stays revoked, and says no more.
            apart.call("auth/revoke", Map.of("token", refresh, "token_type_hint", "refresh_token"))
                    .ok();
            noMore(csc.with(login.text("access_token")).call("credentials/list", "{}"));
            noMore(csc.with(second.text("access_token")).call("credentials/list", "{}"));
            apart.call("credentials/list", "{}").ok();
            // With the right password beside it, too.
            csc.login("csc-revoke-all", secret, Map.of("refresh_token", refresh))
                    .refused(400, "invalid_request", "Invalid refresh_token");
        }

        @Test
        void leavesTokensOfOthersAlone() {
            var one = token("csc-revoke-one");
            var other = token("csc-revoke-other");
            csc.with(one).call("auth/revoke", Map.of("token", other)).ok();
            csc.with(other).call("credentials/list", "{}").ok();
        }

        @Test
        void refusesInTheWordsOfTheSpecification() {
            var mine = csc.with(token("csc-revoke-refused"));
            mine.call("auth/revoke", "")
                    .refused(400, "invalid_request", "Missing (or invalid type) string parameter token");
            mine.call("auth/revoke", Map.of("token", 1))
                    .refused(400, "invalid_request", "Missing (or invalid type) string parameter token");
            mine.call("auth/revoke", Map.of("token", mine.token(), "token_type_hint", "password"))
                    .refused(400, "invalid_request", "Invalid string parameter token_type_hint");
            csc.call("auth/revoke", "{}").refused(401, "invalid_token", "Token was not recognized");
        }
    }

    @Nested
    class OAuth2 {

        @Test
        void givesATokenToAClientForItsDefaultOrAnotherSeat() {
            var secret = client("csc-oauth2");
            for (var scope : new String[] {"", "service"}) {
                var answer = csc.form("oauth2/token", form("csc-oauth2", secret, "scope", scope))
                        .ok();
                assertThat(answer.text("scope")).isEqualTo("seat:csc-oauth2@globex");
            }
            assertThat(csc.form("oauth2/token", form("csc-oauth2", secret, "scope", "seat:other@globex"))
                            .ok()
                            .text("scope"))
                    .isEqualTo("seat:other@globex");
        }

        @Test
        void refreshesAndRevokes() {
            var secret = client("csc-oauth2-refresh");
            var refresh = csc.login("csc-oauth2-refresh", secret, Map.of("rememberMe", true))
                    .ok()
                    .text("refresh_token");
            var form = form("csc-oauth2-refresh", secret, "refresh_token", refresh);
            form.put("grant_type", "refresh_token");
            var token = csc.form("oauth2/token", form).ok().text("access_token");
            csc.with(token).call("credentials/list", "{}").ok();

            var other = form("csc-oauth2-thief", client("csc-oauth2-thief"), "refresh_token", refresh);
            other.put("grant_type", "refresh_token");
            csc.form("oauth2/token", other).refused(400, "invalid_grant", "Invalid refresh_token");

            var revocation = form("csc-oauth2-refresh", secret, "token", refresh);
            csc.form("oauth2/revoke", revocation).ok();
            csc.form("oauth2/revoke", revocation).ok();
            noMore(csc.with(token).call("credentials/list", "{}"));
            csc.form("oauth2/token", form).refused(400, "invalid_grant", "Invalid refresh_token");
        }

        @Test
        void refuses() {
            var secret = client("csc-oauth2-refused");
            var answer = csc.form("oauth2/token", form("csc-oauth2-refused", "wrong", "scope", ""))
                    .refused(401, "invalid_client", "Bad client credentials");
            assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Basic ");
            var form = form("csc-oauth2-refused", secret, "scope", "");
            form.remove("grant_type");
            csc.form("oauth2/token", form)
                    .refused(400, "invalid_request", "Missing (or invalid type) string parameter grant_type");
            form.put("grant_type", "refresh_token");
            csc.form("oauth2/token", form)
                    .refused(400, "invalid_request", "Missing (or invalid type) string parameter refresh_token");
            form.put("grant_type", "authorization_code");
            csc.form("oauth2/token", form).refused(400, "unsupported_grant_type", "Unsupported grant type");
            csc.form("oauth2/revoke", form("csc-oauth2-refused", secret, "scope", ""))
                    .refused(400, "invalid_request", "Missing (or invalid type) string parameter token");
            csc.form("oauth2/token", form("csc-oauth2-refused", secret, "scope", "seat:a@initech"))
                    .refused(403, "access_denied", "Access is denied");
            csc.form("oauth2/token", form("csc-oauth2-refused", secret, "scope", "credential"))
                    .refused(400, "invalid_scope", "The scope must be seat:NAME@TENANT or seat:NAME tenant:TENANT");
        }

        private Map<String, String> form(String clientId, String secret, String name, String value) {
            var form = new HashMap<String, String>();
            form.put("grant_type", "client_credentials");
            form.put("client_id", clientId);
            form.put("client_secret", secret);
            form.put(name, value);
            return form;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"})
    void aHeaderThatIsNoBearersIsMalformedAndABadTokenUnauthorized(String method) {
        for (var header : new String[] {"Bearer", "Basic YTpi", "abc"}) {
            csc.call(method, header, "{}").refused(400, "invalid_request", "Malformed authorization header");
        }
        for (var header : new String[] {null, "Bearer unknown", "bearer !"}) {
            var answer = csc.call(method, header, "{}").refused(401, "invalid_token", "Token was not recognized");
            assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Bearer ");
        }
    }

    @Test
    void aDefaultScopeIsASeatOfTheClientsTenants() {
        var administrator = globex.asAdministrator();
        for (var scope : new String[] {"seat:a@initech", "tenant:globex", "somebody"}) {
            administrator
                    .createClient(registration("csc-scope", "secret of it", scope))
                    .refused(
                            400,
                            "invalid_request",
                            "DefaultScope must be seat:NAME@TENANT, of one of the client's tenants");
        }
        register("csc-scope", "secret of it", "seat:a tenant:globex");
        assertThat(administrator.client("csc-scope").ok().text("defaultScope")).isEqualTo("seat:a@globex");
        var without = registration("csc-scope", "secret of it", "");
        without.remove("defaultScope");
        administrator.replaceClient("csc-scope", without).ok();
        assertThat(administrator.client("csc-scope").ok().json().has("defaultScope"))
                .isFalse();
    }

    private static void noMore(Answer answer) {
        answer.refused(401, "invalid_token", "Token was not recognized");
    }

    private String token(String clientId) {
        return csc.login(clientId, client(clientId), "{}").ok().text("access_token");
    }

    /** A client whose default seat has its name. @return its secret */
    private String client(String clientId) {
        var secret = "secret of " + clientId;
        register(clientId, secret, "seat:" + clientId + "@globex");
        return secret;
    }

    private void register(String clientId, String secret, String scope) {
        globex.asAdministrator()
                .createClient(registration(clientId, secret, scope))
                .ok();
    }

    private static Map<String, Object> registration(String clientId, String secret, String scope) {
        var body = new HashMap<String, Object>();
        body.put("clientId", clientId);
        body.put("clientSecret", secret);
        body.put("authorizedGrantTypes", "client_credentials");
        body.put("accessTokenValidity", 600);
        body.put("authorities", "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,tenantName:globex");
        body.put("defaultScope", scope);
        return body;
    }
}
