package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import org.countersign.cli.servers.ServerKind;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals: those of the contract's table word for word, and the form of all others. */
@ExtendWith(RunningServer.class)
class ErrorsIT {

    private static final int HUGE = 300_000;

    private final SignerApi acme;
    private final Platform platform;

    ErrorsIT(Platform platform) {
        this.platform = platform;
        this.acme = platform.acme();
    }

    @Nested
    class OfOAuthClientCalls {

        private final Caller administrator = acme.asAdministrator();

        @Test
        void aCallWithoutPayloadIsRefused() {
            administrator.postRaw("/api/v1/oauth-clients", "").refused(400, "invalid_request", "Payload is required");
            administrator
                    .postRaw("/api/v1/oauth-clients", "null")
                    .refused(400, "invalid_request", "Payload is required");
        }

        @ParameterizedTest(name = "{0} = {1}: {2}")
        @CsvSource({
            "clientId, , ClientId is null or empty",
            "clientId, '', ClientId is null or empty",
            "clientSecret, , ClientSecret is null or empty",
            "clientSecret, '', ClientSecret is null or empty",
            "authorizedGrantTypes, , AuthorizedGrantTypes is null or empty",
            "authorizedGrantTypes, '', AuthorizedGrantTypes is null or empty",
            "authorizedGrantTypes, password, Unsupported grant type",
            "accessTokenValidity, , AccessTokenValidity is null",
            "clientId, acme, The client already exists"
        })
        void aRegistrationThatLacksSomethingIsRefusedByName(String member, String value, String description) {
            var client = client();
            client.put(member, value);

            administrator.createClient(client).refused(400, "invalid_request", description);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1})
        void aValidityThatIsNotGreaterThanZeroIsRefused(int validity) {
            var client = client();
            client.put("accessTokenValidity", validity);

            administrator
                    .createClient(client)
                    .refused(400, "invalid_request", "The Access Token Validity must be greater than 0");
        }

        @Test
        void aClientThatDoesNotExistIsNotFound() {
            administrator.client("nobody").refused(404, "not_found", "The client was not found");
            administrator.deleteClient("nobody").refused(404, "not_found", "The client was not found");
            var client = client();
            client.remove("clientId");
            administrator.replaceClient("nobody", client).refused(404, "not_found", "The client was not found");
        }

        private Map<String, Object> client() {
            var client = new HashMap<String, Object>();
            client.put("clientId", "never-registered");
            client.put("clientSecret", "a secret of a client");
            client.put("authorizedGrantTypes", "client_credentials");
            client.put("accessTokenValidity", 60);
            client.put("authorities", "trustLevel:trustedClient,apiGroup:signer,tenantName:acme");
            return client;
        }
    }

    @Nested
    class OfTokenCalls {

        @Test
        void aWrongSecretAndAnUnknownClientAreAnsweredAlike() {
            var wrong = acme.token("acme", "wrong secret", "").refused(401, "invalid_client", "Bad client credentials");
            var unknown =
                    acme.token("nobody", "wrong secret", "").refused(401, "invalid_client", "Bad client credentials");

            assertThat(wrong.header("WWW-Authenticate")).isPresent().isEqualTo(unknown.header("WWW-Authenticate"));
        }

        @Test
        void anotherGrantTypeIsRefusedByName() {
            var form = Map.of("client_id", "acme", "client_secret", "acme_password", "grant_type", "password");

            acme.form("/oauth/token", form).refused(400, "unsupported_grant_type", "Unsupported grant type: password");
        }

        @Test
        void anUnknownTokenIsRefusedWith400ByCheckTokenAndWith401Elsewhere() {
            acme.checkToken("unknown").refused(400, "invalid_token", "Token was not recognized");
            var elsewhere = acme.with("unknown").list().refused(401, "invalid_token", "Token was not recognized");

            assertThat(elsewhere.header("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer")
                    .contains("error=\"invalid_token\"")
                    .contains("Token was not recognized");
        }

        @Test
        void anExpiredTokenIsRefusedWith400ByCheckTokenAndWith401Elsewhere() throws InterruptedException {
            platform.globex()
                    .asAdministrator()
                    .createClient(Map.of(
                            "clientId",
                            "short-lived",
                            "clientSecret",
                            "secret of short-lived",
                            "authorizedGrantTypes",
                            "client_credentials",
                            "accessTokenValidity",
                            1,
                            "authorities",
                            "trustLevel:trustedClient,apiGroup:lister,tenantName:globex"))
                    .ok();
            var caller = platform.globex().as("short-lived", "secret of short-lived", "seat:jdoe@globex");
            Thread.sleep(1_100);

            platform.globex().checkToken(caller.token()).refused(400, "invalid_token", "Token has expired");
            var elsewhere = caller.list().refused(401, "invalid_token", "Token has expired");
            assertThat(elsewhere.header("WWW-Authenticate").orElseThrow()).contains("Token has expired");
        }

        @Test
        void aCallWithoutTokenOrWithAnotherSchemeIsRefused() {
            Http.send(acme.request("/api/v1/oauth-clients")).refused(401, "invalid_token", "Token was not recognized");
            Http.send(acme.request("/api/v1/oauth-clients")
                            .header("Authorization", SignerApi.basic("acme", "acme_password")))
                    .refused(401, "invalid_token", "Token was not recognized");
        }

        @Test
        void aParameterSentTwiceIsRefused() {
            acme.rawForm(
                            "/oauth/token",
                            "grant_type=client_credentials&client_id=acme&client_secret=acme_password&client_id=acme")
                    .refused(400, "invalid_request", "A parameter must not be sent twice");
        }

        @Test
        void aFormWithoutContentOrWithBrokenEscapesIsRefused() {
            acme.rawForm("/oauth/token", "").refused(400, "invalid_request", "Payload is required");
            for (String form : new String[] {"client_id=%ZZ", "client_id=%", "%e=x"}) {
                acme.rawForm("/oauth/token", form).refused(400, "invalid_request", "The payload is not a valid form");
            }
        }

        @Test
        void aSecretInTheAddressIsNotLookedAt() {
            acme.rawForm(
                            "/oauth/token?client_id=acme&client_secret=acme_password&grant_type=client_credentials",
                            "scope=")
                    .refused(401, "invalid_client", "Bad client credentials");
        }
    }

    @Nested
    class OfHttp {

        private final Caller caller = acme.as("acme", "acme_password", "seat:jdoe@acme");

        @ParameterizedTest
        @ValueSource(strings = {"/nothing", "/api", "/api/v1/nothing", "/oauth/nothing", "/index.html", "/refusal"})
        void anUnknownAddressIsNotFound(String path) {
            acme.get(path).refused(404, "not_found", "There is nothing at this address");
        }

        /** WildFly refuses these itself, before the application is asked, and in HTML. */
        @ParameterizedTest
        @ValueSource(strings = {"/WEB-INF/web.xml", "/META-INF/MANIFEST.MF", "/web-inf/web.xml", "//WEB-INF/web.xml"})
        void theFilesOfTheWarItselfAreNotServed(String path) {
            var answer = acme.get(path);
            assertThat(answer.status()).isEqualTo(404);
            if (TestServer.KIND == ServerKind.LIBERTY) {
                answer.refused(404, "not_found", "There is nothing at this address");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"/a%2Fb", "/api/v1/oauth-clients/a%2Fb", "/%00", "/api%5cv1"})
        void anAddressWithAnUnusualEscapeIsRefusedWithoutAWordAboutTheServer(String path) {
            var answer = acme.get(path);
            assertThat(answer.status()).isBetween(400, 499);
            assertThat(answer.body()).doesNotContain("Exception", "java", "\tat ");
        }

        @Test
        void headAndOptionsAreAnsweredAsWhatTheyAre() {
            var head = Http.send(acme.request("/health/live").method("HEAD", BodyPublishers.noBody()));
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            var options = Http.send(acme.request("/oauth/token").method("OPTIONS", BodyPublishers.noBody()));
            assertThat(options.status()).isEqualTo(200);
            assertThat(options.header("Allow").orElseThrow()).contains("POST").doesNotContain("GET");
        }

        @ParameterizedTest
        @CsvSource({"GET, /oauth/token", "DELETE, /api/v1/signatures", "PATCH, /api/v1/credentials"})
        void aMethodThatAnAddressDoesNotHaveIsRefused(String method, String path) {
            Http.send(acme.request(path).method(method, BodyPublishers.noBody()))
                    .refused(405, "invalid_request", "The method is not allowed at this address");
        }

        @Test
        void whoDoesNotAcceptJsonIsRefusedInJson() {
            Http.send(caller.request("/api/v1/authorization-configurations").setHeader("Accept", "text/html"))
                    .refused(406, "invalid_request", "The answer is JSON");
        }

        @Test
        void anotherMediaTypeIsRefused() {
            Http.send(caller.request("/api/v1/credentials/info")
                            .header("Content-Type", "text/plain")
                            .POST(BodyPublishers.ofString("{}")))
                    .refused(415, "invalid_request", "The payload is of an unsupported media type");
            Http.send(acme.request("/oauth/token")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{}")))
                    .refused(415, "invalid_request", "The payload is of an unsupported media type");
        }

        @ParameterizedTest
        @EnumSource(Version.class)
        void onlyABodyNeedsAMediaType(Version version) {
            Http.send(acme.request("/csc/v1/info").version(version).POST(BodyPublishers.noBody()))
                    .ok();
            Http.send(caller.request("/api/v1/credentials/info")
                            .version(version)
                            .POST(BodyPublishers.noBody()))
                    .refused(400, "invalid_request", "Payload is required");
            Http.send(caller.request("/api/v1/credentials/info")
                            .version(version)
                            .POST(BodyPublishers.ofString("{}")))
                    .refused(415, "invalid_request", "The payload is of an unsupported media type");
        }

        @Test
        void aHugeBodyIsRefusedWhetherAnnouncedOrChunked() {
            var json = "{\"credentialId\":\"" + "x".repeat(HUGE) + "\"}";
            caller.postRaw("/api/v1/credentials/info", json).refused(413, "invalid_request", "Payload is too large");
            chunked("/api/v1/credentials/info", "application/json", json)
                    .refused(413, "invalid_request", "Payload is too large");
            var form = "client_id=" + "x".repeat(HUGE);
            acme.rawForm("/oauth/token", form).refused(413, "invalid_request", "Payload is too large");
            chunked("/oauth/token", "application/x-www-form-urlencoded", form)
                    .refused(413, "invalid_request", "Payload is too large");
        }

        /** The first call asks for the protocol, later ones are of it. */
        @Test
        void overHttp2ABodyIsTakenAndAHugeOneRefused() {
            for (int call = 0; call < 3; call++) {
                overHttp2("x").refused(404, "not_found", "The credential was not found");
            }
            overHttp2("x".repeat(HUGE)).refused(413, "invalid_request", "Payload is too large");
        }

        private Answer overHttp2(String credential) {
            return Http.send(caller.request("/api/v1/credentials/info")
                    .version(Version.HTTP_2)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"credentialId\":\"" + credential + "\"}")));
        }

        private Answer chunked(String path, String mediaType, String body) {
            return Http.send(caller.request(path)
                    .header("Content-Type", mediaType)
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes()))));
        }
    }

    @Nested
    class OfJson {

        private final Caller caller = acme.as("acme", "acme_password", "seat:jdoe@acme");

        @ParameterizedTest(name = "{0}")
        @CsvSource(
                quoteCharacter = '`',
                delimiter = '|',
                value = {
                    "{                                  | The payload is not valid JSON",
                    "{} {}                              | The payload must be a JSON object",
                    "{'credentialId':'x'}               | The payload is not valid JSON",
                    "// no comments                     | The payload is not valid JSON",
                    "{\"credentialId\":\"x\",\"credentialId\":\"x\"} | The payload is not valid JSON",
                    "[]                                 | The payload must be a JSON object",
                    "\"text\"                           | The payload must be a JSON object",
                    "17                                 | The payload must be a JSON object",
                    "{\"credentialId\":17}              | credentialId is of the wrong type",
                    "{\"credentialId\":{}}              | credentialId is of the wrong type",
                    "{\"certInfo\":\"true\"}            | certInfo is of the wrong type",
                    "{\"credentialI\":\"x\"}            | The payload has a member that is not known here; did you mean credentialId?",
                    "{}                                 | credentialId is required"
                })
        void aPayloadThatIsNotWhatIsExpectedIsRefused(String body, String description) {
            caller.postRaw("/api/v1/credentials/info", body).refused(400, "invalid_request", description);
        }

        @Test
        void aNumberThatIsTooLargeOrNotWholeIsRefused() {
            for (String number : new String[] {"1.5", "1e3", "99999999999", "\"1\"", "true"}) {
                assertThat(caller.postRaw(
                                        "/api/v1/credentials/authorize",
                                        "{\"credentialId\":\"x\",\"numSignature\":" + number + "}")
                                .refusal()
                                .status())
                        .isEqualTo(400);
            }
        }

        @Test
        void bothSpellingsOfAMemberAtOnceOrNullInAListAreNoFailureOfTheServer() {
            assertThat(caller.postRaw("/api/v1/credentials/info", "{\"credentialId\":\"x\",\"credentialID\":\"y\"}")
                            .refusal()
                            .status())
                    .isBetween(400, 499);
            assertThat(caller.postRaw("/api/v1/signatures", "{\"hash\":[null],\"SAD\":\"x\",\"credentialId\":\"x\"}")
                            .refusal()
                            .status())
                    .isEqualTo(400);
            assertThat(caller.postRaw("/api/v1/credentials/info", "[".repeat(5_000))
                            .refusal()
                            .status())
                    .isEqualTo(400);
        }
    }
}
