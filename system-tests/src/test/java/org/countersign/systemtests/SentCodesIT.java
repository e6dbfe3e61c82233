package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** One-time codes that a gateway takes to holders: by the seed's dialect and by both versions of the consortium's API. */
@ExtendWith(RunningServer.class)
class SentCodesIT extends LivingCredentials {

    private static final String SEND = "credentials/sendOTP";
    private static final String CHALLENGE = "credentials/getChallenge";
    private static final String SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2";
    private static final String TOO_OFTEN = "Codes of this credential were sent too often; try again later";
    private static final String NOT_REACHED = "The holder can not be reached now; try again later";
    private static final String DISABLED = "The credential identified by credentialID is disabled";
    private static final int AT_ONCE = 6;

    private final ApprovalGateway gateway;
    private final SignerApi api;

    SentCodesIT(Platform platform) {
        super(platform);
        this.gateway = platform.gateway();
        this.api = platform.globex();
    }

    @Test
    void theConsortiumsFirstVersionSendsACodeThatAuthorizesOnce() {
        var holder = enrolled("code-v1", "pin-code");
        var csc = csc(holder);
        var shown = csc.call("credentials/info", CscClient.of(holder, "authInfo", true))
                .ok()
                .json();
        assertThat(shown.at("/OTP/presence").asText()).isEqualTo("true");
        assertThat(shown.at("/OTP/type").asText()).isEqualTo("online");
        assertThat(shown.at("/OTP/format").asText()).isEqualTo("N");
        assertThat(csc.call("info", "{}").ok().texts("methods")).contains(SEND).doesNotContain(CHALLENGE);

        var sent = csc.call(SEND, CscClient.of(holder, "clientData", "12345678"));

        assertThat(sent.status()).isEqualTo(204);
        assertThat(sent.body()).isEmpty();
        var message = gateway.sentTo("code-v1").get(0);
        assertThat(message.path("subject").asText())
                .isEqualTo("Notification " + message.path("id").asText().substring(0, 8));
        assertThat(message.path("text").asText()).matches("Generated Code: \\d{6}");
        assertThat(message.path("tenant").asText()).isEqualTo("globex");
        var hashes = holder.hashes("document");
        var wanted = CscClient.of(
                holder, "numSignatures", 1, "hash", Caller.base64(hashes), "PIN", holder.pin(), "OTP", code(holder));
        var sad = csc.call("credentials/authorize", wanted).ok().text("SAD");
        var signature = csc.call(
                        "signatures/signHash",
                        CscClient.of(holder, "SAD", sad, "hash", Caller.base64(hashes), "signAlgo", SHA256_WITH_ECDSA))
                .ok()
                .texts("signatures")
                .get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
        csc.call("credentials/authorize", wanted).refused(400, "invalid_otp", "The OTP is invalid");
        assertThat(audited(holder)).contains("otp.sent SUCCESS", "credential.authorized SUCCESS");
        assertThat(one("SELECT count(*) FROM audit_entry WHERE type = 'otp.sent' AND credential = '"
                        + holder.credential() + "' AND details::text LIKE '%" + code(holder) + "%'"))
                .isEqualTo("0");
    }

    @Test
    void theFirstVersionRefusesInItsOwnWords() {
        var holder = enrolled("code-v1-refused", "pin-code");
        var csc = csc(holder);
        csc.call(SEND, "{}").refused(400, "invalid_request", "Missing (or invalid type) string parameter credentialID");
        csc.call(SEND, Map.of("credentialID", 1))
                .refused(400, "invalid_request", "Missing (or invalid type) string parameter credentialID");
        csc.call(SEND, Map.of("credentialID", "x")).refused(400, "invalid_request", "Invalid parameter credentialID");
        csc.call(SEND, CscClient.of(holder, "clientData", 1))
                .refused(400, "invalid_request", "Invalid parameter clientData");
        csc.call(SEND, "Basic x", CscClient.of(holder))
                .refused(400, "invalid_request", "Malformed authorization header");
        // Of another seat, and one with an authenticator.
        var authenticator = enrolled("code-none", "pin-otp");
        csc.call(SEND, CscClient.of(authenticator)).refused(400, "invalid_request", "Invalid parameter credentialID");
        csc(authenticator)
                .call(SEND, CscClient.of(authenticator))
                .refused(400, "invalid_request", "Invalid parameter credentialID");
        assertThat(csc(authenticator)
                        .call("credentials/info", CscClient.of(authenticator, "authInfo", true))
                        .ok()
                        .json()
                        .at("/OTP/type")
                        .asText())
                .isEqualTo("offline");

        assertThat(csc.call(SEND, CscClient.of(holder)).status()).isEqualTo(204);
        var tooSoon = csc.call(SEND, CscClient.of(holder)).refused(429, "slow_down", TOO_OFTEN);
        assertThat(Integer.parseInt(tooSoon.header("Retry-After").orElseThrow()))
                .isBetween(1, 30);

        anotherMayBeSent(holder);
        one("UPDATE credential SET failures = 3 WHERE id = '" + holder.credential() + "' RETURNING 1");
        csc.call(SEND, CscClient.of(holder)).refused(400, "invalid_request", "PIN locked");
        one("UPDATE credential SET failures = 0 WHERE id = '" + holder.credential() + "' RETURNING 1");
        api.asAdministrator().act(holder.credential(), "suspend", Map.of()).ok();
        csc.call(SEND, CscClient.of(holder)).refused(400, "invalid_request", DISABLED);
        assertThat(gateway.sentTo("code-v1-refused")).hasSize(1);
        assertThat(gateway.sentTo("code-none")).isEmpty();
    }

    @Test
    void theSecondVersionSendsItAsAChallenge() {
        var holder = enrolled("code-v2", "pin-code");
        var csc = csc(holder).v2();
        var auth = csc.call("credentials/info", CscClient.of(holder, "authInfo", true))
                .ok()
                .json()
                .path("auth");
        assertThat(auth.path("expression").asText()).isEqualTo("PIN AND OTP");
        var object = auth.at("/objects/1");
        assertThat(object.path("type").asText()).isEqualTo("ChallengeResponse");
        assertThat(object.path("id").asText()).isEqualTo("OTP");
        assertThat(object.path("format").asText()).isEqualTo("N");
        assertThat(object.has("generator")).isFalse();
        assertThat(csc.call("info", "{}").ok().texts("methods"))
                .contains(CHALLENGE)
                .doesNotContain(SEND);

        csc.call(CHALLENGE, Map.of("authObjectID", "OTP"))
                .refused(400, "invalid_request", "Missing (or invalid type) string parameter credentialID");
        csc.call(CHALLENGE, CscClient.of(holder))
                .refused(400, "invalid_request", "Missing (or invalid type) string parameter authObjectID");
        for (var other : List.of("PIN", "PUSH", "otp", "")) {
            csc.call(CHALLENGE, CscClient.of(holder, "authObjectID", other))
                    .refused(400, "invalid_request", "Invalid parameter authObjectID");
        }
        for (var object2 : List.of("OTP", "PIN")) {
            csc.call(CHALLENGE, Map.of("credentialID", "x", "authObjectID", object2))
                    .refused(400, "invalid_request", "Invalid parameter credentialID");
        }
        var authenticator = enrolled("code-v2-none", "pin-otp");
        csc(authenticator)
                .v2()
                .call(CHALLENGE, CscClient.of(authenticator, "authObjectID", "OTP"))
                .refused(400, "invalid_request", "Invalid parameter authObjectID");
        assertThat(gateway.sentTo("code-v2")).isEmpty();

        var challenge = csc.call(CHALLENGE, CscClient.of(holder, "authObjectID", "OTP", "clientData", "a"));
        assertThat(challenge.status()).isEqualTo(204);
        assertThat(challenge.body()).isEmpty();
        csc.call(CHALLENGE, CscClient.of(holder, "authObjectID", "OTP")).refused(429, "slow_down", TOO_OFTEN);
        var hashes = holder.hashes("document");
        v2(csc, holder, hashes, other(code(holder)))
                .refused(400, "invalid_authentication_data", "The authentication data is invalid");
        var sad = v2(csc, holder, hashes, code(holder)).ok().text("SAD");
        holder.sign(sad, hashes).ok();
        v2(csc, holder, hashes, code(holder))
                .refused(400, "invalid_authentication_data", "The authentication data is invalid");

        anotherMayBeSent(holder);
        one("UPDATE credential SET failures = 3 WHERE id = '" + holder.credential() + "' RETURNING 1");
        csc.call(CHALLENGE, CscClient.of(holder, "authObjectID", "OTP"))
                .refused(400, "invalid_request", "Credential locked");
    }

    @Test
    void whereNoneAreSentBothVersionsSaySo() {
        var acme = new CscClient(
                platform.acme(),
                platform.acme().as("acme", "acme_password", "seat:jdoe@acme").token());
        acme.call(SEND, Map.of("credentialID", "x"))
                .refused(501, "not_implemented", "One-time passwords are not sent by this server");
        acme.v2()
                .call(CHALLENGE, Map.of("credentialID", "x", "authObjectID", "OTP"))
                .refused(501, "not_implemented", "No authentication object has a challenge here");
        assertThat(acme.call("info", "").ok().texts("methods")).doesNotContain(SEND);
        assertThat(acme.v2().call("info", "").ok().texts("methods")).doesNotContain(CHALLENGE);
    }

    @Test
    void thereIsNothingToSetUpOrToReplace() {
        var secret = platform.newClient("code-steps", ALL);
        var generator = api.as("code-steps", secret, "");
        assertThat(generator.configurations().ok().json())
                .anySatisfy(one -> {
                    assertThat(one.path("id").asText()).isEqualTo("pin-code");
                    assertThat(one.path("otpDelivery").asText()).isEqualTo("gateway");
                })
                .anySatisfy(one -> {
                    assertThat(one.path("id").asText()).isEqualTo("pin-otp");
                    assertThat(one.path("otpDelivery").asText()).isEqualTo("authenticator");
                });
        var credential = generator.create("globex", "code-steps", "pin-code", 1).ok();
        var id = credential.text("credentialId");
        var nothing = "The OTP of the credential is a code that is sent: there is nothing to set up";
        generator.newOtp(id).refused(409, "conflict", nothing);
        generator.confirmOtp(id, "000000").refused(409, "conflict", nothing);
        api.as("code-steps", secret, "seat:code-steps@globex")
                .post("/api/v1/credentials/" + id + "/otp/send", Map.of())
                .refused(409, "conflict", "The credential has no certificate yet");
        var holder = enrolled("code-replaced", "pin-code");
        assertThat(send(holder).status()).isEqualTo(204);
        act(holder, "otp/replace", factors(holder))
                .refused(
                        409,
                        "conflict",
                        "The OTP of the credential is a code that is sent: there is nothing to replace");
    }

    @Test
    void aWrongPinLeavesTheCodeAndWrongCodesLock() {
        var holder = enrolled("code-pin", "pin-code");
        send(holder);
        authorize(holder, Map.of("PIN", "000000", "OTP", code(holder)))
                .refused(400, "invalid_pin", "The PIN is invalid");
        authorize(holder, Map.of("PIN", holder.pin())).refused(400, "invalid_request", "OTP is required");
        authorize(holder, factors(holder)).ok();
        for (int i = 0; i < 3; i++) {
            authorize(holder, Map.of("PIN", holder.pin(), "OTP", other(code(holder))))
                    .refused(400, "invalid_otp", "The OTP is invalid");
        }
        again(holder).refused(403, "credential_locked", "The credential is locked");
        assertThat(gateway.sentTo("code-pin")).hasSize(1);
        assertThat(audited(holder)).contains("otp.sent FAILURE", "credential.locked SUCCESS");
        api.asAdministrator().unlock(holder.credential()).ok();
        assertThat(send(holder).status()).isEqualTo(204);
        authorize(holder, factors(holder)).ok();
    }

    @Test
    void aNewCodeTakesThePlaceOfTheOneBefore() {
        var holder = enrolled("code-again", "pin-code");
        send(holder);
        var former = code(holder);
        send(holder).refused(429, "slow_down", TOO_OFTEN);
        do {
            anotherMayBeSent(holder);
            assertThat(send(holder).status()).isEqualTo(204);
        } while (code(holder).equals(former));
        authorize(holder, Map.of("PIN", holder.pin(), "OTP", former)).refused(400, "invalid_otp", "The OTP is invalid");
        authorize(holder, factors(holder)).ok();
    }

    @Test
    void ofManyUsesAtOnceOneAuthorizes() throws Exception {
        var holder = enrolled("code-once", "pin-code");
        var sent = AtOnce.call(AT_ONCE, which -> send(holder));
        assertThat(sent).filteredOn(answer -> answer.status() == 204).hasSize(1);
        assertThat(sent)
                .filteredOn(answer -> answer.status() != 204)
                .allSatisfy(answer -> answer.refused(429, "slow_down", TOO_OFTEN));
        assertThat(gateway.sentTo("code-once")).hasSize(1);

        var answers = AtOnce.call(AT_ONCE, which -> authorize(holder, factors(holder)));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertThat(answer.text("error")).isIn("invalid_otp", "credential_locked"));
    }

    @Test
    void withTheGatewayAwayThereIsNoCodeAndItCanBeTriedAgainAtOnce() {
        var holder = enrolled("code-away", "pin-code");
        gateway.away(true);
        try {
            send(holder).refused(503, "temporarily_unavailable", NOT_REACHED);
            csc(holder).call(SEND, CscClient.of(holder)).refused(503, "temporarily_unavailable", NOT_REACHED);
        } finally {
            gateway.away(false);
        }
        assertThat(one("SELECT code_hash IS NULL FROM credential WHERE id = '" + holder.credential() + "'"))
                .isEqualTo("t");
        assertThat(send(holder).status()).isEqualTo(204);
        authorize(holder, factors(holder)).ok();
    }

    @Test
    void noLogHasWhatWasSent() throws IOException {
        var holder = enrolled("code-log", "pin-code");
        int before = platform.server().log().length();
        gateway.away(true);
        try {
            send(holder).refused(503, "temporarily_unavailable", NOT_REACHED);
        } finally {
            gateway.away(false);
        }
        send(holder).ok();
        authorize(holder, Map.of("PIN", holder.pin(), "OTP", "x" + code(holder)))
                .refusal();
        authorize(holder, factors(holder)).ok();
        assertThat(platform.server().log().substring(before))
                .contains("The gateway takes no messages")
                .doesNotContain("Generated Code")
                .doesNotContainPattern("(?<!\\d)" + code(holder) + "(?!\\d)");
    }

    @Test
    void onlyASignerOfTheSeatHasItSent() {
        var holder = enrolled("code-own", "pin-code");
        platform.newClient("code-lister", "trustLevel:trustedClient,apiGroup:lister,tenantName:globex");
        var lister = api.as("code-lister", "secret of code-lister", "seat:code-own@globex");
        send(lister, holder).refused(403, "access_denied", "Access is denied");
        platform.newClient("code-other", ALL);
        var stranger = api.as("code-other", "secret of code-other", "seat:code-other@globex");
        send(stranger, holder).refused(404, "not_found", "The credential was not found");
        send(api.with("none"), holder).refused(401, "invalid_token", "Token was not recognized");
        assertThat(gateway.sentTo("code-own")).isEmpty();
    }

    @Test
    void whatTheHolderSuspendedTheHolderResumesByACode() {
        var holder = enrolled("code-acts", "pin-code");
        send(holder);
        act(holder, "suspend", factors(holder)).ok();
        csc(holder).call(SEND, CscClient.of(holder)).refused(400, "invalid_request", DISABLED);
        anotherMayBeSent(holder);
        assertThat(send(holder).status()).isEqualTo(204);
        act(holder, "resume", factors(holder)).ok();
        act(holder, "suspend", factors(holder)).refused(400, "invalid_otp", "The OTP is invalid");
        anotherMayBeSent(holder);
        send(holder);
        api.asAdministrator().act(holder.credential(), "suspend", Map.of()).ok();
        api.asAdministrator().act(holder.credential(), "resume", Map.of()).ok();
        authorize(holder, factors(holder)).refused(400, "invalid_otp", "The OTP is invalid");
        api.asAdministrator().act(holder.credential(), "suspend", Map.of()).ok();
        csc(holder).call(SEND, CscClient.of(holder)).refused(400, "invalid_request", DISABLED);
        assertThat(again(holder).status()).isEqualTo(204);
        act(holder, "resume", factors(holder))
                .refused(409, "conflict", "The credential was suspended by an administrator");
        act(holder, "delete", factors(holder)).ok();
        send(holder).refused(404, "not_found", "The credential was not found");
    }

    @Test
    void everyActOfTheHolderTakesACode() {
        var holder = enrolled("code-every", "pin-code");
        send(holder);
        var used = factors(holder);
        act(holder, "renewal", used).ok();
        act(holder, "pin/change", with(used, "newPIN", NEW_PIN)).refused(400, "invalid_otp", "The OTP is invalid");
        again(holder);
        var changing = factors(holder);
        act(holder, "pin/change", with(changing, "newPIN", NEW_PIN)).ok();
        authorize(holder, Map.of("PIN", NEW_PIN, "OTP", code(holder)))
                .refused(400, "invalid_otp", "The OTP is invalid");

        api.asAdministrator().act(holder.credential(), "suspend", Map.of()).ok();
        again(holder);
        act(holder, "revoke", Map.of("PIN", NEW_PIN, "OTP", code(holder))).ok();
        act(holder, "delete", Map.of("PIN", NEW_PIN, "OTP", code(holder)))
                .refused(400, "invalid_otp", "The OTP is invalid");
        csc(holder)
                .v2()
                .call(CHALLENGE, CscClient.of(holder, "authObjectID", "OTP"))
                .refused(400, "invalid_request", DISABLED);
        again(holder);
        act(holder, "delete", Map.of("PIN", NEW_PIN, "OTP", code(holder))).ok();
        assertThat(audited(holder))
                .contains(
                        "renewal.requested SUCCESS",
                        "pin.changed SUCCESS",
                        "credential.revoked SUCCESS",
                        "credential.deleted SUCCESS");
    }

    private static CscClient csc(Holder holder) {
        return new CscClient(holder.caller().api(), holder.caller().token());
    }

    private static Answer send(Holder holder) {
        return send(holder.caller(), holder);
    }

    private static Answer send(Caller caller, Holder holder) {
        return caller.act(holder.credential(), "otp/send", Map.of());
    }

    private Answer again(Holder holder) {
        anotherMayBeSent(holder);
        return send(holder);
    }

    /** As if the time had passed that has to be between two. */
    private void anotherMayBeSent(Holder holder) {
        one("UPDATE credential SET code_sent_at = code_sent_at - interval '30 seconds' WHERE id = '"
                + holder.credential() + "' RETURNING 1");
    }

    /** The last one that the gateway got. */
    private String code(Holder holder) {
        var seat = one("SELECT seat FROM credential WHERE id = '" + holder.credential() + "'");
        var messages = gateway.sentTo(seat);
        return messages.get(messages.size() - 1).path("text").asText().split(": ")[1];
    }

    private static String other(String code) {
        return (code.charAt(0) == '0' ? '1' : '0') + code.substring(1);
    }

    private Map<String, String> factors(Holder holder) {
        var factors = new LinkedHashMap<>(holder.factors());
        factors.put("OTP", code(holder));
        return factors;
    }

    private static Answer v2(CscClient csc, Holder holder, List<byte[]> hashes, String code) {
        return csc.call(
                "credentials/authorize",
                CscClient.of(
                        holder,
                        "numSignatures",
                        hashes.size(),
                        "hashes",
                        Caller.base64(hashes),
                        "authData",
                        List.of(Map.of("id", "PIN", "value", holder.pin()), Map.of("id", "OTP", "value", code))));
    }
}
