package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.ApprovalGateway;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Authorizations that wait for their holder's approval, which comes through a gateway. */
@ExtendWith(RunningServer.class)
class PushApprovalIT extends LivingCredentials {

    /** That the holder is to be asked (CSC API 2.0.0.2 §8.3.1.5). */
    private static final Map<String, String> PUSH = Map.of("id", "PUSH");

    private static final String CONFLICT = "Another authorization waits for its holder's approval";
    private static final int AT_ONCE = 6;

    private final ApprovalGateway gateway;
    private final SignerApi api;

    PushApprovalIT(Platform platform) {
        super(platform);
        this.gateway = platform.gateway();
        this.api = platform.globex();
    }

    @Test
    void theSadComesOnceTheHolderApproves() {
        var holder = enrolled("push", "pin-push");
        var hashes = holder.hashes("document");

        var waiting = asked(holder, hashes, "the\u0007contract of ${CLIENT}");

        assertThat(waiting.status()).isEqualTo(202);
        assertThat(waiting.json().has("SAD")).isFalse();
        assertThat(waiting.json().path("expiresIn").asInt()).isBetween(60, 120);
        var handle = waiting.text("handle");
        check(holder, handle, 202);
        var question = question(holder);
        assertThat(question.path("subject").asText())
                .isEqualTo(question.path("id").asText().substring(0, 8));
        assertThat(question.path("text").asText())
                .isEqualTo("Please confirm this operation: the contract of ${CLIENT} (1, push)");
        assertThat(question.path("tenant").asText()).isEqualTo("globex");
        assertThat(question.path("expiresIn").asInt()).isEqualTo(120);
        // What is asked for is no SAD, and the question's number no handle.
        holder.sign(handle, hashes).refused(400, "invalid_sad", "The SAD is invalid");
        check(holder, question.path("id").asText(), 400);

        assertThat(gateway.answer(api, question, true).status()).isEqualTo(204);

        var sad = check(holder, handle, 200).text("SAD");
        holder.sign(sad, holder.hashes("another"))
                .refused(400, "invalid_request", "Hash is not authorized by the SAD.");
        var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
        check(holder, handle, 400);
        check(holder, sad, 400);
        assertThat(audited(holder))
                .contains("approval.requested SUCCESS", "approval.answered SUCCESS", "credential.authorized SUCCESS");
    }

    @Test
    void aRefusalIsTheEndOfIt() {
        var holder = enrolled("push-refused", "pin-push");
        var handle = asked(holder, holder.hashes("document"), null).text("handle");
        var question = question(holder);
        assertThat(question.path("text").asText()).contains("signatures: 1");

        assertThat(gateway.answer(api, question, false).status()).isEqualTo(204);

        check(holder, handle, 403);
        checked(holder, handle).refused(403, "approval_refused", "The holder refused");
        gateway.answer(api, question, true).refused(409, "conflict", "Another answer came before");
        assertThat(gateway.answer(api, question, false).status())
                .as("told again")
                .isEqualTo(204);
        checked(holder, handle).refused(403, "approval_refused", "The holder refused");
        assertThat(asked(holder, holder.hashes("document"), null).status())
                .as("asked anew")
                .isEqualTo(202);
        assertThat(gateway.sentTo("push-refused")).hasSize(2);
    }

    @Test
    void aWrongPinAsksNobodyAndIsCounted() {
        var holder = enrolled("push-pin", "pin-push");
        for (int i = 0; i < 3; i++) {
            authorize(holder, Map.of("PIN", "000000")).refused(400, "invalid_pin", "The PIN is invalid");
        }
        authorize(holder, holder.factors()).refused(403, "credential_locked", "The credential is locked");
        assertThat(gateway.sentTo("push-pin")).isEmpty();
    }

    @Test
    void theSameAskedForAgainIsOneQuestionAndAnotherHasToWait() {
        var holder = enrolled("push-again", "pin-push");
        var hashes = holder.hashes("document");
        var first = asked(holder, hashes, "a").text("handle");
        var second = asked(holder, hashes, "a").text("handle");
        assertThat(gateway.sentTo("push-again")).hasSize(1);

        asked(holder, hashes, "b").refused(409, "conflict", CONFLICT);
        asked(holder, holder.hashes("another"), "a").refused(409, "conflict", CONFLICT);
        // A question whose time is over gives way.
        one("UPDATE approval SET expires_at = now() - interval '1 second' WHERE credential_id = '" + holder.credential()
                + "' RETURNING 1");
        checked(holder, first).refused(400, "invalid_request", "The holder did not approve in time");
        var former = question(holder);
        gateway.answer(api, former, true).refused(409, "conflict", "The time for an answer is over");
        var third = asked(holder, holder.hashes("another"), "a").text("handle");
        gateway.answer(api, former, true).refused(404, "not_found", "The approval was not found");
        checked(holder, second).refused(400, "invalid_request", "The handle is invalid");

        assertThat(gateway.answer(api, question(holder), true).status()).isEqualTo(204);
        check(holder, third, 200);
    }

    @Test
    void ofManyThatFetchTheSadOneGetsIt() throws Exception {
        var holder = enrolled("push-many", "pin-push");
        var handle = asked(holder, holder.hashes("document"), null).text("handle");
        gateway.answer(api, question(holder), true);

        var answers = AtOnce.call(AT_ONCE, which -> checked(holder, handle));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> answer.refused(400, "invalid_request", "The handle was used"));
    }

    @Test
    void ofAnApprovalAndARefusalAtOnceOneDecides() throws Exception {
        var holder = enrolled("push-race", "pin-push");
        for (int round = 0; round < 4; round++) {
            var handle = asked(holder, holder.hashes("document"), null).text("handle");
            var question = question(holder);

            var answers = AtOnce.call(AT_ONCE, which -> gateway.answer(api, question, which % 2 == 0));

            var taken =
                    answers.stream().filter(answer -> answer.status() == 204).toList();
            assertThat(taken).as("those that said the same").hasSize(AT_ONCE / 2);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() != 204)
                    .allSatisfy(answer -> answer.refused(409, "conflict", "Another answer came before"));
            boolean approved = answers.get(0).status() == 204;
            check(holder, handle, approved ? 200 : 403);
            // Refusals count like wrong factors.
            one("UPDATE credential SET failures = 0 WHERE id = '" + holder.credential() + "' RETURNING 1");
        }
        assertThat(one("SELECT count(*) FROM audit_entry WHERE type = 'approval.answered' AND credential = '"
                        + holder.credential() + "'"))
                .as("one for each that was taken, and for each that said the same again")
                .isEqualTo(Integer.toString(4 * AT_ONCE / 2));
    }

    @Test
    void ofManyThatAskAtOnceOneQuestionComes() throws Exception {
        var holder = enrolled("push-asked", "pin-push");

        var answers = AtOnce.call(AT_ONCE, which -> asked(holder, holder.hashes("document"), null));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        assertThat(gateway.sentTo("push-asked")).hasSize(1);
        gateway.answer(api, question(holder), true);
        assertThat(answers.stream()
                        .map(answer -> checked(holder, answer.text("handle")).status())
                        .filter(status -> status == 200))
                .hasSize(1);
    }

    @Test
    void onlyTheGatewayAnswersAndOnlyAboutWhatItWasSent() {
        var holder = enrolled("push-forged", "pin-push");
        var handle = asked(holder, holder.hashes("document"), null).text("handle");
        var question = question(holder);
        var id = question.path("id").asText();
        var body = "{\"approved\": true, \"content\": \""
                + question.path("content").asText() + "\"}";
        for (var authorization : new String[] {
            null,
            CscClient.basic(ApprovalGateway.CLIENT, "another"),
            CscClient.basic("another", ApprovalGateway.SECRET),
            "Bearer " + holder.caller().token()
        }) {
            gateway.answer(api, authorization, id, body).refused(401, "invalid_client", "Bad client credentials");
        }
        assertThat(
                        one(
                                "SELECT count(*) FROM audit_entry WHERE type = 'client.refused' AND details::text LIKE '%approvals%'"))
                .isEqualTo("4");
        gateway.answer(platform.acme(), CscClient.basic(ApprovalGateway.CLIENT, ApprovalGateway.SECRET), id, body)
                .refused(403, "access_denied", "Access is denied");
        var own = CscClient.basic(ApprovalGateway.CLIENT, ApprovalGateway.SECRET);
        gateway.answer(api, own, id, "{\"approved\": true, \"content\": \"AAAA\"}")
                .refused(409, "conflict", "The answer is about something else");
        gateway.answer(api, own, id, "{\"approved\": true}").refused(400, "invalid_request", "content is required");
        gateway.answer(api, own, id, "{\"content\": \"AAAA\"}").refused(400, "invalid_request", "approved is required");
        gateway.answer(api, own, id, "{\"approved\": true, \"content\": \"%\"}")
                .refused(400, "invalid_request", "content must be base64");
        gateway.answer(api, own, id, "").refused(400, "invalid_request", "Payload is required");
        gateway.answer(api, own, "1-1-1-1-1", body).refused(404, "not_found", "The approval was not found");
        check(holder, handle, 202);
    }

    @Test
    void theHandleIsItsClientsAndItsSeats() {
        var holder = enrolled("push-own", "pin-push");
        var handle = asked(holder, holder.hashes("document"), null).text("handle");
        gateway.answer(api, question(holder), true);
        platform.newClient("push-other", ALL);
        var other = api.as("push-other", "secret of push-other", "seat:push-own@globex");
        var another = api.as("push-own", "secret of push-own", "seat:somebody@globex");
        for (var caller : List.of(other, another)) {
            checked(caller, handle).refused(400, "invalid_request", "The handle is invalid");
        }
        check(holder, handle, 200);
    }

    @Test
    void whatEndsAuthorizationsEndsWhatWaits() {
        var holder = enrolled("push-ended", "pin-push");
        var handle = asked(holder, holder.hashes("document"), null).text("handle");
        act(holder, "pin/change", with(holder.factors(), "newPIN", NEW_PIN)).ok();
        gateway.answer(api, question(holder), true).refused(404, "not_found", "The approval was not found");
        checked(holder, handle).refused(400, "invalid_request", "The handle is invalid");

        var suspended = enrolled("push-suspended", "pin-push");
        handle = asked(suspended, suspended.hashes("document"), null).text("handle");
        gateway.answer(api, question(suspended), true);
        one("UPDATE credential SET failures = 3 WHERE id = '" + suspended.credential() + "' RETURNING 1");
        checked(suspended, handle).refused(403, "credential_locked", "The credential is locked");
        one("UPDATE credential SET failures = 0 WHERE id = '" + suspended.credential() + "' RETURNING 1");
        check(suspended, handle, 200);
    }

    @Test
    void withTheGatewayAwayNobodyIsAskedAndItCanBeTriedAgain() {
        var holder = enrolled("push-away", "pin-push");
        gateway.away(true);
        try {
            asked(holder, holder.hashes("document"), null)
                    .refused(503, "temporarily_unavailable", "The holder can not be reached now; try again later");
        } finally {
            gateway.away(false);
        }
        assertThat(asked(holder, holder.hashes("document"), null).status()).isEqualTo(202);
        assertThat(gateway.sentTo("push-away")).hasSize(1);
    }

    @Test
    void anInterfaceThatKnowsNoWaitingRefusesAndAsksNobody() {
        var holder = enrolled("push-csc", "pin-push");
        var parameters = CscClient.of(
                holder, "numSignatures", 1, "hash", Caller.base64(holder.hashes("document")), "PIN", holder.pin());
        new CscClient(api, holder.caller().token())
                .call("credentials/authorize", parameters)
                .refused(
                        400,
                        "invalid_request",
                        "The credential asks for its holder's approval, which this interface can not wait for");
        assertThat(gateway.sentTo("push-csc")).isEmpty();
    }

    @Test
    void theConsortiumsSecondVersionWaits() {
        var holder = enrolled("push-v2", "pin-push");
        var csc = new CscClient(api, holder.caller().token()).v2();
        var hashes = holder.hashes("document");
        var shown = csc.call("credentials/info", CscClient.of(holder, "authInfo", true))
                .ok()
                .json()
                .path("auth");
        assertThat(shown.path("expression").asText()).isEqualTo("PIN AND PUSH");
        assertThat(shown.path("objects").path(1).path("type").asText()).isEqualTo("ChallengeResponseOOB");

        // Who does not say that the holder is to be asked asks nobody, and nothing is counted.
        v2(csc, holder, hashes, null, List.of(Map.of("id", "PIN", "value", holder.pin())))
                .refused(400, "invalid_authentication_data", "The authentication data is invalid");
        v2(csc, holder, hashes, null, List.of(pin(holder), Map.of("id", "PUSH", "value", "yes")))
                .refused(400, "invalid_request", "Invalid parameter authData");
        v2(csc, holder, hashes, "a".repeat(501), List.of(pin(holder), PUSH))
                .refused(400, "invalid_request", "Invalid parameter description");
        assertThat(gateway.sentTo("push-v2")).isEmpty();
        csc.call("credentials/authorizeCheck", "{}")
                .refused(400, "invalid_request", "Missing (or invalid type) string parameter handle");
        csc.call("credentials/authorizeCheck", Map.of("handle", "none"))
                .refused(400, "invalid_request", "Invalid parameter handle");

        var handle = v2(csc, holder, hashes, "the contract", List.of(pin(holder), PUSH))
                .text("handle");
        assertThat(csc.call("credentials/authorizeCheck", Map.of("handle", handle))
                        .status())
                .isEqualTo(202);
        assertThat(question(holder).path("text").asText()).contains("the contract");
        gateway.answer(api, question(holder), true);
        var sad = csc.call("credentials/authorizeCheck", Map.of("handle", handle))
                .ok()
                .text("SAD");
        csc.call("credentials/authorizeCheck", Map.of("handle", handle))
                .refused(400, "invalid_request", "Invalid parameter handle");
        holder.sign(sad, hashes).ok();

        handle = v2(csc, holder, hashes, null, List.of(pin(holder), PUSH)).text("handle");
        gateway.answer(api, question(holder), false);
        csc.call("credentials/authorizeCheck", Map.of("handle", handle))
                .refused(400, "invalid_authentication_data", "The authentication data is invalid");
    }

    @Test
    void whereNobodyIsAskedTheSignalForItIsRefused() {
        var holder = enrolled("push-none", "pin");
        var csc = new CscClient(api, holder.caller().token()).v2();
        v2(csc, holder, holder.hashes("document"), null, List.of(pin(holder), PUSH))
                .refused(400, "invalid_request", "Invalid parameter authData");
    }

    private static Map<String, String> pin(Holder holder) {
        return Map.of("id", "PIN", "value", holder.pin());
    }

    private static Answer v2(
            CscClient csc, Holder holder, List<byte[]> hashes, String description, List<Map<String, String>> authData) {
        var parameters = CscClient.of(
                holder,
                "numSignatures",
                hashes.size(),
                "hashes",
                Caller.base64(hashes),
                "description",
                description,
                "authData",
                authData);
        return csc.call("credentials/authorize", parameters);
    }

    private Answer asked(Holder holder, List<byte[]> hashes, String description) {
        var body = new LinkedHashMap<String, Object>(holder.factors());
        body.put("credentialId", holder.credential());
        body.put("numSignature", hashes.size());
        body.put("hash", Caller.base64(hashes));
        if (description != null) {
            body.put("description", description);
        }
        return holder.caller().authorize(body);
    }

    private JsonNode question(Holder holder) {
        var seat = one("SELECT seat FROM credential WHERE id = '" + holder.credential() + "'");
        var questions = gateway.sentTo(seat);
        return questions.get(questions.size() - 1);
    }

    private static Answer checked(Holder holder, String handle) {
        return checked(holder.caller(), handle);
    }

    private static Answer checked(Caller caller, String handle) {
        return caller.post("/api/v1/credentials/authorize/check", Map.of("handle", handle));
    }

    private static Answer check(Holder holder, String handle, int status) {
        var answer = checked(holder, handle);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }
}
