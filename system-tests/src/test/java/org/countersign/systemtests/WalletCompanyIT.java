package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the wallets of legal persons do for their companies, and what wallets renew: PIN and attestation. Guests do neither. */
@ExtendWith(RunningServer.class)
class WalletCompanyIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] TEXT = "what the company says".getBytes(StandardCharsets.US_ASCII);
    private static final String SIGN = "/signHash";
    private static final String PIN = "/update-pin";
    private static final String ATTESTATION = "/update-attestation";
    private static final Map<String, String> NEW_PIN = Map.of("salted_pin_code", "b".repeat(64));
    private static final Map<String, String> NEW_ATTESTATION = Map.of("key_attestation", "what the device says anew");

    private final SignerApi provider;
    private final WalletOperator operator;
    private final String message;

    WalletCompanyIT(Platform platform) throws Exception {
        provider = platform.wallet();
        operator = new WalletOperator(provider);
        message = base64Url(MessageDigest.getInstance("SHA-256").digest(TEXT));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Those of a JWT that other tests verify. */
    private static JsonNode claims(String jwt) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    }

    private static JsonNode configuration(WalletApp app) throws Exception {
        return claims(app.update(app.token()).ok().body());
    }

    private Answer sign(WalletApp app, String kid) {
        return app.call(SIGN, app.token(), Map.of("message", message, "kid", kid));
    }

    private static void noSuchKey(Answer answer) {
        answer.refused(404, "not_found", "The organisation has no such key");
    }

    private static void denied(Answer answer) {
        answer.refused(403, "access_denied", "Access is denied");
    }

    private static boolean isBy(JsonNode jwk, Answer answer) throws Exception {
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(
                PublicJsonWebKey.Factory.newPublicJwk(jwk.toString()).getPublicKey());
        verifier.update(TEXT);
        return verifier.verify(Base64.getUrlDecoder().decode(answer.ok().text("signed_message")));
    }

    @Test
    void aCompanysKeySignsForItsLegalPersonsUntilItIsRevoked() throws Exception {
        var key = operator.newCompanyKey().json();
        var kid = key.path("kid").asText();
        assertThat(key.at("/jwk/kid").asText()).isEqualTo(kid);
        assertThat(key.path("jwk").has("d")).isFalse();
        assertThat(key.path("vault").asText()).isEqualTo("homo");
        var app = operator.wallet(operator.newLegalPerson());
        assertThat(isBy(key.path("jwk"), sign(app, kid))).isTrue();

        assertThat(operator.showCompanyKeys().path(0)).isEqualTo(key);
        assertThat(operator.revokeCompanyKey(kid).status()).isEqualTo(204);
        assertThat(operator.revokeCompanyKey(kid).status()).isEqualTo(204);
        noSuchKey(sign(app, kid));
        assertThat(operator.showCompanyKeys().path(0).has("revokedAt")).isTrue();
    }

    @Test
    void aCompanysDidDocumentHasItsKeysUntilTheyAreRevoked() throws Exception {
        var others = new WalletOperator(provider);
        var document = "/organisations/" + others.organisation() + "/did.json";
        provider.get(document).refused(404, "not_found", "There is no such DID document");
        var key = others.newCompanyKey().json();
        var second = others.newCompanyKey().json();
        var did = "did:web:wallet.example.com:wallet-acme:organisations:" + others.organisation();
        var method = key.at("/verificationMethods/0").asText();
        assertThat(method).isEqualTo(did + "#" + key.path("kid").asText());
        assertThat(key.at("/verificationMethods/1").asText()).matches("did:key:(zDn[A-Za-z0-9]+)#\\1");
        others.signBy("{\"did\":\"" + did + "\",\"vm\":\"" + method + "\"}").ok();

        assertThat(others.revokeCompanyKey(second.path("kid").asText()).status())
                .isEqualTo(204);

        var published = provider.get(document).ok().json();
        assertThat(published.path("id").asText()).isEqualTo(did);
        assertThat(published.path("verificationMethod")).hasSize(1);
        assertThat(published.at("/verificationMethod/0/publicKeyJwk")).isEqualTo(key.path("jwk"));
        assertThat(published.at("/assertionMethod/0").asText()).isEqualTo(method);
        var app = others.wallet(others.newLegalPerson());
        assertThat(isBy(
                        published.at("/verificationMethod/0/publicKeyJwk"),
                        sign(app, key.path("kid").asText())))
                .isTrue();
    }

    @Test
    void aKeySignsForNobodyElse() throws Exception {
        var key = operator.newCompanyKey().json();
        var kid = key.path("kid").asText();
        denied(sign(operator.wallet(operator.newUser()), kid));

        var others = new WalletOperator(provider);
        noSuchKey(sign(others.wallet(others.newLegalPerson()), kid));
        noSuchKey(others.revokeCompanyKey(kid));
        noSuchKey(others.signBy("{\"clientId\":\"acme\",\"kid\":\"" + kid + "\"}"));
        assertThat(isBy(key.path("jwk"), sign(operator.wallet(operator.newLegalPerson()), kid)))
                .isTrue();
    }

    @Test
    void whatIsNoDigestIsNotSigned() {
        var kid = operator.newCompanyKey().text("kid");
        var app = operator.wallet(operator.newLegalPerson());
        var token = app.token();
        for (var wrong : List.of(message + "=", message.substring(4), message + message, "+".repeat(43))) {
            app.call(SIGN, token, Map.of("message", wrong, "kid", kid))
                    .refused(400, "invalid_request", "message must be a SHA-256 digest in base64url");
        }
        app.call(SIGN, token, Map.of("kid", kid)).refused(400, "invalid_request", "message is required");
        app.call(SIGN, token, Map.of("message", message)).refused(400, "invalid_request", "kid is required");
        noSuchKey(app.call(SIGN, token, Map.of("message", message, "kid", "A".repeat(43))));
        noSuchKey(app.call(SIGN, token, Map.of("message", message, "kid", "a\u0000b")));
    }

    @Test
    void aLegalPersonsConfigurationSaysHowItsCompanySigns() throws Exception {
        var company = operator.wallet(operator.newLegalPerson());
        var person = operator.wallet(operator.newUser());
        assertThat(configuration(company).path("walletFor").asText()).isEqualTo("lp");
        assertThat(configuration(company).has("companySignature")).isFalse();

        operator.signBy("{\"did\":\"did:ethr:mainnet:0xf3be\",\"vm\":\"did:ethr:mainnet:0xf3be#controller\"}")
                .ok();
        var byDid = configuration(company).path("companySignature");
        assertThat(byDid)
                .isEqualTo(JSON.readTree(
                        "{\"did\":\"did:ethr:mainnet:0xf3be\",\"vm\":\"did:ethr:mainnet:0xf3be#controller\"}"));

        var key = operator.newCompanyKey().json();
        var kid = key.path("kid").asText();
        operator.signBy("{\"clientId\":\"https://acme.example.com\",\"kid\":\"" + kid + "\"}")
                .ok();
        var byKey = configuration(company).path("companySignature");
        assertThat(byKey.size()).isEqualTo(3);
        assertThat(byKey.path("client_id").asText()).isEqualTo("https://acme.example.com");
        assertThat(byKey.path("kid").asText()).isEqualTo(kid);
        assertThat(byKey.path("jwk")).isEqualTo(key.path("jwk"));
        assertThat(configuration(person).path("walletFor").asText()).isEqualTo("np");
        assertThat(configuration(person).has("companySignature")).isFalse();

        operator.revokeCompanyKey(kid).ok();
        assertThat(configuration(company).has("companySignature")).isFalse();
        noSuchKey(operator.signBy("{\"clientId\":\"acme\",\"kid\":\"" + kid + "\"}"));
        assertThat(operator.signBy("{}").ok().json().isEmpty()).isTrue();
        for (var wrong : List.of(
                "{\"did\":\"did:web:a\"}",
                "{\"did\":\"did:web:a\",\"vm\":\"did:web:b#k\"}",
                "{\"did\":\"did:web:a\",\"vm\":\"did:web:a#k\",\"kid\":\"" + kid + "\"}",
                "{\"kid\":\"" + kid + "\"}",
                "{\"clientId\":\"acme\",\"kid\":\"a\\u0000b\"}",
                "{\"clientId\":\"\",\"kid\":\"" + kid + "\"}")) {
            operator.signBy(wrong)
                    .refused(
                            400,
                            "invalid_request",
                            "A company signature is a did with its method vm, a clientId with the kid of a key, or nothing");
        }
    }

    @Test
    void anotherPinHoldsAtOnce() {
        var user = operator.newUser();
        var app = operator.wallet(user);
        var token = app.token();
        app.call(PIN, token, Map.of("salted_pin_code", "1234"))
                .refused(
                        400,
                        "invalid_request",
                        "salted_pin_code must be a SHA-256 hash in hexadecimal, base64 or base64url");
        var answer = app.call(PIN, token, NEW_PIN).ok();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();

        app.tokenWithPin(WalletApp.PIN).refused(401, "invalid_client", "The assertion was not accepted");
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isEqualTo(1);
        app.call(PIN, token, Map.of("salted_pin_code", WalletApp.PIN)).ok();
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt())
                .as("another PIN gives no more tries")
                .isEqualTo(1);
        app.tokenWithPin(WalletApp.PIN).ok();
    }

    @Test
    void aFreshAttestationIsOfTheSameWallet() throws Exception {
        var app = operator.invite(operator.newUser());
        var before = claims(app.initialise().ok().text("wallet_attestation"));
        var token = app.token();
        app.call(ATTESTATION, token, Map.of("key_attestation", "a\u0000b"))
                .refused(400, "invalid_request", "key_attestation must have 1 to 16384 printable characters");
        var fresh = claims(app.call(ATTESTATION, token, NEW_ATTESTATION).ok().text("wallet_attestation"));
        assertThat(fresh.path("jti")).isNotEqualTo(before.path("jti"));
        for (var same : List.of("iss", "sub", "status", "cnf")) {
            assertThat(fresh.path(same)).as(same).isEqualTo(before.path(same));
        }
    }

    @Test
    void aWalletThatIsNotInUseRenewsNothing() {
        var user = operator.newLegalPerson();
        var app = operator.wallet(user);
        var kid = operator.newCompanyKey().text("kid");
        var token = app.token();
        operator.act(user, "revoke-wallet").ok();
        for (var answer : List.of(
                app.call(SIGN, token, Map.of("message", message, "kid", kid)),
                app.call(PIN, token, NEW_PIN),
                app.call(ATTESTATION, token, NEW_ATTESTATION))) {
            answer.refused(401, "invalid_token", "The access token was not accepted");
        }
    }

    @Test
    void aGuestIsConfiguredAndNoMore() throws Exception {
        var user = operator.newGuest();
        var first = operator.invite(user);
        var attestation = claims(first.initialise().ok().text("wallet_attestation"));
        assertThat(attestation.path("sub").asText())
                .isEqualTo(first.attestationKey().thumbprint());
        assertThat(attestation.has("status")).isFalse();
        assertThat(operator.show(user).has("wallet"))
                .as("nothing is registered")
                .isFalse();
        first.initialise().refused(401, "invalid_client", "The assertion was not accepted");

        var second = operator.wallet(user);
        for (var guest : List.of(first, second)) {
            assertThat(configuration(guest).path("sub").asText()).isEqualTo(guest.login());
            for (int i = 0; i < 4; i++) {
                guest.tokenWithPin("b".repeat(64)).ok();
            }
            var token = guest.token();
            denied(guest.call(SIGN, token, Map.of("message", message, "kid", "A".repeat(43))));
            denied(guest.call(PIN, token, NEW_PIN));
            denied(guest.call(ATTESTATION, token, NEW_ATTESTATION));
        }

        var token = first.token();
        second.update(token).refused(401, "invalid_token", "The access token was not accepted");
        operator.act(user, "block").ok();
        first.update(token).refused(401, "invalid_token", "The access token was not accepted");
        first.tokenWithPin(WalletApp.PIN).refused(401, "invalid_client", "The assertion was not accepted");
        operator.act(user, "unblock").ok();
        first.update(token).refused(401, "invalid_token", "The access token was not accepted");
        first.update(first.token()).ok();
    }

    @Test
    void whoIsOnlyNamedLikeAGuestIsNone() {
        var login = "guest.anna@" + java.util.UUID.randomUUID() + ".example.com";
        var user = operator.caller()
                .post("/admin/v1/users", Map.of("organisationId", operator.organisation(), "login", login))
                .ok()
                .text("id");
        var app = operator.wallet(user);
        app.tokenWithPin("b".repeat(64)).refused(401, "invalid_client", "The assertion was not accepted");
        app.call(PIN, app.token(), NEW_PIN).ok();
    }
}
