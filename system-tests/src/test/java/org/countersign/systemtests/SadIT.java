package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold, 1 and 2: a SAD is bound, short-lived, and good for exactly what was authorized. */
@ExtendWith(RunningServer.class)
class SadIT {

    private static final String SIGN_ALGO = "SHA256WITHECDSA";

    private final Platform platform;

    SadIT(Platform platform) {
        this.platform = platform;
    }

    @Nested
    class IsBoundTo {

        @Test
        void itsHashes() {
            var holder = platform.atAcme().enrol("bound-hash");
            var hashes = holder.hashes("authorized");
            var sad = holder.sad(hashes);

            holder.sign(sad, holder.hashes("another"))
                    .refused(400, "invalid_request", "Hash is not authorized by the SAD.");
            holder.sign(sad, hashes).ok();
        }

        @Test
        void itsCredential() {
            var one = platform.atAcme().enrol("bound-credential");
            var two = platform.atAcme().enrol("bound-credential");
            var hashes = one.hashes("authorized");
            var sad = one.sad(hashes);

            invalid(two.sign(sad, hashes));
            one.sign(sad, hashes).ok();
        }

        @Test
        void itsSeat() {
            var one = platform.atAcme().enrol("bound-seat");
            var hashes = one.hashes("authorized");
            var sad = one.sad(hashes);
            var other = platform.acme().as("acme", "acme_password", "seat:another@acme");

            invalid(one.by(other).sign(sad, hashes));
            one.sign(sad, hashes).ok();
        }

        @Test
        void itsClient() {
            var one = platform.atGlobex().enrol("bound-client");
            var hashes = one.hashes("authorized");
            var page = platform.globex().as("globex-page", "secret of globex-page", "seat:bound-client@globex");
            var sad = one.sad(hashes);

            invalid(one.by(page).sign(sad, hashes));
            one.sign(sad, hashes).ok();
        }

        private void invalid(Answer answer) {
            answer.refused(400, "invalid_sad", "The SAD is invalid");
        }
    }

    @Nested
    class IsUsedUp {

        @Test
        void inAsManyCallsAsItsHolderLikes() {
            var holder = platform.atAcme().multiSignature(3).enrol("several-calls");
            var sad = holder.sad(holder.hashes("a", "b", "c"));

            holder.sign(sad, holder.hashes("b")).ok();
            usedUp(holder.sign(sad, holder.hashes("b")));
            holder.sign(sad, holder.hashes("c", "a")).ok();
            for (String text : new String[] {"a", "b", "c"}) {
                usedUp(holder.sign(sad, holder.hashes(text)));
            }
        }

        @Test
        void byNoCallThatIsRefused() {
            var holder = platform.atAcme().multiSignature(2).enrol("refused-calls");
            var sad = holder.sad(holder.hashes("a", "b"));

            holder.sign(sad, holder.hashes("a", "other")).refusal();
            usedUp(holder.sign(sad, holder.hashes("a", "a")));
            usedUp(holder.sign(sad, holder.hashes("a", "b", "b")));
            holder.caller()
                    .sign(holder.credential(), sad, holder.hashes("a"), "SHA384WITHECDSA")
                    .refused(
                            400,
                            "invalid_request",
                            "The length of a hash does not fit its algorithm: 48 bytes are expected");
            holder.caller()
                    .sign(holder.credential(), sad, holder.hashes("a"), "SHA256WITHRSA")
                    .refused(400, "invalid_request", "signAlgo does not fit the credential's key");
            holder.caller()
                    .sign(holder.credential(), sad, holder.hashes("a"), "MD5WITHRSA")
                    .refused(400, "invalid_request", "Unsupported signAlgo");
            platform.acme()
                    .with("no token")
                    .sign(holder.credential(), sad, holder.hashes("a"), SIGN_ALGO)
                    .refusal();
            holder.sign(sad, holder.hashes("a", "b")).ok();
        }

        @Test
        void afterTwoSignaturesWhenTheSameHashWasAuthorizedTwice() {
            var holder = platform.atAcme().multiSignature(2).enrol("same-hash");
            var apart = holder.sad(holder.hashes("same", "same"));
            holder.sign(apart, holder.hashes("same")).ok();
            holder.sign(apart, holder.hashes("same")).ok();
            usedUp(holder.sign(apart, holder.hashes("same")));

            var together = holder.sad(holder.hashes("same", "same"));
            usedUp(holder.sign(together, holder.hashes("same", "same", "same")));
            assertThat(holder.sign(together, holder.hashes("same", "same")).ok().texts("signatures"))
                    .hasSize(2);
            usedUp(holder.sign(together, holder.hashes("same")));
        }

        private void usedUp(Answer answer) {
            answer.refused(400, "invalid_sad", "The SAD is used up");
        }
    }

    @Test
    void withScal1TheNumberIsBoundAndTheHashesAreFree() {
        var holder =
                platform.atGlobex().configuration("pin-scal1").multiSignature(2).enrol("scal1");
        var sad = holder.sad(holder.hashes("announced", "announced too"));

        holder.sign(sad, holder.hashes("another")).ok();
        holder.sign(sad, holder.hashes("third", "fourth")).refused(400, "invalid_sad", "The SAD is used up");
        holder.sign(sad, holder.hashes("announced")).ok();
        holder.sign(sad, holder.hashes("announced too")).refused(400, "invalid_sad", "The SAD is used up");
    }

    @Test
    void anExpiredSadSignsNothing() throws InterruptedException {
        var holder = platform.atGlobex().enrol("expired-sad");
        var hashes = holder.hashes("late");
        var answer = holder.authorize(hashes).ok();
        assertThat(answer.json().path("expiresIn").asInt()).isEqualTo(10);
        Thread.sleep(10_100);

        holder.sign(answer.text("SAD"), hashes).refused(400, "invalid_sad", "The SAD has expired");
        // The same in the consortium's words.
        var csc = new CscClient(platform.globex(), holder.caller().token());
        csc.call("credentials/extendTransaction", CscClient.of(holder, "SAD", answer.text("SAD")))
                .refused(400, "invalid_request", "SAD expired");
        csc.call(
                        "signatures/signHash",
                        CscClient.of(
                                holder,
                                "SAD",
                                answer.text("SAD"),
                                "hash",
                                Caller.base64(hashes),
                                "signAlgo",
                                "1.2.840.10045.4.3.2"))
                .refused(400, "invalid_request", "SAD expired");
    }

    @Test
    void isOpaqueAndOnlyTheServersOwnIsTaken() {
        var holder = platform.atAcme().enrol("opaque");
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);
        var parts = sad.split("\\.", -1);

        assertThat(parts).as("a JWE in its compact form").hasSize(5);
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}");
        var changed = parts[3].startsWith("A") ? "B" : "A";
        var none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
        for (String forged : List.of(
                "x",
                "....",
                String.join(".", parts[0], parts[1], parts[2], changed + parts[3].substring(1), parts[4]),
                String.join(".", none, "", parts[2], parts[3], parts[4]),
                none + "." + parts[3] + ".",
                "x".repeat(10_000))) {
            holder.sign(forged, hashes).refused(400, "invalid_sad", "The SAD is invalid");
        }
        holder.sign(sad, hashes).ok();
    }

    @Test
    void theSadOfOneCompanyIsNothingToAnother() {
        var here = platform.atAcme().enrol("two-companies");
        var there = platform.atGlobex().enrol("two-companies");
        var hashes = here.hashes("document");

        there.sign(here.sad(hashes), hashes).refused(400, "invalid_sad", "The SAD is invalid");
    }

    @Nested
    class AnAuthorization {

        private final Holder holder = platform.atAcme().multiSignature(2).enrol("authorization");

        @ParameterizedTest
        @CsvSource({
            "3, 3, Numbers of signatures is too high",
            "0, 0, numSignature must be 1 or more",
            "-1, 1, numSignature must be 1 or more",
            "2, 1, The number of hashes must be equal to numSignature",
            "1, 2, The number of hashes must be equal to numSignature",
            "1, 0, hash is required",
            ", 1, numSignature is required"
        })
        void isForAsManyHashesAsItSays(Integer number, int hashes, String description) {
            var body = body();
            body.put("numSignature", number);
            body.put(
                    "hash",
                    Caller.base64(List.of(holder.hashes("a", "b", "c").toArray(byte[][]::new))
                            .subList(0, hashes)));

            holder.caller().authorize(body).refused(400, "invalid_request", description);
        }

        @Test
        void needsItsHashes() {
            var body = body();
            body.remove("hash");
            holder.caller().authorize(body).refused(400, "invalid_request", "hash is required");
        }

        @Test
        void takesHashesInBase64Only() {
            for (String hash : new String[] {"", "not base64", "AAA", "AB==", "____"}) {
                var body = body();
                body.put("hash", List.of(hash));
                holder.caller().authorize(body).refused(400, "invalid_request", "hash must be base64");
            }
        }

        @Test
        void needsACredential() {
            var body = body();
            body.remove("credentialId");
            holder.caller().authorize(body).refused(400, "invalid_request", "credentialId is required");
        }

        private Map<String, Object> body() {
            var body = new HashMap<String, Object>();
            body.put("credentialId", holder.credential());
            body.put("numSignature", 1);
            body.put("hash", Caller.base64(holder.hashes("a")));
            body.put("PIN", Enrolment.PIN);
            return body;
        }
    }
}
