package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.zip.InflaterInputStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.ShippedWalletApp;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletKey;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wallet app as it was shipped before, and what its profile does not give away. */
@ExtendWith(RunningServer.class)
class WalletCompatibilityIT {

    private static final JsonMapper JSON = new JsonMapper();

    private final SignerApi provider;
    private final WalletOperator operator;

    WalletCompatibilityIT(Platform platform) {
        provider = platform.wallet();
        operator = new WalletOperator(provider);
        operator.allowShippedApp(true).ok();
    }

    private String invitation(String user) {
        return operator.act(user, "invitation").ok().text("link");
    }

    private ShippedWalletApp invite(String user) {
        return new ShippedWalletApp(provider, invitation(user));
    }

    private JsonNode verified(String type, String jwt) throws Exception {
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(jwt);
        assertThat(jws.getHeader("typ")).isEqualTo(type);
        var keys = new JsonWebKeySet(provider.get("/.well-known/jwks.json").ok().body());
        jws.setKey(new JwksVerificationKeyResolver(keys.getJsonWebKeys()).resolveKey(jws, List.of()));
        assertThat(jws.verifySignature()).isTrue();
        return JSON.readTree(jws.getPayload());
    }

    private static void refused(Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
    }

    @Test
    void theAppGoesFromItsCodeToItsConfigurationAndUpdatesIt() throws Exception {
        operator.configure("{\"generalOptions\":{\"companyName\":\"ACME\"}}").ok();
        var app = invite(operator.newUser());
        var answer = app.attest(claims -> {}).ok();
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/jwt");
        var attestation = answer.body();
        var claims = verified("wallet-attestation+jwt", attestation);
        assertThat(claims.at("/cnf/jwk/x").asText()).isEqualTo(app.key().jwk().get("x"));
        assertThat(claims.has("key_type")).isFalse();
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isLessThan(86_400);
        assertThat(isRevoked(claims.at("/status/status_list"))).isFalse();

        var configured = app.configuration(attestation).ok();
        assertThat(configured.header("Content-Type").orElseThrow()).startsWith("application/jwt");
        assertThat(configured.header("Cache-Control")).contains("no-store");
        var configuration = verified("wallet-configuration+jwt", configured.body());
        assertThat(configuration.path("sub").asText()).isEqualTo(app.login());
        assertThat(configuration.at("/generalOptions/companyName").asText()).isEqualTo("ACME");

        operator.configure("{\"generalOptions\":{\"companyName\":\"Sons\"}}").ok();
        for (int i = 0; i < 2; i++) {
            assertThat(verified(
                                    "wallet-configuration+jwt",
                                    app.update(attestation).ok().body())
                            .at("/generalOptions/companyName")
                            .asText())
                    .isEqualTo("Sons");
        }
        app.update(app.attestation()).ok();
    }

    @Test
    void anInvitationIsGoodForOneKeyOnce() throws Exception {
        var app = invite(operator.newUser());
        var attestation = app.attestation();
        var another = app.anotherPhone();
        var others = another.attestation();
        refused(app.withLogin(app.login(), "wrong").configuration(attestation));
        app.configuration(attestation).ok();

        refused(app.configuration(attestation));
        refused(app.configuration(app.attestation()));
        refused(another.configuration(others));
        refused(another.update(others));
        refused(app.withLogin(app.login(), "wrong").update(attestation));
        app.update(attestation).ok();
    }

    @Test
    void anAttestationBeginsOneWallet() {
        var first = invite(operator.newUser());
        var attestation = first.attestation();
        first.configuration(attestation).ok();
        var second = first.reading(invitation(operator.newUser()));
        refused(second.configuration(attestation));
        second.configuration(second.attestation()).ok();
        first.update(attestation).ok();
    }

    @Test
    void ofParallelBeginsOneSucceeds() throws Exception {
        var app = invite(operator.newUser());
        var attestations = List.of(app.attestation(), app.attestation(), app.attestation(), app.attestation());
        var answers = AtOnce.call(attestations.size(), i -> app.configuration(attestations.get(i)));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(WalletCompatibilityIT::refused);
    }

    @Test
    void anotherInvitationEndsTheWalletBeforeAndItShows() throws Exception {
        var user = operator.newUser();
        var app = invite(user);
        var attestation = app.attestation();
        app.configuration(attestation).ok();
        var status = verified("wallet-attestation+jwt", attestation).at("/status/status_list");
        var native_ = operator.wallet(user);
        refused(app.update(attestation));
        assertThat(isRevoked(status)).isTrue();

        var again = invite(user);
        again.configuration(again.attestation()).ok();
        refused(native_.tokenWithPin(WalletApp.PIN));
    }

    @Test
    void operatorsEndItAsTheyEndOthers() throws Exception {
        var user = operator.newUser();
        var app = invite(user);
        var attestation = app.attestation();
        app.configuration(attestation).ok();
        operator.act(user, "block").ok();
        refused(app.update(attestation));
        operator.act(user, "unblock").ok();
        app.update(attestation).ok();
        operator.act(user, "revoke-wallet").ok();
        refused(app.update(attestation));
        assertThat(isRevoked(verified("wallet-attestation+jwt", attestation).at("/status/status_list")))
                .isTrue();
    }

    @Test
    void whereItIsNotAllowedNothingBeginsOrGoesOn() {
        var others = new WalletOperator(provider);
        var link = others.act(others.newUser(), "invitation").ok().text("link");
        var app = new ShippedWalletApp(provider, link);
        var attestation = app.attestation();
        refused(app.configuration(attestation));
        others.allowShippedApp(true).ok();
        app.configuration(attestation).ok();
        app.update(attestation).ok();
        others.allowShippedApp(false).ok();
        refused(app.update(attestation));
        assertThat(others.caller()
                        .get("/admin/v1/organisations/" + others.organisation() + "/compatibility")
                        .ok()
                        .json()
                        .path("allowed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void whereKeysAreRequiredToBeInHardwareNothingBegins() {
        var app = invite(operator.newUser());
        operator.requireKey("trusted_environment").ok();
        refused(app.configuration(app.attestation()));
        operator.requireKey("none").ok();
        var attestation = app.attestation();
        app.configuration(attestation).ok();
        operator.requireKey("trusted_environment").ok();
        refused(app.update(attestation));
        operator.requireKey("none").ok();
        app.update(attestation).ok();
    }

    @Test
    void theWalletOpensNothingElse() {
        var user = operator.newLegalPerson();
        var app = invite(user);
        app.configuration(app.attestation()).ok();
        for (var pin : List.of(app.password(), "a".repeat(64))) {
            long now = Instant.now().getEpochSecond();
            var claims = Map.<String, Object>of(
                    "iss",
                    app.login(),
                    "sub",
                    app.login(),
                    "aud",
                    Company.WALLET_ISSUER,
                    "jti",
                    "an-identifier",
                    "nonce",
                    provider.get("/nonce").ok().text("nonce"),
                    "iat",
                    now,
                    "exp",
                    now + 10,
                    "jwk",
                    app.key().jwk(),
                    "salted_pin_code",
                    pin);
            refused(provider.form(
                    "/token",
                    Map.of(
                            "grant_type",
                            "client_credentials",
                            "client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                            "client_assertion",
                            app.key().sign(Map.of("typ", "JWT"), claims))));
        }
        refused(invite(operator.newGuest()).configuration(app.attestation()));
    }

    @Test
    void otherWalletsAttestationsAreNone() {
        var user = operator.newUser();
        var begun = operator.invite(user).initialise().ok();
        var app = invite(user);
        refused(app.configuration(begun.text("wallet_attestation")));
        refused(app.configuration(begun.text("client_attestation")));
        refused(app.configuration("no.attestation.atall"));
        var attestation = app.attestation();
        var end = attestation.endsWith("A") ? "Q" : "A";
        refused(app.configuration(attestation.substring(0, attestation.length() - 1) + end));
        refused(app.call("/configuration", "", attestation));
        refused(app.call("/configuration", "a".repeat(2_000), attestation));
        var pair = (app.login() + ":" + app.password()).getBytes(StandardCharsets.UTF_8);
        refused(app.call(
                "/configuration",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((app.login() + app.password()).getBytes(StandardCharsets.UTF_8)),
                attestation));
        app.call("/configuration", Base64.getUrlEncoder().withoutPadding().encodeToString(pair), attestation)
                .ok();
    }

    @Test
    void onlyARightRequestGetsAnAttestationAndOnce() {
        var app = invite(operator.newUser());
        long now = Instant.now().getEpochSecond();
        for (var wrong : List.<Consumer<Map<String, Object>>>of(
                claims -> claims.put("iss", app.key().thumbprint() + "A"),
                claims -> claims.put("aud", Company.WALLET_ISSUER),
                claims -> claims.put("nonce", "A".repeat(43)),
                claims -> claims.remove("nonce"),
                claims -> claims.remove("jti"),
                claims -> claims.put("exp", now + 1002),
                claims -> claims.put("iat", now + 60),
                claims -> claims.put("nbf", now + 60),
                claims -> claims.put("exp", now - 60),
                claims -> claims.put("iat", 1.5),
                claims -> claims.remove("cnf"),
                claims -> claims.put("cnf", Map.of("jwk", app.key().privateJwk())),
                claims -> claims.put("cnf", Map.of("jwk", WalletKey.generate().jwk())))) {
            refused(app.attest(wrong));
        }
        refused(app.ask("no.request.atall"));
        var kept = new AtomicReference<Map<String, Object>>();
        app.attest(kept::set).ok();
        refused(app.attest(claims -> claims.put("nonce", kept.get().get("nonce"))));
    }

    /** As the app reads it: the most significant bit first. */
    private boolean isRevoked(JsonNode reference) throws Exception {
        var path = reference.path("uri").asText().substring(Company.WALLET_ISSUER.length());
        assertThat(path).startsWith("/statuslists/msb/");
        var list = Http.send(provider.request(path)
                        .setHeader("Accept", "application/statuslist+jwt")
                        .GET())
                .ok();
        var claims = verified("statuslist+jwt", list.body());
        assertThat(claims.path("sub")).isEqualTo(reference.path("uri"));
        var lst = Base64.getUrlDecoder().decode(claims.at("/status_list/lst").asText());
        try (var inflated = new InflaterInputStream(new ByteArrayInputStream(lst))) {
            int index = reference.path("idx").asInt();
            return (inflated.readAllBytes()[index / 8] >> (7 - index % 8) & 1) == 1;
        }
    }
}
