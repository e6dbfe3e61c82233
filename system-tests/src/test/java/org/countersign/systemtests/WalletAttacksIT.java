package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.ShippedWalletApp;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletKey;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is not to succeed at the wallet provider: in the order of RFC 9449 and RFC 7523, then replays and guesses. */
@ExtendWith(RunningServer.class)
class WalletAttacksIT {

    private static final String UPDATE = "/update-configuration";
    private static final int COPIES = 8;

    private final TestServer server;
    private final SignerApi provider;
    private final WalletOperator operator;
    private final String user;
    private final WalletApp app;

    WalletAttacksIT(Platform platform) {
        server = platform.server();
        provider = platform.wallet();
        operator = new WalletOperator(provider);
        user = operator.newUser();
        app = operator.wallet(user);
    }

    private static void badProof(Answer answer) {
        answer.refused(401, "invalid_dpop_proof", "The DPoP proof was not accepted");
        assertThat(answer.header("WWW-Authenticate")).contains("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
    }

    private static void badAssertion(Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
    }

    private void refusedUpdate(String token, Consumer<Map<String, Object>> change) {
        badProof(app.update("DPoP " + token, List.of(app.proof(UPDATE, token, change))));
    }

    // RFC 9449 §4.3 (1)
    @Test
    void aTokenWithoutItsProofOrWithTwo() {
        var token = app.token();
        badProof(app.update("DPoP " + token, List.of()));
        badProof(app.update("DPoP " + token, List.of(app.proof(UPDATE, token), app.proof(UPDATE, token))));
        app.token(app.sign(app.assertion()), List.of(app.proof("/token", null), app.proof("/token", null)))
                .refused(400, "invalid_dpop_proof", "The DPoP proof was not accepted");
    }

    // RFC 9449 §8: off, as nobody asked for them
    @Test
    void noNonceIsWantedUnlessTheContextSaysSo() {
        var token = app.token();
        assertThat(app.update(token).ok().header("DPoP-Nonce")).isEmpty();
        assertThat(app.update("DPoP " + token, List.of("a.b.c")).header("DPoP-Nonce"))
                .isEmpty();
        app.update("DPoP " + token, List.of(app.proof(UPDATE, token, claims -> claims.put("nonce", "whatever"))))
                .ok();
    }

    // RFC 9449 §4.3 (2) to (7)
    @Test
    void proofsThatAreNone() throws Exception {
        var token = app.token();
        var claims = WalletApp.proofClaims(UPDATE, token, none -> {});
        var jwk = app.key().jwk();
        var headers = List.<Map<String, Object>>of(
                Map.of("typ", "JWT", "jwk", jwk),
                Map.of("jwk", jwk),
                Map.of("typ", "dpop+jwt"),
                Map.of("typ", "dpop+jwt", "jwk", app.key().privateJwk()),
                Map.of("typ", "dpop+jwt", "jwk", jwk, "crit", List.of("jwk")),
                Map.of("typ", "dpop+jwt", "jwk", jwk, "x5c", List.of("AAAA")),
                Map.of("typ", "dpop+jwt", "jwk", offTheCurve(jwk)),
                Map.of("typ", "dpop+jwt", "jwk", WalletKey.generate().jwk()));
        for (var header : headers) {
            badProof(app.update("DPoP " + token, List.of(app.key().sign(header, claims))));
        }
        var right = Map.of("typ", "dpop+jwt", "jwk", jwk);
        for (var other : otherAlgorithms(app.key(), right, claims)) {
            badProof(app.update("DPoP " + token, List.of(other)));
        }
        app.update("DPoP " + token, List.of(app.key().sign(right, claims))).ok();
        for (var missing : List.of("jti", "htm", "htu", "iat", "ath")) {
            refusedUpdate(token, change -> change.remove(missing));
        }
    }

    /** All that a right one has, but for the algorithm. */
    private static List<String> otherAlgorithms(WalletKey key, Map<String, ?> header, Map<String, ?> claims) {
        var all = new ArrayList<>(key.byHmac(header, claims));
        all.add(WalletKey.unsigned(header, claims));
        return all;
    }

    private static Map<String, Object> offTheCurve(Map<String, Object> jwk) {
        var other = new LinkedHashMap<>(jwk);
        other.put("y", jwk.get("x"));
        return other;
    }

    // RFC 9449 §4.3 (8), (9)
    @Test
    void aProofForAnotherMethodOrAddress() {
        var token = app.token();
        for (var htm : List.of("GET", "post")) {
            refusedUpdate(token, claims -> claims.put("htm", htm));
        }
        for (var htu : List.of(
                Company.WALLET_ISSUER + "/token",
                Company.WALLET_ISSUER + UPDATE + "/",
                Company.WALLET_ISSUER + "/UPDATE-configuration",
                Company.WALLET_ISSUER + "/./update-configuration",
                "http://wallet.example.com/wallet-acme" + UPDATE,
                "https://wallet.example.com:444/wallet-acme" + UPDATE,
                "https://wallet.example.com@evil.example/wallet-acme" + UPDATE,
                provider.context() + UPDATE,
                UPDATE,
                "")) {
            refusedUpdate(token, claims -> claims.put("htu", htu));
        }
        for (var htu : List.of(
                "HTTPS://WALLET.example.com/wallet-acme" + UPDATE,
                "https://wallet.example.com:443/wallet-acme" + UPDATE,
                Company.WALLET_ISSUER + UPDATE + "?a=b#c")) {
            app.update("DPoP " + token, List.of(app.proof(UPDATE, token, claims -> claims.put("htu", htu))))
                    .ok();
        }
    }

    // RFC 9449 §4.3 (11)
    @Test
    void aProofOfAnotherTime() {
        var token = app.token();
        long now = Instant.now().getEpochSecond();
        for (var iat :
                List.<Object>of(now - 60, now + 3600, now + 0.5, 9e15, Long.MAX_VALUE, -1, String.valueOf(now), true)) {
            refusedUpdate(token, claims -> claims.put("iat", iat));
        }
        refusedUpdate(token, claims -> claims.put("exp", now - 60));
        refusedUpdate(token, claims -> claims.put("nbf", now + 3600));
    }

    // RFC 9449 §4.3 (12), §7.1
    @Test
    void aProofWithAnotherTokenOrKeyOrScheme() {
        var token = app.token();
        var other = app.token();
        badProof(app.update("DPoP " + token, List.of(app.proof(UPDATE, other))));
        var thief = operator.wallet(operator.newUser());
        for (var answer : List.of(
                thief.update(token),
                app.update("Bearer " + token, List.of(app.proof(UPDATE, token))),
                app.update(null, List.of(app.proof(UPDATE, token))),
                app.update("Basic " + token, List.of(app.proof(UPDATE, token))),
                app.update("A".repeat(43)))) {
            answer.refused(401, "invalid_token", "The access token was not accepted");
            assertThat(answer.header("WWW-Authenticate")).contains("DPoP error=\"invalid_token\", algs=\"ES256\"");
        }
        app.update(token).ok();
    }

    // RFC 9449 §5
    @Test
    void aTokenIsNotBoundToAnotherKeyThanTheAssertions() {
        var thief = operator.wallet(operator.newUser());
        app.token(app.sign(app.assertion()), List.of(thief.proof("/token", null)))
                .refused(400, "invalid_dpop_proof", "The DPoP proof was not accepted");
    }

    // RFC 7523 §3 (1) to (9)
    @Test
    void assertionsThatAreNone() {
        long now = Instant.now().getEpochSecond();
        for (var missing : List.of("iss", "sub", "aud", "exp", "iat", "jti", "nonce", "salted_pin_code", "jwk")) {
            var claims = app.assertion();
            claims.remove(missing);
            badAssertion(app.token(app.sign(claims), List.of()));
        }
        var changes = new ArrayList<Map<String, Object>>();
        // (1), (2)
        changes.add(Map.of("iss", "somebody@people.example.com"));
        changes.add(Map.of("sub", "somebody@people.example.com"));
        changes.add(Map.of("iss", "a\u0000b", "sub", "a\u0000b"));
        changes.add(Map.of("iss", "", "sub", ""));
        // (3)
        changes.add(Map.of("aud", "https://elsewhere.example.com"));
        changes.add(Map.of("aud", Company.WALLET_ISSUER + "/"));
        changes.add(Map.of("aud", List.of(Company.WALLET_ISSUER, "https://elsewhere.example.com")));
        // (4)
        changes.add(Map.of("exp", now - 60, "iat", now - 65));
        changes.add(Map.of("exp", now + 3605, "iat", now + 3600));
        changes.add(Map.of("exp", now + 3600));
        changes.add(Map.of("exp", "soon"));
        changes.add(Map.of("exp", Long.MAX_VALUE));
        // (5)
        changes.add(Map.of("nbf", now + 3600));
        changes.add(Map.of("nbf", now + 0.5));
        changes.add(Map.of("nbf", "now"));
        // (6)
        changes.add(Map.of("iat", now + 0.5));
        changes.add(Map.of("iat", -1));
        changes.add(Map.of("iat", 9e15));
        changes.add(Map.of("iat", now + 3600));
        // (7)
        changes.add(Map.of("jti", ""));
        // (8)
        changes.add(Map.of("nonce", "A".repeat(43)));
        changes.add(Map.of("salted_pin_code", ""));
        changes.add(Map.of("salted_pin_code", "0000"));
        // (9)
        changes.add(Map.of("jwk", app.key().privateJwk()));
        changes.add(Map.of("jwk", offTheCurve(app.key().jwk())));
        changes.add(Map.of("jwk", WalletKey.generate().jwk()));
        for (var change : changes) {
            var claims = app.assertion();
            claims.putAll(change);
            badAssertion(app.token(app.sign(claims), List.of()));
        }
        for (var header : List.<Map<String, Object>>of(
                Map.of("typ", "dpop+jwt"),
                Map.of("crit", List.of("exp")),
                Map.of("jwk", WalletKey.generate().jwk()))) {
            badAssertion(app.token(app.key().sign(header, app.assertion()), List.of()));
        }
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt())
                .as("none of them spent a try")
                .isZero();
        var good = app.assertion();
        good.put("nbf", now - 1);
        app.token(app.key().sign(Map.of("jwk", app.key().jwk()), good), List.of())
                .ok();
    }

    // RFC 7523 §3 (9), RFC 9449 §4.3 (5), (6): ES256 alone, whatever the header says
    @Test
    void anotherAlgorithmIsNone() throws Exception {
        var claims = app.assertion();
        var header = Map.of("typ", "JWT", "jwk", app.key().jwk());
        for (var other : otherAlgorithms(app.key(), header, claims)) {
            badAssertion(app.token(other, List.of()));
        }
        app.token(app.key().sign(header, claims), List.of()).ok();

        var guest = operator.invite(operator.newUser());
        var initialisation = guest.initialisationClaims();
        var guests = Map.of("typ", "JWT", "jwk", guest.key().jwk());
        for (var other : otherAlgorithms(guest.key(), guests, initialisation)) {
            badAssertion(provider.form(
                    "/initialisation", guest.initialisation(other, (String) initialisation.get("nonce"))));
        }
        provider.form("/initialisation", guest.initialisation(guest.key().sign(guests, initialisation), (String)
                        initialisation.get("nonce")))
                .ok();

        var shipped = new ShippedWalletApp(
                provider, operator.act(operator.newUser(), "invitation").ok().text("link"));
        var request = shipped.requestClaims();
        for (var other : otherAlgorithms(shipped.key(), shipped.requestHeader(), request)) {
            badAssertion(shipped.ask(other));
        }
        shipped.ask(shipped.key().sign(shipped.requestHeader(), request)).ok();
    }

    // RFC 7515 §4.1.2, §4.1.5
    @Test
    void nothingThatARequestNamesIsFetched() throws Exception {
        try (var elsewhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + elsewhere.getLocalPort() + "/keys";
            var token = app.token();
            var guest = operator.invite(operator.newUser());
            for (var header : List.of("jku", "x5u")) {
                var jwk = app.key().jwk();
                badProof(app.update(
                        "DPoP " + token,
                        List.of(app.key()
                                .sign(
                                        Map.of("typ", "dpop+jwt", "jwk", jwk, header, address),
                                        WalletApp.proofClaims(UPDATE, token, claims -> {})))));
                badAssertion(
                        app.token(app.key().sign(Map.of("typ", "JWT", header, address), app.assertion()), List.of()));
                var claims = app.assertion();
                claims.put("iss", address);
                claims.put("sub", address);
                badAssertion(app.token(app.key().sign(Map.of("typ", "JWT", header, address), claims), List.of()));
                badAssertion(provider.form(
                        "/initialisation",
                        guest.initialisation(
                                changed -> changed.put("jwk", Map.of("kty", "EC", "crv", "P-256", header, address)))));
            }
            elsewhere.setSoTimeout(1);
            assertThatThrownBy(elsewhere::accept).as("nobody came").isInstanceOf(SocketTimeoutException.class);
        }
    }

    // RFC 9449 §4.3 (9): the address is the configured one, whoever says what was asked for
    @Test
    void headersOfARequestDoNotMoveTheAddressOfAProof() {
        var token = app.token();
        for (var host : List.of("evil.example", "evil.example:443")) {
            var proof =
                    app.proof(UPDATE, token, claims -> claims.put("htu", "https://" + host + "/wallet-acme" + UPDATE));
            badProof(Http.send(provider.request(UPDATE)
                    .setHeader("Accept", "application/jwt, application/json")
                    .header("Authorization", "DPoP " + token)
                    .header("DPoP", proof)
                    .header("X-Forwarded-Host", host)
                    .header("X-Forwarded-Proto", "https")
                    .header("Forwarded", "host=\"" + host + "\";proto=https")
                    .header("X-Original-URL", "/wallet-acme" + UPDATE)
                    .POST(BodyPublishers.noBody())));
        }
    }

    @Test
    void initialisationsThatAreNone() {
        var guest = operator.invite(operator.newUser());
        var changes = List.<Consumer<Map<String, Object>>>of(
                claims -> claims.put("iss", guest.login()),
                claims -> claims.put("aud", "https://elsewhere.example.com"),
                claims -> claims.put("login", "somebody@people.example.com"),
                claims -> claims.put("login", "a\u0000b"),
                claims -> claims.put("key_attestation", "a\u0000b"),
                claims -> claims.put("nonce", "A".repeat(43)),
                claims -> claims.put("cnf", Map.of("jwk", guest.key().jwk())),
                claims -> claims.put("cnf", Map.of("jwk", WalletKey.generate().jwk())),
                claims -> claims.put("cnf", "a key"),
                claims -> claims.remove("key_attestation"),
                claims -> claims.remove("salted_pin_code"));
        for (var change : changes) {
            badAssertion(provider.form("/initialisation", guest.initialisation(change)));
        }
        // one key for both, of which it does prove possession
        var single = guest.assertion();
        var ofOne = new LinkedHashMap<>(guest.initialisation(claims -> {
            claims.put("nonce", single.get("nonce"));
            claims.put("cnf", Map.of("jwk", guest.key().jwk()));
        }));
        ofOne.put("attestation_key_proof", guest.key().sign(Map.of(), (String) single.get("nonce")));
        badAssertion(provider.form("/initialisation", ofOne));
        var form = new LinkedHashMap<>(guest.initialisation(claims -> {}));
        form.put("attestation_key_proof", guest.attestationKey().sign(Map.of(), guest.nonce()));
        badAssertion(provider.form("/initialisation", form));
        form.remove("attestation_key_proof");
        provider.form("/initialisation", form).refused(400, "invalid_request", "attestation_key_proof is required");
        guest.initialise().ok();
    }

    @Test
    void anInvitationIsGoodOnceHoweverManyComeAtOnce() throws Exception {
        var guest = operator.invite(operator.newUser());
        var answers = AtOnce.call(COPIES, copy -> provider.form("/initialisation", guest.initialisation(claims -> {})));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        badAssertion(guest.initialise());
        guest.update(guest.token()).ok();
    }

    @Test
    void anInvitationDiesAfterFiveWrongPasswords() {
        var invited = operator.newUser();
        var guest = operator.invite(invited);
        for (int i = 0; i < 5; i++) {
            badAssertion(provider.form(
                    "/initialisation", guest.initialisation(claims -> claims.put("password", "a guess"))));
        }
        badAssertion(guest.initialise());
        operator.wallet(invited);
    }

    @Test
    void ofEqualRequestsForATokenOneSucceeds() throws Exception {
        var assertion = app.sign(app.assertion());
        var proof = app.proof("/token", null);
        var answers = AtOnce.call(COPIES, copy -> app.token(assertion, List.of(proof)));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);

        var another = app.sign(app.assertion());
        app.token(another, List.of(proof)).refused(400, "invalid_dpop_proof", "The DPoP proof was not accepted");
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isZero();
    }

    @Test
    void ofEqualUpdatesOneSucceeds() throws Exception {
        var token = app.token();
        var proof = app.proof(UPDATE, token);
        var answers = AtOnce.call(COPIES, copy -> app.update("DPoP " + token, List.of(proof)));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        var first = app.proof(UPDATE, token, claims -> claims.put("jti", "identifier-0000000001"));
        var again = app.proof(UPDATE, token, claims -> claims.put("jti", "identifier-0000000001"));
        app.update("DPoP " + token, List.of(first)).ok();
        badProof(app.update("DPoP " + token, List.of(again)));
    }

    /** A call that a token opens, of a wallet that may make it. */
    private record Resource(String path, Map<String, String> form) {}

    private static List<Resource> resources(String kid) {
        return List.of(
                new Resource("/signHash", Map.of("message", "A".repeat(43), "kid", kid)),
                new Resource("/update-pin", Map.of("salted_pin_code", WalletApp.PIN)),
                new Resource("/update-attestation", Map.of("key_attestation", "what the device says anew")));
    }

    @Test
    void noResourceTakesAProofThatIsMissingOfElsewhereOrUsed() throws Exception {
        var company = operator.wallet(operator.newLegalPerson());
        var token = company.token();
        for (var resource : resources(operator.newCompanyKey().text("kid"))) {
            var path = resource.path();
            var form = resource.form();
            badProof(company.call(path, "DPoP " + token, List.of(), form));
            badProof(company.call(
                    path, "DPoP " + token, List.of(company.proof(path, token), company.proof(path, token)), form));
            badProof(company.call(path, "DPoP " + token, List.of(company.proof(UPDATE, token)), form));
            badProof(company.call(path, "DPoP " + token, List.of(company.proof(path, company.token())), form));
            // They live for some seconds.
            var proof = company.proof(path, token);
            for (var answer : List.of(
                    company.call(path, "Bearer " + token, List.of(proof), form),
                    company.call(path, "DPoP " + token, List.of(app.proof(path, token)), form))) {
                answer.refused(401, "invalid_token", "The access token was not accepted");
            }
            var answers = AtOnce.call(COPIES, copy -> company.call(path, "DPoP " + token, List.of(proof), form));
            assertThat(answers).as(path).filteredOn(Answer::isOk).hasSize(1);
            answers.stream().filter(answer -> !answer.isOk()).forEach(WalletAttacksIT::badProof);
        }
    }

    @Test
    void onlyTheConfigurationIsOpenedByAProofThatDoesNotSayWhenItWasMade() {
        var company = operator.wallet(operator.newLegalPerson());
        var token = company.tokenWithPin(WalletApp.PIN).ok().text("access_token");
        Consumer<Map<String, Object>> expiryAlone = claims -> {
            claims.remove("iat");
            claims.put("exp", Instant.now().getEpochSecond() + 10);
        };
        for (var resource : resources(operator.newCompanyKey().text("kid"))) {
            var path = resource.path();
            badProof(company.call(
                    path, "Bearer " + token, List.of(company.proof(path, token, expiryAlone)), resource.form()));
            company.call(path, "Bearer " + token, List.of(company.proof(path, token)), resource.form())
                    .ok();
        }
        company.update("Bearer " + token, List.of(company.proof(UPDATE, token, expiryAlone)))
                .ok();
    }

    @Test
    void ofManyWrongPinsAtOnceThreeCount() throws Exception {
        AtOnce.call(COPIES, copy -> app.tokenWithPin("b".repeat(64))).forEach(WalletAttacksIT::badAssertion);
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isEqualTo(3);
        badAssertion(app.tokenWithPin(WalletApp.PIN));
    }

    @Test
    void aWrongPinThatIsSentAgainCountsOnce() {
        var claims = app.assertion();
        claims.put("salted_pin_code", "b".repeat(64));
        var assertion = app.sign(claims);
        for (int i = 0; i < 4; i++) {
            badAssertion(app.token(assertion, List.of()));
        }
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isEqualTo(1);
    }

    @Test
    void aStrangerNeitherLocksNorLearnsWhetherTheLoginExists() {
        var stranger = WalletKey.generate();
        var answers = new ArrayList<String>();
        for (var pin : List.of(WalletApp.PIN, "b".repeat(64))) {
            for (var login : List.of(app.login(), "nobody@people.example.com", app.login(), app.login(), app.login())) {
                var claims = app.assertion();
                claims.put("iss", login);
                claims.put("sub", login);
                claims.put("jwk", stranger.jwk());
                claims.put("salted_pin_code", pin);
                var answer = app.token(stranger.sign(Map.of("typ", "JWT"), claims), List.of());
                answers.add(
                        answer.status() + answer.body() + answer.headers().map().keySet());
            }
        }
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isZero();
        var wrongPin = app.tokenWithPin("b".repeat(64));
        answers.add(
                wrongPin.status() + wrongPin.body() + wrongPin.headers().map().keySet());
        assertThat(answers).containsOnly(answers.get(0));
        app.update(app.token()).ok();
    }

    @Test
    void nothingThatWouldLetSomebodyInIsInTheDatabaseAsItIs() throws Exception {
        var guest = operator.invite(operator.newUser());
        var password = guest.password();
        var nonce = guest.nonce();
        guest.initialise().ok();
        var token = guest.token();
        var shipped = new ShippedWalletApp(
                provider, operator.act(operator.newUser(), "invitation").ok().text("link"));
        operator.allowShippedApp(true).ok();
        shipped.configuration(shipped.attestation()).ok();
        try (var connection = server.database().superuser("wallet")) {
            var tables = new ArrayList<String>();
            try (var rows = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
                while (rows.next()) {
                    tables.add(rows.getString("TABLE_NAME"));
                }
            }
            assertThat(tables).contains("wallet", "wallet_user", "wallet_token", "nonce");
            for (var secret : List.of(WalletApp.PIN, password, nonce, token, shipped.password())) {
                for (var form : forms(secret)) {
                    for (var table : tables) {
                        assertThat(rowsWith(connection, table, form)).as(table).isZero();
                    }
                }
            }
            assertThat(rowsWith(connection, "wallet_user", guest.login()))
                    .as("what is there is found")
                    .isEqualTo(1);
            assertThat(forms(guest.key().thumbprint()))
                    .as("what is there in bytes is found")
                    .anySatisfy(form ->
                            assertThat(rowsWith(connection, "wallet", form)).isEqualTo(1));
        }
    }

    /** As text, and as bytes in hexadecimal, as PostgreSQL shows them: the text's own, and those it stands for. */
    private static Set<String> forms(String secret) {
        var hex = HexFormat.of();
        var forms = new HashSet<>(List.of(secret, hex.formatHex(secret.getBytes(StandardCharsets.UTF_8))));
        if (secret.matches("[A-Za-z0-9_-]{22,}")) {
            forms.add(hex.formatHex(Base64.getUrlDecoder().decode(secret)));
        }
        if (secret.matches("([0-9A-Fa-f]{2}){16,}")) {
            forms.add(secret.toLowerCase(Locale.ROOT));
        }
        return forms;
    }

    private static int rowsWith(Connection connection, String table, String text) throws SQLException {
        try (var query = connection.prepareStatement(
                "select count(*) from \"" + table + "\" t where position(? in t::text) > 0")) {
            query.setString(1, text);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
