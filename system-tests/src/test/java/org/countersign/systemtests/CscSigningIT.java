package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.harness.CscClient.of;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscHolder;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** CSC API 1.0.4.0: authorization and signatures. */
@ExtendWith(RunningServer.class)
class CscSigningIT {

    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    private static final String SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    private static final String PSS = "1.2.840.113549.1.1.10";
    private static final String SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2";
    private static final String SHA256 = "2.16.840.1.101.3.4.2.1";
    private static final String SHA384 = "2.16.840.1.101.3.4.2.2";
    /** SHA-256, MGF1 with SHA-256, a salt of 32 bytes, the trailer field written out. */
    private static final String PSS_SHA256 =
            "MDmgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEgowMCAQE=";

    /** Tells the holders of test classes apart, which each test makes anew. */
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Platform platform;

    CscSigningIT(Platform platform) {
        this.platform = platform;
    }

    private CscHolder person(String name, String configuration, int multisign, KeyKind kind) {
        return CscHolder.enrol(platform, name, configuration, multisign, kind);
    }

    @Nested
    class WithScal1 {

        /** As an independent tester does it. */
        @Test
        void twentySignaturesAreAuthorizedWithoutHashesAndMadeInSeveralCalls() {
            var person = person("csc-twenty", "pin-otp-scal1", 20, KeyKind.RSA_2048);
            var parameters = of(person.holder(), "numSignatures", 20);
            parameters.putAll(Map.of("PIN", Enrolment.PIN, "OTP", ">>0"));
            person.csc().call("credentials/authorize", parameters).refused(400, "invalid_otp", "The OTP is invalid");
            parameters.putAll(
                    Map.of("PIN", ">>0", "OTP", person.holder().authenticator().next()));
            person.csc().call("credentials/authorize", parameters).refused(400, "invalid_pin", "The PIN is invalid");
            parameters.put("PIN", Enrolment.PIN);
            var first =
                    person.csc().call("credentials/authorize", parameters).ok().text("SAD");
            // Used now.
            person.csc().call("credentials/authorize", parameters).refused(400, "invalid_otp", "The OTP is invalid");

            refused(person.extend("xxx", List.of()), "Invalid parameter SAD");
            var sad = person.extend(first, List.of()).ok().text("SAD");
            refused(
                    person.sign(first, hashes("SHA-256", 1), Map.of("signAlgo", SHA256_WITH_RSA)),
                    "Invalid parameter SAD");
            refused(person.extend(first, List.of()), "Invalid parameter SAD");

            signed(1, person.sign(sad, hashes("SHA-256", 1), Map.of("signAlgo", SHA256_WITH_RSA)));
            signed(2, person.sign(sad, hashes("SHA-512", 2), Map.of("signAlgo", SHA512_WITH_RSA)));
            signed(3, person.sign(sad, hashes("SHA-384", 3), Map.of("signAlgo", RSA, "hashAlgo", SHA384)));
            refused(
                    person.sign(sad, hashes("SHA-384", 1), Map.of("signAlgo", SHA512_WITH_RSA)),
                    "Invalid digest value length");
            refused(
                    person.sign(sad, hashes("SHA-1", 4), Map.of("signAlgo", RSA, "hashAlgo", "1.3.14.3.2.26")),
                    "Invalid parameter hashAlgo");
            signed(3, person.sign(sad, hashes("SHA-256", 3), Map.of("signAlgo", PSS, "signAlgoParams", PSS_SHA256)));
            // 11 are left; nothing refused has used any of them.
            refused(
                    person.sign(sad, hashes("SHA-256", 12), Map.of("signAlgo", SHA256_WITH_RSA)),
                    "Invalid parameter SAD");
            signed(11, person.sign(sad, hashes("SHA-256", 11), Map.of("signAlgo", SHA256_WITH_RSA)));
            refused(
                    person.sign(sad, hashes("SHA-256", 1), Map.of("signAlgo", SHA256_WITH_RSA)),
                    "Invalid parameter SAD");
            refused(person.extend(sad, List.of()), "Invalid parameter SAD");
        }
    }

    @Nested
    class WithScal2 {

        @Test
        void hashesAreSignedAsTheyWereAuthorized() {
            var person = person("csc-scal2", "pin", 3, KeyKind.P_256);
            var holder = person.holder();
            var sad = person.sad(2, holder.hashes("a", "b"));

            refused(person.sign(sad, holder.hashes("c")), "Hash is not authorized by the SAD.");
            signed(1, person.sign(sad, holder.hashes("b")));
            signed(1, person.sign(sad, holder.hashes("a")));
            refused(person.sign(sad, holder.hashes("a")), "Invalid parameter SAD");
        }

        @Test
        void aTransactionIsExtendedByHashesThatWereLeftForLater() {
            var person = person("csc-extend", "pin", 3, KeyKind.P_256);
            var holder = person.holder();
            var first = person.sad(3, holder.hashes("a"));
            refused(person.sign(first, holder.hashes("b")), "Hash is not authorized by the SAD.");
            refused(person.extend(first, List.of()), "Missing (or invalid type) array parameter hash");
            refused(person.extend(first, holder.hashes("b", "c", "d")), "Numbers of signatures is too high");
            signed(1, person.sign(first, holder.hashes("a")));

            var second = person.extend(first, holder.hashes("b")).ok().text("SAD");
            refused(person.sign(second, holder.hashes("a")), "Hash is not authorized by the SAD.");
            signed(1, person.sign(second, holder.hashes("b")));
            // What was not signed yet goes along.
            var third = person.extend(second, holder.hashes("c")).ok().text("SAD");
            var fourth = person.extend(third, holder.hashes("c")).ok().text("SAD");
            refused(person.extend(fourth, holder.hashes("c", "d")), "Numbers of signatures is too high");
            signed(1, person.sign(fourth, holder.hashes("c")));
            refused(person.extend(fourth, holder.hashes("d")), "Invalid parameter SAD");
        }

        @Test
        void anEmptyHashIsNoneEvenWhereSomeAreLeftForLater() {
            var person = person("csc-empty", "pin", 2, KeyKind.ED25519);
            var sad = person.sad(2, person.holder().hashes("a"));
            var parameters = of(person.holder(), "SAD", sad, "hash", List.of(""), "signAlgo", "1.3.101.112");
            refused(person.csc().call("signatures/signHash", parameters), "Invalid Base64 hash string parameter");
        }
    }

    @Nested
    class AnAuthorization {

        private final CscHolder person = person("csc-authorize-" + NEXT.incrementAndGet(), "pin", 2, KeyKind.P_256);

        @Test
        void isRefusedInTheWordsOfTheSpecification() {
            expect("credentialID", null, "Missing (or invalid type) string parameter credentialID");
            expect("credentialID", 1, "Missing (or invalid type) string parameter credentialID");
            expect("credentialID", "unknown", "Invalid parameter credentialID");
            for (Object wrong : new Object[] {null, "1", 1.0, true, List.of(1)}) {
                expect("numSignatures", wrong, "Missing (or invalid type) integer parameter numSignatures");
            }
            for (Object wrong : new Object[] {0, -1, Long.MIN_VALUE}) {
                expect("numSignatures", wrong, "Invalid value for parameter numSignatures");
            }
            for (Object wrong : new Object[] {3, Long.MAX_VALUE}) {
                expect("numSignatures", wrong, "Numbers of signatures is too high");
            }
            for (Object wrong : new Object[] {null, "AAAA", 1, Map.of()}) {
                expect("hash", wrong, "Missing (or invalid type) array parameter hash");
            }
            expect("hash", List.of(), "Empty hash array");
            for (Object wrong : new Object[] {"", "not base64", "AAA", "AB==", "____", 1}) {
                expect("hash", List.of(wrong), "Invalid Base64 hash string parameter");
            }
            expect("hash", Caller.base64(person.holder().hashes("a", "b", "c")), "Invalid parameter hash");
            for (Object wrong : new Object[] {null, "", 271828}) {
                expect("PIN", wrong, "Missing (or invalid type) string parameter PIN");
            }
            expect("description", 1, "Invalid parameter description");
            expect("clientData", List.of(), "Invalid parameter clientData");
            person.csc().call("credentials/authorize", parameters()).ok();
        }

        @Test
        void needsAnOtpWhereTheCredentialDoes() {
            var other = person("csc-otp", "otp", 1, KeyKind.P_256);
            var parameters = of(
                    other.holder(),
                    "numSignatures",
                    1,
                    "hash",
                    Caller.base64(other.holder().hashes("a")));
            refused(
                    other.csc().call("credentials/authorize", parameters),
                    "Missing (or invalid type) string parameter OTP");
            parameters.put("OTP", other.holder().authenticator().wrong());
            for (int i = 0; i < 5; i++) {
                other.csc().call("credentials/authorize", parameters).refused(400, "invalid_otp", "The OTP is invalid");
            }
            refused(other.csc().call("credentials/authorize", parameters), "OTP locked");
        }

        @Test
        void isRefusedOnceThePinIsLocked() {
            var other = person("csc-locked", "pin", 1, KeyKind.P_256);
            var hashes = other.holder().hashes("a");
            var sad = other.sad(1, hashes);
            var parameters = of(other.holder(), "numSignatures", 1, "hash", Caller.base64(hashes), "PIN", "000000");
            for (int i = 0; i < 5; i++) {
                other.csc().call("credentials/authorize", parameters).refused(400, "invalid_pin", "The PIN is invalid");
            }
            refused(other.csc().call("credentials/authorize", parameters), "PIN locked");
            refused(other.authorize(1, hashes), "PIN locked");
            refused(other.sign(sad, hashes), "PIN locked");
            refused(other.extend(sad, hashes), "PIN locked");
            assertThat(other.csc()
                            .call("credentials/info", of(other.holder()))
                            .ok()
                            .json()
                            .at("/key/status")
                            .asText())
                    .isEqualTo("disabled");
        }

        private void expect(String name, Object value, String description) {
            var parameters = parameters();
            parameters.put(name, value);
            refused(person.csc().call("credentials/authorize", parameters), description);
        }

        private Map<String, Object> parameters() {
            var parameters = of(
                    person.holder(),
                    "numSignatures",
                    2,
                    "hash",
                    Caller.base64(person.holder().hashes("a", "b")));
            parameters.put("PIN", Enrolment.PIN);
            return parameters;
        }
    }

    @Nested
    class ASignature {

        @Test
        void isRefusedInTheWordsOfTheSpecificationAndUsesUpNothing() {
            var person = person("csc-sign", "pin", 1, KeyKind.P_256);
            var hash = person.holder().hashes("a");
            var good = of(
                    person.holder(),
                    "SAD",
                    person.sad(1, hash),
                    "hash",
                    Caller.base64(hash),
                    "signAlgo",
                    SHA256_WITH_ECDSA);
            var other = person("csc-sign-other", "pin", 1, KeyKind.P_256);

            expect(person, good, "SAD", null, "Missing (or invalid type) string parameter SAD");
            expect(person, good, "SAD", 1, "Missing (or invalid type) string parameter SAD");
            expect(person, good, "SAD", "x", "Invalid parameter SAD");
            expect(person, good, "SAD", other.sad(1, hash), "Invalid parameter SAD");
            expect(person, good, "credentialID", null, "Missing (or invalid type) string parameter credentialID");
            expect(person, good, "credentialID", "x", "Invalid parameter credentialID");
            expect(person, good, "credentialID", other.holder().credential(), "Invalid parameter credentialID");
            for (Object wrong : new Object[] {null, "AAAA", 1}) {
                expect(person, good, "hash", wrong, "Missing (or invalid type) array parameter hash");
            }
            expect(person, good, "hash", List.of(), "Empty hash array");
            expect(person, good, "hash", List.of("?"), "Invalid Base64 hash string parameter");
            expect(person, good, "hash", List.of("AAAA"), "Invalid digest value length");
            expect(
                    person,
                    good,
                    "hash",
                    Caller.base64(person.holder().hashes("b")),
                    "Hash is not authorized by the SAD.");
            expect(person, good, "signAlgo", null, "Missing (or invalid type) string parameter signAlgo");
            for (var wrong : List.of("SHA256WITHECDSA", "1.2.3", "", SHA256_WITH_RSA, "1.3.101.112")) {
                expect(person, good, "signAlgo", wrong, "Invalid parameter signAlgo");
            }
            expect(person, good, "signAlgo", RSA, "Missing (or invalid type) string parameter hashAlgo");
            expect(person, good, "signAlgo", PSS, "Missing (or invalid type) string parameter signAlgoParams");
            expect(person, good, "clientData", 1, "Invalid parameter clientData");
            var withHash = new LinkedHashMap<>(good);
            withHash.put("signAlgo", "1.2.840.10045.2.1");
            for (var wrong : List.of("SHA-256", "1.3.14.3.2.26", "")) {
                expect(person, withHash, "hashAlgo", wrong, "Invalid parameter hashAlgo");
            }
            var withParams = new LinkedHashMap<>(good);
            withParams.put("signAlgo", PSS);
            for (var wrong : List.of("", "?", "AAAA", "MAA=", "MAMCAQU=", "MAOCASA=")) {
                expect(person, withParams, "signAlgoParams", wrong, "Invalid parameter signAlgoParams");
            }

            withHash.put("hashAlgo", SHA256);
            signed(1, person.csc().call("signatures/signHash", withHash));
            refused(person.csc().call("signatures/signHash", good), "Invalid parameter SAD");
        }

        private void expect(CscHolder person, Map<String, Object> good, String name, Object value, String description) {
            var parameters = new LinkedHashMap<>(good);
            parameters.put(name, value);
            refused(person.csc().call("signatures/signHash", parameters), description);
        }
    }

    @Test
    void aCredentialThatIsBeingSetUpIsDisabledAndNotShown() {
        var person = person("csc-unfinished", "pin", 1, KeyKind.P_256);
        var generator = platform.acme().as("csc-unfinished", "secret of csc-unfinished", "");
        var unfinished =
                generator.create("acme", "csc-unfinished", "pin", 1).ok().text("credentialId");
        generator.setPin(unfinished, Enrolment.PIN).ok();
        var parameters = of(
                person.holder(),
                "numSignatures",
                1,
                "hash",
                Caller.base64(person.holder().hashes("a")));
        parameters.put("credentialID", unfinished);
        parameters.put("PIN", Enrolment.PIN);

        refused(
                person.csc().call("credentials/authorize", parameters),
                "The credential identified by credentialID is disabled");
        refused(person.csc().call("credentials/info", parameters), "Invalid parameter credentialID");
        assertThat(person.csc().call("credentials/list", "{}").ok().texts("credentialIDs"))
                .containsExactly(person.holder().credential());
    }

    @Test
    void anExtensionIsRefusedInTheWordsOfTheSpecification() {
        var person = person("csc-extension", "pin", 2, KeyKind.P_256);
        var csc = person.csc();
        refused(
                csc.call("credentials/extendTransaction", ""),
                "Missing (or invalid type) string parameter credentialID");
        refused(
                csc.call("credentials/extendTransaction", of(person.holder())),
                "Missing (or invalid type) string parameter SAD");
        var sad = person.sad(1, person.holder().hashes("a"));
        refused(
                csc.call("credentials/extendTransaction", of(person.holder(), "SAD", sad, "hash", List.of())),
                "Empty hash array");
        refused(
                csc.call("credentials/extendTransaction", Map.of("credentialID", "x", "SAD", sad)),
                "Invalid parameter credentialID");
        refused(csc.call("credentials/sendOTP", "{}"), "Missing (or invalid type) string parameter credentialID");
    }

    private static void signed(int number, Answer answer) {
        assertThat(answer.ok().texts("signatures")).hasSize(number);
    }

    private static void refused(Answer answer, String description) {
        answer.refused(400, "invalid_request", description);
    }

    /** The same one several times. */
    private static List<byte[]> hashes(String algorithm, int number) {
        try {
            return Collections.nCopies(
                    number, MessageDigest.getInstance(algorithm).digest(new byte[] {1}));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
