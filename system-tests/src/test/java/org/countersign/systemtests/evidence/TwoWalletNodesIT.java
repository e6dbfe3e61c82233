package org.countersign.systemtests.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.ShippedWalletApp;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletByOthers;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes of one wallet provider on one database: what is good once is good once on both, of the compatibility profile too, guesses are
 * counted together, and the server's nonces for proofs (RFC 9449 §8, §9), which this context wants, are known on both.
 */
@Tag("long")
class TwoWalletNodesIT {

    private static final String TOKEN = "/token";
    private static final String UPDATE = "/update-configuration";
    private static final String SIGN = "/signHash";
    private static final int COPIES = 8;

    private static List<TestServer> nodes;
    private static SignerApi one;
    private static SignerApi other;
    private static WalletOperator operator;

    @BeforeAll
    static void start() {
        nodes = TestServer.startNodes(2, List.of(Company.walletWithServerNonces()));
        one = nodes.get(0).api(Company.WALLET);
        other = nodes.get(1).api(Company.WALLET);
        operator = new WalletOperator(one);
    }

    @AfterAll
    static void stop() {
        TestServer.closeNodes(nodes);
    }

    /** The server's, for proofs: of the refusal of one without. */
    private static String proofNonce(WalletApp app) {
        return app.update("DPoP " + "A".repeat(43), List.of(app.proof(UPDATE, "A".repeat(43))))
                .refused(401, "use_dpop_nonce", "The DPoP proof needs the nonce of the header DPoP-Nonce")
                .header("DPoP-Nonce")
                .orElseThrow();
    }

    private static String proof(WalletApp app, String path, String token) {
        var nonce = proofNonce(app);
        return app.proof(path, token, claims -> claims.put("nonce", nonce));
    }

    private static String bearerToken(WalletApp app) {
        return app.tokenWithPin(WalletApp.PIN).ok().text("access_token");
    }

    private static void refused(Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
    }

    private static void oneSucceeded(List<Answer> answers, int status, String error) {
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        assertThat(answers).filteredOn(answer -> !answer.isOk()).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text("error")).isEqualTo(error);
        });
    }

    @Test
    void ofEqualInitialisationsOnBothOneSucceeds() throws Exception {
        var here = operator.invite(operator.newUser());
        var form = here.initialisation(claims -> {});
        oneSucceeded(
                AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? one : other).form("/initialisation", form)),
                401,
                "invalid_client");
        bearerToken(here.at(other));
    }

    @Test
    void anInvitationIsGoodOnceOnBoth() throws Exception {
        var here = operator.invite(operator.newUser());
        var there = here.at(other);
        oneSucceeded(AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? here : there).initialise()), 401, "invalid_client");
    }

    @Test
    void wrongPasswordsOfAnInvitationOnBothAreCountedTogether() throws Exception {
        var user = operator.newUser();
        var here = operator.invite(user);
        AtOnce.call(
                        COPIES,
                        copy -> (copy % 2 == 0 ? one : other)
                                .form(
                                        "/initialisation",
                                        here.initialisation(claims -> claims.put("password", "a guess"))))
                .forEach(TwoWalletNodesIT::refused);
        for (var app : List.of(here, here.at(other))) {
            refused(app.initialise());
        }
        operator.invite(user).at(other).initialise().ok();
    }

    @Test
    void ofEqualRequestsForATokenOnBothOneSucceeds() throws Exception {
        var here = operator.wallet(operator.newUser());
        var there = here.at(other);
        var assertion = here.sign(here.assertion());
        var proof = proof(here, TOKEN, null);
        oneSucceeded(
                AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? here : there).token(assertion, List.of(proof))),
                401,
                "invalid_client");
    }

    @Test
    void ofEqualProofsBesideOtherAssertionsOnBothOneSucceeds() throws Exception {
        var here = operator.wallet(operator.newUser());
        var there = here.at(other);
        var proof = proof(here, TOKEN, null);
        oneSucceeded(
                AtOnce.call(COPIES, copy -> {
                    var node = copy % 2 == 0 ? here : there;
                    return node.token(node.sign(node.assertion()), List.of(proof));
                }),
                400,
                "invalid_dpop_proof");
    }

    @Test
    void ofEqualCallsWithATokenOnBothOneSucceeds() throws Exception {
        var kid = operator.newCompanyKey().text("kid");
        var here = operator.wallet(operator.newLegalPerson());
        var there = here.at(other);
        var token = bearerToken(here);
        var update = proof(here, UPDATE, token);
        oneSucceeded(
                AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? here : there).update("DPoP " + token, List.of(update))),
                401,
                "invalid_dpop_proof");
        var sign = proof(here, SIGN, token);
        var form = Map.of("message", "A".repeat(43), "kid", kid);
        oneSucceeded(
                AtOnce.call(
                        COPIES,
                        copy -> (copy % 2 == 0 ? here : there).call(SIGN, "DPoP " + token, List.of(sign), form)),
                401,
                "invalid_dpop_proof");

        for (var renewal : Map.of(
                        "/update-pin", Map.of("salted_pin_code", WalletApp.PIN),
                        "/update-attestation", Map.of("key_attestation", "what the device says anew"))
                .entrySet()) {
            var path = renewal.getKey();
            var proof = proof(here, path, token);
            oneSucceeded(
                    AtOnce.call(
                            COPIES,
                            copy -> (copy % 2 == 0 ? here : there)
                                    .call(path, "DPoP " + token, List.of(proof), renewal.getValue())),
                    401,
                    "invalid_dpop_proof");
        }

        operator.revokeCompanyKey(kid).ok();
        there.call(SIGN, "DPoP " + token, List.of(proof(there, SIGN, token)), form)
                .refused(404, "not_found", "The organisation has no such key");
    }

    @Test
    void ofEqualProofsOfAnAttestationOnBothOneSucceeds() throws Exception {
        var here = operator.invite(operator.newUser());
        var attestation = here.initialise().ok().text("client_attestation");
        var there = here.at(other);
        var nonce = proofNonce(here);
        var attestationProof = here.attestationProof(claims -> {});
        oneSucceeded(
                AtOnce.call(
                        COPIES,
                        copy -> (copy % 2 == 0 ? here : there)
                                .attestedToken(
                                        attestation,
                                        attestationProof,
                                        List.of(here.proof(TOKEN, null, claims -> claims.put("nonce", nonce))))),
                400,
                "use_attestation_challenge");
    }

    @Test
    void wrongPinsOnBothAreCountedTogetherAndAnOperatorOfEitherUnlocks() throws Exception {
        var user = operator.newUser();
        var here = operator.wallet(user);
        var there = here.at(other);
        var token = bearerToken(here);
        AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? here : there).tokenWithPin("b".repeat(64)))
                .forEach(TwoWalletNodesIT::refused);
        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isEqualTo(3);
        for (var app : List.of(here, there)) {
            refused(app.tokenWithPin(WalletApp.PIN));
            app.update("DPoP " + token, List.of(proof(app, UPDATE, token)))
                    .refused(401, "invalid_token", "The access token was not accepted");
        }
        operator.act(user, "unlock").ok();
        bearerToken(there);
    }

    @Test
    void wrongPinsAreCountedAcrossNoncesNodesAndARestart() throws Exception {
        var user = operator.newUser();
        var here = operator.wallet(user);
        var there = here.at(other);
        var ofHere = here.assertion();
        ofHere.put("salted_pin_code", "b".repeat(64));
        refused(there.token(there.sign(ofHere), List.of()));
        refused(here.tokenWithPin("c".repeat(64)));

        nodes.get(1).killServer();
        nodes.get(1).startServer();

        assertThat(operator.show(user).at("/wallet/wrongPins").asInt()).isEqualTo(2);
        refused(there.tokenWithPin("d".repeat(64)));
        assertThat(operator.show(user).at("/wallet/locked").asBoolean()).isTrue();
        for (var app : List.of(here, there)) {
            refused(app.tokenWithPin(WalletApp.PIN));
        }
    }

    private static ShippedWalletApp shippedApp(String user) {
        return new ShippedWalletApp(one, operator.act(user, "invitation").ok().text("link"));
    }

    @Test
    void ofEqualRequestsOfTheShippedAppOnBothOneSucceeds() throws Exception {
        var here = shippedApp(operator.newUser());
        var there = here.at(other);
        var request = here.request(claims -> {});
        oneSucceeded(AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? here : there).ask(request)), 401, "invalid_client");
        // The same nonce in another request is no better.
        var nonce = here.nonce();
        oneSucceeded(
                AtOnce.call(COPIES, copy -> {
                    var node = copy % 2 == 0 ? here : there;
                    return node.ask(node.request(claims -> claims.put("nonce", nonce)));
                }),
                401,
                "invalid_client");
    }

    @Test
    void anInvitationOfTheShippedAppIsGoodOnceOnBoth() throws Exception {
        var user = operator.newUser();
        operator.allowShippedApp(true).ok();
        var here = shippedApp(user);
        var attestations = Stream.generate(here::attestation).limit(COPIES).toList();
        oneSucceeded(
                AtOnce.call(
                        COPIES, copy -> (copy % 2 == 0 ? here : here.at(other)).configuration(attestations.get(copy))),
                401,
                "invalid_client");
        var attestation = attestations.get(0);
        here.at(other).update(attestation).ok();
        operator.act(user, "revoke-wallet").ok();
        for (var node : List.of(here, here.at(other))) {
            refused(node.update(attestation));
        }
    }

    /** Whoever has a copy of the code may come with the other app, and to the other node. */
    @Test
    void anInvitationBeginsAWalletOfOneKindOnly() throws Exception {
        var user = operator.newUser();
        operator.allowShippedApp(true).ok();
        var link = operator.act(user, "invitation").ok().text("link");
        var shipped = new ShippedWalletApp(one, link);
        var attestation = shipped.attestation();
        var native_ = new WalletApp(other, link);
        oneSucceeded(
                AtOnce.call(COPIES, copy -> copy % 2 == 0 ? shipped.configuration(attestation) : native_.initialise()),
                401,
                "invalid_client");
        assertThat(List.of(shipped.update(attestation), native_.tokenWithPin(WalletApp.PIN)))
                .filteredOn(Answer::isOk)
                .hasSize(1);
    }

    @Test
    void anAttestationOfTheShippedAppBeginsOneWalletOnBoth() throws Exception {
        operator.allowShippedApp(true).ok();
        var first = shippedApp(operator.newUser());
        var second = first.reading(
                        operator.act(operator.newUser(), "invitation").ok().text("link"))
                .at(other);
        var attestation = first.attestation();
        var answers = AtOnce.call(COPIES, copy -> (copy % 2 == 0 ? first : second).configuration(attestation));
        oneSucceeded(answers, 401, "invalid_client");
        // The other one's invitation was not used up by that.
        var left = answers.stream()
                                        .filter(Answer::isOk)
                                        .findFirst()
                                        .map(answers::indexOf)
                                        .orElseThrow()
                                % 2
                        == 0
                ? second
                : first;
        left.configuration(left.attestation()).ok();
    }

    @Test
    void aServersNonceOfOneIsGoodOnTheOther() {
        var here = operator.wallet(operator.newUser());
        var there = here.at(other);
        var assertion = here.sign(here.assertion());
        var wanted = here.token(assertion, List.of(here.proof(TOKEN, null)))
                .refused(400, "use_dpop_nonce", "The DPoP proof needs the nonce of the header DPoP-Nonce");
        var nonce = wanted.header("DPoP-Nonce").orElseThrow();
        var issued = there.token(assertion, List.of(there.proof(TOKEN, null, claims -> claims.put("nonce", nonce))))
                .ok();
        assertThat(issued.text("token_type")).isEqualTo("DPoP");
        var token = issued.text("access_token");
        var next = issued.header("DPoP-Nonce").orElseThrow();
        here.update("DPoP " + token, List.of(here.proof(UPDATE, token, claims -> claims.put("nonce", next))))
                .ok();

        var without = here.update(token)
                .refused(401, "use_dpop_nonce", "The DPoP proof needs the nonce of the header DPoP-Nonce");
        assertThat(without.header("WWW-Authenticate")).contains("DPoP error=\"use_dpop_nonce\", algs=\"ES256\"");
        assertThat(without.header("Cache-Control")).contains("no-store");
        var made = here.proof(UPDATE, token, claims -> claims.put("nonce", "A".repeat(32)));
        here.update("DPoP " + token, List.of(made))
                .refused(401, "use_dpop_nonce", "The DPoP proof needs the nonce of the header DPoP-Nonce");
    }

    @Test
    void aWalletByOthersFindsTheNoncesItself(@TempDir Path folder) throws Exception {
        WalletByOthers.run(other, folder);
    }
}
