package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: how clients get them, what they say, how they end, and what a client may not do with one. */
@ExtendWith(RunningServer.class)
class OAuthIT {

    private static final String SECRET = "secret of globex";

    private final Platform platform;
    private final SignerApi globex;

    OAuthIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
    }

    @Nested
    class Token {

        @Test
        void isGivenForCredentialsInTheFormAndNeverCached() {
            var answer = globex.token("globex", SECRET, "seat:jdoe@globex").ok();

            assertThat(answer.text("token_type")).isEqualTo("bearer");
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(3600);
            assertThat(answer.text("scope")).isEqualTo("seat:jdoe@globex");
            assertThat(answer.header("Cache-Control")).contains("no-store");
        }

        @Test
        void isGivenForCredentialsByHttpBasic() {
            globex.tokenByBasic("globex", SECRET, Map.of("grant_type", "client_credentials"))
                    .ok();
            globex.tokenByBasic("globex", "wrong", Map.of("grant_type", "client_credentials"))
                    .refused(401, "invalid_client", "Bad client credentials");
        }

        @Test
        void isRefusedToAClientThatAuthenticatesInTwoWays() {
            globex.tokenByBasic(
                            "globex",
                            SECRET,
                            Map.of("grant_type", "client_credentials", "client_id", "globex", "client_secret", SECRET))
                    .refused(400, "invalid_request", "The client must authenticate in one way, not in two");
        }

        @ParameterizedTest
        @CsvSource({
            "seat:jdoe@globex, jdoe, globex",
            "seat:jdoe tenant:globex, jdoe, globex",
            "tenant:globex seat:jdoe, jdoe, globex",
            "seat:j@x.org@globex, j@x.org, globex",
            "seat:j@x.org tenant:globex, j@x.org, globex"
        })
        void namesTheSeatOfItsScope(String scope, String seat, String tenant) {
            var token = globex.token("globex", SECRET, scope).ok().text("access_token");
            var description = globex.checkToken(token).ok();

            assertThat(description.text("seat")).isEqualTo(seat);
            assertThat(description.text("tenant")).isEqualTo(tenant);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "jdoe@globex",
                    "seat:",
                    "seat:jdoe",
                    "tenant:globex",
                    "seat:@globex",
                    "seat:a@globex seat:b@globex",
                    "seat:a@globex openid"
                })
        void isRefusedForAScopeThatNamesNoSeat(String scope) {
            globex.token("globex", SECRET, scope)
                    .refused(400, "invalid_scope", "The scope must be seat:NAME@TENANT or seat:NAME tenant:TENANT");
        }

        @Test
        void isRefusedAlikeForAForeignTenantAndOneThatDoesNotExist() {
            var foreign = globex.token("globex-page", "secret of globex-page", "seat:jdoe@initech");
            var missing = globex.token("globex-page", "secret of globex-page", "seat:jdoe@nowhere");

            foreign.refused(403, "access_denied", "Access is denied");
            assertThat(foreign.body()).isEqualTo(missing.body());
        }

        @Test
        void ofAnUntrustedClientLivesAMinuteWhateverIsAsked() {
            assertThat(globex.token("globex-page", "secret of globex-page", "seat:jdoe@globex")
                            .ok()
                            .json()
                            .path("expires_in")
                            .asInt())
                    .isEqualTo(60);
        }
    }

    @Nested
    class CheckToken {

        @Test
        void describesAGoodToken() {
            var token = globex.token("globex-page", "secret of globex-page", "seat:jdoe@globex")
                    .ok()
                    .text("access_token");
            var description = globex.checkToken(token).ok();

            assertThat(description.text("client_id")).isEqualTo("globex-page");
            assertThat(description.text("scope")).isEqualTo("seat:jdoe@globex");
            assertThat(description.texts("authorities"))
                    .containsExactlyInAnyOrder(
                            "trustLevel:untrustedClient", "apiGroup:signer", "apiGroup:lister", "tenantName:globex");
            assertThat(description.json().path("exp").asLong() * 1000)
                    .isBetween(System.currentTimeMillis() + 30_000, System.currentTimeMillis() + 61_000);
        }

        @Test
        void doesNotRecognizeARevokedToken() {
            var token = newToken();
            globex.revoke("globex", SECRET, token).ok();

            globex.checkToken(token).refused(400, "invalid_token", "Token was not recognized");
        }

        @Test
        void needsAToken() {
            globex.form("/oauth/check_token", Map.of("other", "x"))
                    .refused(400, "invalid_request", "token is required");
        }
    }

    @Nested
    class Introspection {

        @Test
        void showsAClientItsOwnToken() {
            var answer = globex.introspect("globex", SECRET, newToken()).ok();

            assertThat(answer.json().path("active").asBoolean()).isTrue();
            assertThat(answer.text("client_id")).isEqualTo("globex");
        }

        @Test
        void saysOfForeignUnknownAndRevokedTokensThatTheyAreNotActiveAndNothingElse() {
            var foreign = newToken();
            var revoked = newToken();
            globex.revoke("globex", SECRET, revoked).ok();

            for (Answer answer : new Answer[] {
                globex.introspect("globex-page", "secret of globex-page", foreign),
                globex.introspect("globex", SECRET, "unknown"),
                globex.introspect("globex", SECRET, revoked)
            }) {
                assertThat(answer.ok().body()).isEqualTo("{\"active\":false}");
            }
        }

        @Test
        void needsTheClientsCredentials() {
            globex.introspect("globex", "wrong secret", newToken())
                    .refused(401, "invalid_client", "Bad client credentials");
        }
    }

    @Nested
    class Revocation {

        @Test
        void ofAnOwnTokenIsSeenAtOnce() {
            var caller = globex.with(newToken());
            caller.list().ok();
            globex.revoke("globex", SECRET, caller.token()).ok();

            caller.list().refused(401, "invalid_token", "Token was not recognized");
        }

        @Test
        void ofAForeignTokenIsAnsweredLikeAnyAndDoesNothing() {
            var caller = globex.with(newToken());
            var foreign = globex.revoke("globex-page", "secret of globex-page", caller.token());
            var unknown = globex.revoke("globex-page", "secret of globex-page", "unknown");

            assertThat(foreign.ok().status()).isEqualTo(unknown.ok().status());
            caller.list().ok();
        }

        @Test
        void needsTheClientsCredentials() {
            var caller = globex.with(newToken());
            globex.revoke("globex", "wrong secret", caller.token())
                    .refused(401, "invalid_client", "Bad client credentials");
            caller.list().ok();
        }
    }

    @Nested
    class AClient {

        @Test
        void withoutTheGroupOfACallIsDeniedWithoutLearningWhatExists() {
            var secret =
                    platform.newClient("only-lister", "trustLevel:trustedClient,apiGroup:lister,tenantName:globex");
            var holder = platform.atGlobex().enrol("only-listed");
            var caller = globex.as("only-lister", secret, "seat:only-listed@globex");

            for (String credential : new String[] {holder.credential(), "00000000-0000-4000-8000-000000000000"}) {
                var stranger = holder.by(caller);
                denied(caller.authorize(credential, holder.hashes("a"), Map.of("PIN", "0000")));
                denied(caller.sign(credential, "x", holder.hashes("a"), "SHA256WITHECDSA"));
                denied(caller.setPin(credential, "123456"));
                denied(caller.newOtp(credential));
                denied(caller.keyPair(credential, stranger.kind()));
                denied(caller.certificate(credential, "x"));
                denied(caller.unlock(credential));
            }
            denied(caller.create("globex", "x", "pin", 1));
            denied(caller.configurations());
            denied(caller.clients());
        }

        @Test
        void ofTheGeneratorGroupAloneNeitherListsNorSigns() {
            var secret = platform.newClient(
                    "only-generator", "trustLevel:trustedClient,apiGroup:generator,tenantName:globex");
            var caller = globex.as("only-generator", secret, "seat:jdoe@globex");

            denied(caller.list());
            denied(caller.info("x"));
            denied(caller.certificates(Map.of()));
            denied(caller.authorize("x", java.util.List.of(), Map.of()));
        }

        @Test
        void createsNothingInATenantThatIsNotItsOwnWhetherItExistsOrNot() {
            var secret =
                    platform.newClient("of-initech", "trustLevel:trustedClient,apiGroup:generator,tenantName:initech");
            var caller = globex.as("of-initech", secret, "");

            denied(caller.create("globex", "x", "pin", 1));
            denied(caller.create("nowhere", "x", "pin", 1));
            denied(caller.create("not a name", "x", "pin", 1));
        }

        @Test
        void withoutASeatInItsTokenNeitherListsNorSigns() {
            var caller = globex.as("globex", SECRET, "");

            caller.list().refused(403, "access_denied", "The access token needs a scope: seat:NAME@TENANT");
            caller.sign("x", "x", java.util.List.of(new byte[32]), "SHA256WITHECDSA")
                    .refused(403, "access_denied", "The access token needs a scope: seat:NAME@TENANT");
        }

        @Test
        void thatIsNoAdministratorAdministersNoClients() {
            var caller = globex.as("globex", SECRET, "");

            denied(caller.clients());
            denied(caller.client("globex"));
            denied(caller.createClient(Map.of()));
            denied(caller.replaceClient("globex", Map.of("clientId", "globex")));
            denied(caller.deleteClient("globex"));
        }

        private void denied(Answer answer) {
            answer.refused(403, "access_denied", "Access is denied");
        }
    }

    @Test
    void theTokenOfOneSchemeIsNotTakenFromAnotherPlace() {
        var token = newToken();

        Http.send(globex.request("/api/v1/authorization-configurations?access_token=" + token))
                .refused(401, "invalid_token", "Token was not recognized");
    }

    private String newToken() {
        return globex.token("globex", SECRET, "seat:jdoe@globex").ok().text("access_token");
    }
}
