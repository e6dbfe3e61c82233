package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a wallet: invited, initialised, let in, configured, locked, revoked. */
@ExtendWith(RunningServer.class)
class WalletIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROFILE = "{\"generalOptions\":{\"companyName\":\"ACME\"}}";

    private final SignerApi provider;
    private final WalletOperator operator;

    WalletIT(Platform platform) {
        provider = platform.wallet();
        operator = new WalletOperator(provider);
    }

    /** The claims of what the published keys verify. */
    private JsonNode verified(String type, String jwt) throws JoseException, IOException {
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(jwt);
        assertThat(jws.getHeader("typ")).isEqualTo(type);
        assertThat(jws.getAlgorithmHeaderValue()).isEqualTo("ES256");
        var keys = new JsonWebKeySet(provider.get("/.well-known/jwks.json").ok().body());
        jws.setKey(new JwksVerificationKeyResolver(keys.getJsonWebKeys()).resolveKey(jws, List.of()));
        assertThat(jws.verifySignature()).isTrue();
        return JSON.readTree(jws.getPayload());
    }

    @Test
    void aWalletGoesFromItsInvitationToItsConfiguration() throws Exception {
        operator.configure(PROFILE).ok();
        var user = operator.newUser();
        var link = operator.act(user, "invitation").ok().text("link");
        assertThat(link).startsWith("configuration://?login=");
        assertThat(WalletApp.parameter(link, "wallet-provider")).isEqualTo(Company.WALLET_ISSUER);
        var app = new WalletApp(provider, link);

        var begun = app.initialise().ok();
        var attestation = verified("wallet-attestation+jwt", begun.text("wallet_attestation"));
        assertThat(attestation.path("iss").asText()).isEqualTo(Company.WALLET_ISSUER);
        assertThat(attestation.path("sub").asText())
                .isEqualTo(app.attestationKey().thumbprint());
        assertThat(attestation.at("/cnf/jwk/x").asText())
                .isEqualTo(app.attestationKey().jwk().get("x"));
        assertThat(attestation.path("grant_types_supported").get(0).asText()).isEqualTo("authorization_code");
        assertThat(attestation.path("exp").asLong() - attestation.path("iat").asLong())
                .isLessThan(86_400);
        var configuration = verified("wallet-configuration+jwt", begun.text("configuration"));
        assertThat(configuration.path("walletFor").asText()).isEqualTo("np");
        assertThat(configuration.path("sub").asText()).isEqualTo(app.login());
        assertThat(configuration.at("/generalOptions/companyName").asText()).isEqualTo("ACME");

        operator.configure(PROFILE.replace("ACME", "ACME & Sons")).ok();
        var answer = app.token(app.sign(app.assertion()), List.of(app.proof("/token", null)))
                .ok();
        assertThat(answer.text("token_type")).isEqualTo("DPoP");
        assertThat(answer.json().path("expires_in").asInt()).isEqualTo(300);
        assertThat(answer.header("Cache-Control")).contains("no-store");
        var updated = app.update(answer.text("access_token")).ok();
        assertThat(updated.header("Content-Type").orElseThrow()).startsWith("application/jwt");
        assertThat(verified("wallet-configuration+jwt", updated.body())
                        .at("/generalOptions/companyName")
                        .asText())
                .isEqualTo("ACME & Sons");
    }

    @Test
    void aTokenWithoutAProofIsABearerTokenAndStillNeedsOne() {
        var app = operator.wallet(operator.newUser());
        var answer = app.tokenWithPin(WalletApp.PIN).ok();
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        var token = answer.text("access_token");

        app.update("Bearer " + token, List.of()).refused(401, "invalid_dpop_proof", "The DPoP proof was not accepted");
        app.update("Bearer " + token, List.of(app.proof("/update-configuration", token)))
                .ok();
        app.update(token).ok();
        var expiryAlone = app.proof("/update-configuration", token, claims -> {
            claims.remove("iat");
            claims.put("exp", Instant.now().getEpochSecond() + 10);
        });
        app.update("DPoP " + token, List.of(expiryAlone))
                .refused(401, "invalid_dpop_proof", "The DPoP proof was not accepted");
        app.update("Bearer " + token, List.of(expiryAlone)).ok();
    }

    @Test
    void anotherInvitationRevokesTheWalletBefore() throws Exception {
        var user = operator.newUser();
        var first = operator.invite(user);
        var status = verified("wallet-attestation+jwt", first.initialise().ok().text("wallet_attestation"))
                .at("/status/status_list");
        var token = first.token();
        assertThat(isRevoked(status)).isFalse();

        var second = operator.wallet(user);

        first.update(token).refused(401, "invalid_token", "The access token was not accepted");
        refused(first.tokenWithPin(WalletApp.PIN));
        second.update(second.token()).ok();
        assertThat(isRevoked(status)).isTrue();
    }

    @Test
    void anOperatorRevokesAWallet() throws Exception {
        var user = operator.newUser();
        var app = operator.invite(user);
        var status = verified("wallet-attestation+jwt", app.initialise().ok().text("wallet_attestation"))
                .at("/status/status_list");
        var token = app.token();
        assertThat(operator.act(user, "revoke-wallet").ok().json().has("wallet"))
                .isFalse();
        operator.act(user, "revoke-wallet").refused(409, "conflict", "The user has no wallet");
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        refused(app.tokenWithPin(WalletApp.PIN));
        assertThat(isRevoked(status)).isTrue();
    }

    @Test
    void aBlockedUserIsNotLetInUntilUnblocked() {
        var user = operator.newUser();
        var app = operator.wallet(user);
        var token = app.token();
        assertThat(operator.act(user, "block").ok().json().path("blocked").asBoolean())
                .isTrue();
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        refused(app.tokenWithPin(WalletApp.PIN));
        refused(operator.invite(user).initialise());
        operator.act(user, "block").refused(409, "conflict", "The user is blocked already");
        operator.act(user, "unblock").ok();
        operator.act(user, "unblock").refused(409, "conflict", "The user is not blocked");
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        app.update(app.token()).ok();
    }

    @Test
    void threeWrongPinsLockUntilAnOperatorUnlocks() {
        var user = operator.newUser();
        var app = operator.wallet(user);
        var token = app.token();
        refused(app.tokenWithPin("b".repeat(64)));
        refused(app.tokenWithPin("c".repeat(64)));
        app.tokenWithPin(WalletApp.PIN).ok();
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isZero();

        for (var guess : List.of("b", "c", "d")) {
            refused(app.tokenWithPin(guess.repeat(64)));
        }
        assertThat(operator.show(user).at("/wallet/locked").asBoolean()).isTrue();
        refused(app.tokenWithPin(WalletApp.PIN));
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");

        operator.act(user, "unlock").ok();
        operator.act(user, "unlock").refused(409, "conflict", "There is no wallet with wrong PINs");
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        app.update(app.token()).ok();
    }

    @Test
    void aRemovedUserIsGoneAndTheirLoginIsFree() throws Exception {
        var user = operator.newUser();
        var app = operator.invite(user);
        var status = verified("wallet-attestation+jwt", app.initialise().ok().text("wallet_attestation"))
                .at("/status/status_list");
        var token = app.token();
        var invited = operator.invite(user);

        assertThat(operator.remove(user).status()).isEqualTo(204);

        operator.remove(user).refused(404, "not_found", "The user was not found");
        operator.caller().get("/admin/v1/users/" + user).refused(404, "not_found", "The user was not found");
        for (var act : List.of("invitation", "block", "unblock", "unlock", "revoke-wallet")) {
            operator.act(user, act).refused(404, "not_found", "The user was not found");
        }
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        refused(app.tokenWithPin(WalletApp.PIN));
        refused(invited.initialise());
        assertThat(isRevoked(status)).isTrue();

        var again = operator.caller()
                .post("/admin/v1/users", Map.of("organisationId", operator.organisation(), "login", app.login()))
                .ok()
                .text("id");
        assertThat(again).isNotEqualTo(user);
        refused(app.tokenWithPin(WalletApp.PIN));
        var successor = operator.wallet(again);
        successor.update(successor.token()).ok();
    }

    @Test
    void aFileOfUsersIsImportedAsAWholeOrNotAtAll() {
        var anna = "anna@" + UUID.randomUUID() + ".example.com";
        var acme = "acme@" + UUID.randomUUID() + ".example.com";
        var wrong = operator.importUsers("login,walletFor\n" + anna + ",np\nno address,np\n" + acme + ",xp\n");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("error")).isEqualTo("invalid_request");
        assertThat(wrong.json().path("lines").toString())
                .isEqualTo("[{\"line\":3,\"error\":\"login must have the form of an e-mail address\"},"
                        + "{\"line\":4,\"error\":\"walletFor must be np or lp\"}]");

        var good = "login,walletFor\n" + anna + ",np\n" + acme + ",lp\n";
        var imported = operator.importUsers(good);
        assertThat(imported.status()).isEqualTo(201);
        assertThat(imported.json().path("added").asInt()).isEqualTo(2);

        var bert = "bert@" + UUID.randomUUID() + ".example.com";
        var twice = operator.importUsers("login,walletFor\n" + bert + ",np\n" + anna + ",np\n");
        assertThat(twice.json().path("lines").toString())
                .isEqualTo("[{\"line\":3,\"error\":\"The user already exists\"}]");
        assertThat(operator.importUsers("login,walletFor\n" + bert + ",np\n").status())
                .as("nothing was half imported")
                .isEqualTo(201);

        operator.importUsers("").refused(400, "invalid_request", "Payload is required");
        operator.importUsers("anna@example.com,np\n")
                .refused(400, "invalid_request", "The first line must be login,walletFor");
        Http.send(operator.caller()
                        .request("/admin/v1/organisations/" + UUID.randomUUID() + "/users")
                        .setHeader("Content-Type", "text/csv")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                "login,walletFor\nnew@" + UUID.randomUUID() + ".example.com,np")))
                .refused(404, "not_found", "The organisation was not found");
        var other = provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "");
        var path = "/admin/v1/organisations/" + operator.organisation() + "/users";
        assertThat(Http.send(other.request(path)
                                .setHeader("Content-Type", "text/csv")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(good)))
                        .refusal()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void operatorsAreToldWhatIsWrong() {
        operator.configure("[]").refused(400, "invalid_request", "A profile is a JSON object");
        operator.configure("{\"generalOptions\":{},\"generalOptions\":{}}")
                .refused(400, "invalid_request", "The payload is not valid JSON");
        for (var wrong : List.of("{\"iss\":{}}", "{\"generalOptions\":1}")) {
            assertThat(operator.configure(wrong).refusal().status()).isEqualTo(400);
        }
        operator.configure("{\"generalOptions\":{\"a\":\"" + "x".repeat(65_536) + "\"}}")
                .refused(400, "invalid_request", "A profile has at most 64 KiB");

        var login = UUID.randomUUID() + "@people.example.com";
        var request = Map.of("organisationId", operator.organisation(), "login", login);
        operator.caller().post("/admin/v1/users", request).ok();
        operator.caller().post("/admin/v1/users", request).refused(409, "conflict", "The user already exists");
        for (var wrong : List.of("no address", "")) {
            operator.caller()
                    .post("/admin/v1/users", Map.of("organisationId", operator.organisation(), "login", wrong))
                    .refused(400, "invalid_request", "login must have the form of an e-mail address");
        }
        operator.caller()
                .post(
                        "/admin/v1/users",
                        Map.of("organisationId", operator.organisation(), "login", "a@example.com", "walletFor", "xp"))
                .refused(400, "invalid_request", "walletFor must be np or lp");
        operator.caller()
                .post(
                        "/admin/v1/users",
                        Map.of(
                                "organisationId",
                                operator.organisation(),
                                "login",
                                "guest@example.com",
                                "walletFor",
                                "lp"))
                .refused(400, "invalid_request", "A guest is a natural person");
        operator.caller()
                .post("/admin/v1/users", Map.of("organisationId", UUID.randomUUID(), "login", "a@example.com"))
                .refused(404, "not_found", "The organisation was not found");
        operator.act(UUID.randomUUID().toString(), "invitation").refused(404, "not_found", "The user was not found");
    }

    @Test
    void organisationsAreFoundByTheBeginningOfTheirNames() {
        var begin = "Ünlü " + UUID.randomUUID();
        var ids = List.of(
                operator.caller()
                        .post("/admin/v1/organisations", Map.of("name", begin + " a"))
                        .ok()
                        .text("id"),
                operator.caller()
                        .post("/admin/v1/organisations", Map.of("name", begin + " B"))
                        .ok()
                        .text("id"));
        var path = "/admin/v1/organisations?name=";
        var found = operator.caller()
                .get(path + SignerApi.encode(begin.replace("nl", "NL")))
                .ok()
                .json();
        assertThat(found.findValuesAsText("id")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(operator.caller()
                        .get(path + SignerApi.encode(begin + " b"))
                        .ok()
                        .json()
                        .findValuesAsText("id"))
                .containsExactly(ids.get(1));
        assertThat(operator.caller().get(path + "%25").ok().json()).isEmpty();
    }

    @Test
    void onlyOperatorsCallTheirAddresses() {
        provider.get("/admin/v1/users").refused(401, "invalid_token", "Token was not recognized");
        provider.with(operator.wallet(operator.newUser()).token())
                .get("/admin/v1/users")
                .refused(401, "invalid_token", "Token was not recognized");
        var other = provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "");
        for (var path : List.of("/admin/v1/users", "/admin/v1/organisations")) {
            assertThat(other.get(path).refusal().status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void theMetadataLeadsToWhatIsThere() {
        var metadata = provider.get("/.well-known/oauth-authorization-server").ok();
        assertThat(metadata.text("issuer")).isEqualTo(Company.WALLET_ISSUER);
        assertThat(metadata.text("token_endpoint")).isEqualTo(Company.WALLET_ISSUER + "/token");
        assertThat(metadata.texts("dpop_signing_alg_values_supported")).containsExactly("ES256");
        var resource = provider.get("/.well-known/oauth-protected-resource").ok();
        assertThat(resource.text("resource")).isEqualTo(Company.WALLET_ISSUER);
        assertThat(resource.texts("authorization_servers")).containsExactly(metadata.text("issuer"));
        assertThat(resource.texts("bearer_methods_supported")).containsExactly("header");
        assertThat(resource.json().path("dpop_bound_access_tokens_required").asBoolean())
                .isTrue();
        for (var wrong : List.of("99999999", "-1", "00", "9999999999")) {
            Http.send(provider.request("/statuslists/" + wrong)
                            .setHeader("Accept", "*/*")
                            .GET())
                    .refused(404, "not_found", "There is no such status list");
        }
    }

    private static void refused(org.countersign.systemtests.harness.Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
    }

    /** Looks the bit up as the Token Status List has it: inflated, least significant bit first. */
    private boolean isRevoked(JsonNode reference) throws JoseException, IOException {
        var path = reference.path("uri").asText().substring(Company.WALLET_ISSUER.length());
        var list = Http.send(provider.request(path)
                        .setHeader("Accept", "application/statuslist+jwt")
                        .GET())
                .ok();
        assertThat(list.header("Cache-Control")).contains("max-age=60");
        var claims = verified("statuslist+jwt", list.body());
        assertThat(claims.path("sub")).isEqualTo(reference.path("uri"));
        assertThat(claims.at("/status_list/bits").asInt()).isEqualTo(1);
        var lst = Base64.getUrlDecoder().decode(claims.at("/status_list/lst").asText());
        try (var inflated = new InflaterInputStream(new ByteArrayInputStream(lst))) {
            int index = reference.path("idx").asInt();
            return (inflated.readAllBytes()[index / 8] >> index % 8 & 1) == 1;
        }
    }

    @Test
    void aClientOfPagesGetsTokensForLocalAgentsAndNobodyElseDoes() throws Exception {
        var secret = "secret of a client of pages";
        var id = "pages-" + UUID.randomUUID();
        client(id, secret, "trustLevel:trustedClient,apiGroup:connector,origin:https://app.example.com");
        var given = connectorToken(id, secret).ok();
        assertThat(given.json().path("expires_in").asInt()).isEqualTo(1200);
        var token = given.text("access_token");
        var claims = verified("JWT", token);
        assertThat(claims.path("iss").asText()).isEqualTo(Company.WALLET_ISSUER);
        assertThat(claims.path("aud").asText()).isEqualTo("connector");
        assertThat(claims.path("sub").asText()).isEqualTo(id);
        assertThat(claims.path("origins")).extracting(JsonNode::asText).containsExactly("https://app.example.com");
        assertThat(provider.with(token).get("/admin/v1/organisations").status()).isEqualTo(401);

        var other = "other-" + UUID.randomUUID();
        client(other, secret, "trustLevel:trustedClient,apiGroup:operator");
        assertThat(connectorToken(other, secret).status()).isEqualTo(403);
    }

    private void client(String id, String secret, String authorities) {
        provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "")
                .post(
                        "/api/v1/oauth-clients",
                        Map.of(
                                "clientId", id,
                                "clientSecret", secret,
                                "authorizedGrantTypes", "client_credentials",
                                "accessTokenValidity", 3600,
                                "authorities", authorities))
                .ok();
    }

    private Answer connectorToken(String id, String secret) {
        return provider.form(
                "/oauth/token",
                Map.of(
                        "client_id",
                        id,
                        "client_secret",
                        secret,
                        "grant_type",
                        "client_credentials",
                        "audience",
                        "connector"));
    }
}
