package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.harness.CscClient.of;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.CscHolder;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSC API 2.0.0.2: what it has otherwise than 1.0.4.0, over the same services. */
@ExtendWith(RunningServer.class)
class CscV2IT {

    private static final String DELETE = "credentials/delete";
    private static final String AUTHORIZE = "credentials/authorize";
    private static final String EXTEND = "credentials/extendTransaction";
    private static final String SIGN = "signatures/signHash";
    private static final String SHA256 = "2.16.840.1.101.3.4.2.1";
    private static final String SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2";
    private static final String ED25519 = "1.3.101.112";
    /** SHA-256, MGF1 with SHA-256, a salt of 32 bytes. */
    private static final String PSS_SHA256 =
            "MDmgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEgowMCAQE=";

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Platform platform;

    CscV2IT(Platform platform) {
        this.platform = platform;
    }

    private CscHolder person(String name, String configuration, int multisign, KeyKind kind) {
        var person = CscHolder.enrol(
                platform, "csc2-" + name + "-" + NEXT.incrementAndGet(), configuration, multisign, kind);
        return new CscHolder(person.holder(), person.csc().v2());
    }

    private static Map<String, Object> authorization(CscHolder person, int number, List<byte[]> hashes) {
        return authorization(person, number, hashes, authData(person.holder().factors()));
    }

    private static Map<String, Object> authorization(
            CscHolder person, int number, List<byte[]> hashes, List<Map<String, String>> authData) {
        var parameters = of(person.holder(), "numSignatures", number);
        if (!hashes.isEmpty()) {
            parameters.put("hashes", Caller.base64(hashes));
            parameters.put("hashAlgorithmOID", SHA256);
        }
        parameters.put("authData", authData);
        return parameters;
    }

    private static List<Map<String, String>> authData(Map<String, String> factors) {
        return factors.entrySet().stream()
                .map(factor -> Map.of("id", factor.getKey(), "value", factor.getValue()))
                .toList();
    }

    private static String sad(CscHolder person, int number, List<byte[]> hashes) {
        return person.csc()
                .call(AUTHORIZE, authorization(person, number, hashes))
                .ok()
                .text("SAD");
    }

    private static Map<String, Object> signature(CscHolder person, String sad, List<byte[]> hashes) {
        return of(person.holder(), "SAD", sad, "hashes", Caller.base64(hashes), "signAlgo", SHA256_WITH_ECDSA);
    }

    @Nested
    class TheService {

        private final CscClient csc = new CscClient(platform.globex()).v2();

        @Test
        void tellsWhatItIsAndWhichMethodsAnswer() {
            var info = csc.call("info", Map.of("lang", "en-US")).ok();
            assertThat(info.text("name")).isEqualTo("Globex signs");
            assertThat(info.text("oauth2")).isEqualTo(platform.globex().context() + "/csc/v2/");
            assertThat(info.json().path("asynchronousOperationMode").asBoolean())
                    .isFalse();
            var algorithms = new ArrayList<String>();
            info.json().at("/signAlgorithms/algos").forEach(oid -> algorithms.add(oid.asText()));
            assertThat(algorithms)
                    .contains("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.10", ED25519, SHA256_WITH_ECDSA);
            assertThat(csc.get("info", null).ok().body()).isEqualTo(info.body());
            for (var method : info.texts("methods")) {
                var answer = method.startsWith("oauth2/") ? csc.form(method, Map.of("a", "b")) : csc.call(method, "{}");
                assertThat(answer.status()).as(method).isIn(200, 400, 401);
            }
            assertThat(info.texts("methods")).contains("signatures/timestamp");
            assertThat(new CscClient(platform.acme()).v2().call("info", "").ok().texts("methods"))
                    .doesNotContain("signatures/timestamp");
            assertThat(Http.send(platform.globex().request("/csc/v1/logo.png").setHeader("Accept", "image/png"))
                            .ok()
                            .body())
                    .contains("PNG");
            assertThat(info.text("logo")).endsWith("/csc/v1/logo.png");
        }

        @Test
        void authorizesClientsAsTheFormerVersionDoes() {
            var person = person("service", "pin", 1, KeyKind.P_256);
            var name = person.csc().call("credentials/list", "{}").ok();
            assertThat(name.texts("credentialIDs"))
                    .containsExactly(person.holder().credential());

            var acme = new CscClient(platform.acme()).v2();
            var clientId = platform.acme().checkToken(person.csc().token()).ok().text("client_id");
            var login = acme.login(clientId, CscHolder.secret(clientId), Map.of("rememberMe", true))
                    .ok();
            var again = acme.call("auth/login", Map.of("refresh_token", login.text("refresh_token")))
                    .ok()
                    .text("access_token");
            acme.with(again).call("auth/revoke", Map.of("token", again)).ok();
            acme.with(again).call("credentials/list", "{}").refused(401, "invalid_token", "Token was not recognized");
            var form = Map.of(
                    "client_id",
                    clientId,
                    "client_secret",
                    CscHolder.secret(clientId),
                    "grant_type",
                    "client_credentials");
            var token = acme.form("oauth2/token", form).ok().text("access_token");
            // It is the same token in both versions.
            new CscClient(platform.acme(), token).call("credentials/list", "{}").ok();
            var revocation = new LinkedHashMap<>(form);
            revocation.put("token", token);
            acme.form("oauth2/revoke", revocation).ok();
            acme.call("credentials/list", "Basic xyz", "{}")
                    .refused(400, "invalid_request", "Malformed authorization header");
        }
    }

    @Nested
    class Credentials {

        @Test
        void areListedWithAsMuchAsIsAskedFor() {
            var person = person("list", "pin-otp", 3, KeyKind.RSA_2048);
            var csc = person.csc();
            var little = csc.call("credentials/list", Map.of("credentialInfo", true))
                    .ok()
                    .json()
                    .at("/credentialInfos/0");
            assertThat(little.path("credentialID").asText())
                    .isEqualTo(person.holder().credential());
            assertThat(little.at("/cert/certificates")).hasSize(1);
            assertThat(little.path("auth").toString()).isEqualTo("{\"mode\":\"explicit\"}");

            var all = Map.of("certificates", "chain", "certInfo", true, "authInfo", true);
            var asked = new LinkedHashMap<String, Object>(all);
            asked.put("credentialInfo", true);
            asked.put("onlyValid", true);
            var listed = csc.call("credentials/list", asked).ok().json();
            assertThat(listed.path("onlyValid").asBoolean()).isTrue();
            var info = of(person.holder());
            info.putAll(all);
            var shown = csc.call("credentials/info", info).ok().json();
            assertThat(shown.has("credentialID")).isFalse();
            assertThat(without(listed.at("/credentialInfos/0"), "credentialID")).isEqualTo(shown);

            assertThat(shown.at("/cert/certificates").size()).isGreaterThan(1);
            assertThat(shown.path("SCAL").asText()).isEqualTo("2");
            assertThat(shown.path("multisign").asInt()).isEqualTo(3);
            assertThat(shown.at("/auth/expression").asText()).isEqualTo("PIN AND OTP");
            assertThat(shown.at("/auth/objects/0/id").asText()).isEqualTo("PIN");
            assertThat(shown.at("/auth/objects/0/type").asText()).isEqualTo("Password");
            assertThat(shown.at("/auth/objects/0").has("generator")).isFalse();
            assertThat(shown.at("/auth/objects/1/id").asText()).isEqualTo("OTP");
            assertThat(shown.at("/auth/objects/1/generator").asText()).isEqualTo("totp");
        }

        private JsonNode without(JsonNode node, String member) {
            var copy = (com.fasterxml.jackson.databind.node.ObjectNode) node.deepCopy();
            copy.remove(member);
            return copy;
        }

        @Test
        void thatAreLockedAreNotListedAsValid() {
            var person = person("valid", "pin", 1, KeyKind.P_256);
            var other = CscHolder.another(platform, clientOf(person), "pin", 1, KeyKind.ED25519);
            var csc = person.csc();
            var wrong = authorization(person, 1, person.holder().hashes("a"), authData(Map.of("PIN", "000000")));
            for (int i = 0; i < 5; i++) {
                csc.call(AUTHORIZE, wrong)
                        .refused(400, "invalid_authentication_data", "The authentication data is invalid");
            }
            refused(csc.call(AUTHORIZE, wrong), "Credential locked");
            assertThat(csc.call("credentials/list", "{}").ok().texts("credentialIDs"))
                    .containsExactly(person.holder().credential(), other.credential());
            assertThat(csc.call("credentials/list", Map.of("onlyValid", true))
                            .ok()
                            .texts("credentialIDs"))
                    .containsExactly(other.credential());
        }

        private String clientOf(CscHolder person) {
            return platform.acme().checkToken(person.csc().token()).ok().text("client_id");
        }

        @Test
        void areRefusedInTheWordsOfTheSpecification() {
            var person = person("info", "pin", 1, KeyKind.P_256);
            var csc = person.csc();
            refused(csc.call("credentials/list", Map.of("userID", "x")), "userID parameter MUST be null");
            refused(csc.call("credentials/list", Map.of("userID", 1)), "Invalid parameter userID");
            for (var method : List.of("credentials/list", "credentials/info")) {
                refused(csc.call(method, of(person.holder(), "certificates", "x")), "Invalid parameter certificates");
                refused(csc.call(method, of(person.holder(), "certInfo", "x")), "Invalid parameter certInfo");
                refused(csc.call(method, of(person.holder(), "authInfo", "x")), "Invalid parameter authInfo");
                refused(csc.call(method, of(person.holder(), "lang", 1)), "Invalid parameter lang");
                refused(csc.call(method, of(person.holder(), "clientData", 1)), "Invalid parameter clientData");
            }
            refused(csc.call("credentials/list", Map.of("credentialInfo", 1)), "Invalid parameter credentialInfo");
            refused(csc.call("credentials/list", Map.of("onlyValid", 1)), "Invalid parameter onlyValid");
            refused(csc.call("credentials/info", "{}"), "Missing (or invalid type) string parameter credentialID");
            refused(csc.call("credentials/info", Map.of("credentialID", "x")), "Invalid parameter credentialID");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, 1.2.840.113549.1.1.1, " + SHA256 + ",",
        "RSA_2048, 1.2.840.113549.1.1.11, ,",
        "PSS_2048, 1.2.840.113549.1.1.10, ," + PSS_SHA256,
        "P_256, 1.2.840.10045.2.1, " + SHA256 + ",",
        "P_384, 1.2.840.10045.4.3.3, ,",
        "ED25519, " + ED25519 + ", ,"
    })
    void signaturesAreGoodForOpenssl(KeyKind kind, String signAlgo, String hashAlgorithm, String params) {
        var person = person("kinds", "pin-otp", 2, kind);
        var hashes = person.holder().hashes("a", "b");
        var wanted = authorization(person, 2, hashes);
        wanted.remove("hashAlgorithmOID");
        var request =
                signature(person, person.csc().call(AUTHORIZE, wanted).ok().text("SAD"), hashes);
        request.put("signAlgo", signAlgo);
        request.put("hashAlgorithmOID", hashAlgorithm);
        request.put("signAlgoParams", params);
        request.put("operationMode", "S");
        var signatures = person.csc().call(SIGN, request).ok().texts("signatures");
        var certificate = person.csc()
                .call("credentials/info", of(person.holder()))
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
        for (int i = 0; i < hashes.size(); i++) {
            assertThat(OpenSsl.verifies(kind, certificate, hashes.get(i), signatures.get(i)))
                    .isTrue();
        }
        assertThat(OpenSsl.verifies(kind, certificate, hashes.get(0), signatures.get(1)))
                .isFalse();
    }

    @Test
    void numbersAloneAreAuthorizedWithScal1() {
        var person = person("scal1", "pin-scal1", 3, KeyKind.P_256);
        var sad = sad(person, 3, List.of());
        for (var text : List.of("a", "b", "c")) {
            person.csc()
                    .call(SIGN, signature(person, sad, person.holder().hashes(text)))
                    .ok();
        }
        refused(person.csc().call(SIGN, signature(person, sad, person.holder().hashes("d"))), "Invalid parameter SAD");
    }

    @Test
    void aTransactionIsExtended() {
        var person = person("extend", "pin", 3, KeyKind.P_256);
        var holder = person.holder();
        var first = sad(person, 3, holder.hashes("a"));
        refused(person.csc().call(EXTEND, of(holder)), "Missing (or invalid type) string parameter SAD");
        refused(person.csc().call(EXTEND, of(holder, "SAD", first)), "Missing (or invalid type) array parameter hash");
        var more = of(holder, "SAD", first, "hashes", Caller.base64(holder.hashes("b")));
        more.put("hashAlgorithmOID", "x");
        refused(person.csc().call(EXTEND, more), "Invalid parameter hashAlgorithmOID");
        more.put("hashAlgorithmOID", SHA256);
        var second = person.csc().call(EXTEND, more).ok().text("SAD");
        refused(person.csc().call(SIGN, signature(person, first, holder.hashes("a"))), "Invalid parameter SAD");
        refused(
                person.csc().call(SIGN, signature(person, second, holder.hashes("c"))),
                "Hash is not authorized by the SAD");
        person.csc()
                .call(SIGN, signature(person, second, holder.hashes("b", "a")))
                .ok();
    }

    @Nested
    class AnAuthorization {

        @Test
        void isRefusedInTheWordsOfTheSpecification() {
            var person = person("authorize", "pin", 2, KeyKind.P_256);
            var good = authorization(person, 2, person.holder().hashes("a", "b"));
            expect(
                    person,
                    good,
                    AUTHORIZE,
                    "credentialID",
                    null,
                    "Missing (or invalid type) string parameter credentialID");
            expect(person, good, AUTHORIZE, "credentialID", "unknown", "Invalid parameter credentialID");
            for (Object wrong : new Object[] {null, "1", 1.0, true}) {
                expect(
                        person,
                        good,
                        AUTHORIZE,
                        "numSignatures",
                        wrong,
                        "Missing (or invalid type) integer parameter numSignatures");
            }
            expect(person, good, AUTHORIZE, "numSignatures", 0, "Invalid value for parameter numSignatures");
            expect(person, good, AUTHORIZE, "numSignatures", 3, "Numbers of signatures is too high");
            for (Object wrong : new Object[] {null, "AAAA", 1}) {
                expect(person, good, AUTHORIZE, "hashes", wrong, "Missing (or invalid type) array parameter hash");
            }
            expect(person, good, AUTHORIZE, "hashes", List.of(), "Empty hash array");
            expect(person, good, AUTHORIZE, "hashes", List.of("?"), "Invalid Base64 hash string parameter");
            expect(
                    person,
                    good,
                    AUTHORIZE,
                    "hashes",
                    Caller.base64(person.holder().hashes("a", "b", "c")),
                    "Invalid parameter hashes");
            expect(person, good, AUTHORIZE, "hashAlgorithmOID", "SHA-256", "Invalid parameter hashAlgorithmOID");
            expect(
                    person,
                    good,
                    AUTHORIZE,
                    "hashAlgorithmOID",
                    1,
                    "Missing (or invalid type) string parameter hashAlgorithmOID");
            for (Object wrong : new Object[] {null, "PIN", Map.of("id", "PIN")}) {
                expect(
                        person,
                        good,
                        AUTHORIZE,
                        "authData",
                        wrong,
                        "Missing (or invalid type) array parameter authData");
            }
            var pin = Map.of("id", "PIN", "value", Enrolment.PIN);
            for (Object wrong : new Object[] {
                "PIN", 1, Map.of(), Map.of("id", 1), Map.of("id", "PIN", "value", 271828), Map.of("id", "password")
            }) {
                expect(person, good, AUTHORIZE, "authData", List.of(wrong), "Invalid parameter authData");
            }
            expect(person, good, AUTHORIZE, "authData", List.of(pin, pin), "Invalid parameter authData");
            expect(person, good, AUTHORIZE, "description", 1, "Invalid parameter description");
            expect(person, good, AUTHORIZE, "clientData", 1, "Invalid parameter clientData");
        }

        @Test
        void countsAndTellsWrongFactorsButNotWhich() {
            var person = person("factors", "pin-otp", 2, KeyKind.P_256);
            var otp = person.holder().authenticator().next();
            for (var factors : List.of(
                    List.<Map<String, String>>of(),
                    authData(Map.of("PIN", Enrolment.PIN)),
                    authData(Map.of("OTP", otp)),
                    List.of(Map.of("id", "PIN"), Map.of("id", "OTP")),
                    authData(Map.of("PIN", "000000", "OTP", otp)),
                    authData(Map.of(
                            "PIN",
                            Enrolment.PIN,
                            "OTP",
                            person.holder().authenticator().wrong())))) {
                var parameters = authorization(person, 1, person.holder().hashes("a"), factors);
                person.csc()
                        .call(AUTHORIZE, parameters)
                        .refused(400, "invalid_authentication_data", "The authentication data is invalid");
            }
            sad(person, 1, person.holder().hashes("a"));
        }
    }

    @Nested
    class ACredential {

        private final CscHolder person = person("deleted", "pin-otp", 1, KeyKind.P_256);

        private Map<String, Object> deletion(Map<String, Object> request, Map<String, String> factors) {
            return Map.of("credentialDeletionRequest", request, "authData", authData(factors));
        }

        @Test
        void isDeletedByItsHoldersFactorsAlone() {
            var credential = person.holder().credential();
            var named = Map.<String, Object>of("credentialID", credential);
            var otp = person.holder().authenticator().next();
            refused(
                    person.csc().call(DELETE, Map.of()),
                    "Missing (or invalid type) object parameter credentialDeletionRequest");
            refused(
                    person.csc().call(DELETE, deletion(Map.of(), Map.of())),
                    "Missing (or invalid type) string parameter credentialID");
            refused(
                    person.csc().call(DELETE, deletion(Map.of("credentialID", "x"), Map.of("PIN", "000000"))),
                    "Invalid parameter credentialID");
            refused(
                    person.csc().call(DELETE, deletion(Map.of("credentialID", credential, "revoke", 1), Map.of())),
                    "Invalid parameter revoke");
            refused(
                    person.csc().call(DELETE, deletion(Map.of("credentialID", credential, "revoke", true), Map.of())),
                    "Missing (or invalid type) integer parameter revocationReason");
            for (int reason : List.of(-1, 2, 6, 7, 8, 9, 10, 11)) {
                refused(
                        person.csc()
                                .call(
                                        DELETE,
                                        deletion(
                                                Map.of(
                                                        "credentialID",
                                                        credential,
                                                        "revoke",
                                                        true,
                                                        "revocationReason",
                                                        reason),
                                                Map.of())),
                        "Invalid parameter revocationReason");
            }
            refused(person.csc().call(DELETE, deletion(named, Map.of("PUSH", ""))), "Invalid parameter authData");
            for (var wrong : List.of(
                    Map.<String, String>of(), Map.of("PIN", Enrolment.PIN), Map.of("PIN", "000000", "OTP", otp))) {
                person.csc()
                        .call(DELETE, deletion(named, wrong))
                        .refused(400, "invalid_authentication_data", "The authentication data is invalid");
            }
            var deletion = deletion(
                    Map.of("credentialID", credential, "revoke", true, "revocationReason", 1),
                    Map.of("PIN", Enrolment.PIN, "OTP", otp));

            assertThat(person.csc().call(DELETE, deletion).ok().status()).isEqualTo(204);

            assertThat(person.csc().call("credentials/list", "{}").ok().texts("credentialIDs"))
                    .doesNotContain(credential);
            refused(person.csc().call(DELETE, deletion), "Invalid parameter credentialID");
            var administrator = platform.globex().asAdministrator();
            assertThat(administrator.act(credential, "delete", Map.of()).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aSignatureIsRefusedInTheWordsOfTheSpecificationAndUsesUpNothing() {
        var person = person("sign", "pin", 1, KeyKind.P_256);
        var hash = person.holder().hashes("a");
        var good = signature(person, sad(person, 1, hash), hash);
        expect(person, good, SIGN, "SAD", null, "Missing (or invalid type) string parameter SAD");
        expect(person, good, SIGN, "SAD", "x", "Invalid parameter SAD");
        expect(person, good, SIGN, "credentialID", null, "Missing (or invalid type) string parameter credentialID");
        expect(person, good, SIGN, "credentialID", "x", "Invalid parameter credentialID");
        for (Object wrong : new Object[] {null, "AAAA", 1}) {
            expect(person, good, SIGN, "hashes", wrong, "Missing (or invalid type) array parameter hash");
        }
        expect(person, good, SIGN, "hashes", List.of(), "Empty hash array");
        expect(person, good, SIGN, "hashes", List.of("?"), "Invalid Base64 hash string parameter");
        expect(person, good, SIGN, "hashes", List.of("AAAA"), "Invalid digest value length");
        expect(
                person,
                good,
                SIGN,
                "hashes",
                Caller.base64(person.holder().hashes("b")),
                "Hash is not authorized by the SAD");
        expect(person, good, SIGN, "signAlgo", null, "Missing (or invalid type) string parameter signAlgo");
        expect(person, good, SIGN, "signAlgo", "1.2.3", "Invalid parameter signAlgo");
        expect(
                person,
                good,
                SIGN,
                "signAlgo",
                "1.2.840.10045.2.1",
                "Missing (or invalid type) string parameter hashAlgorithmOID");
        expect(
                person,
                good,
                SIGN,
                "signAlgo",
                "1.2.840.113549.1.1.10",
                "Missing (or invalid type) string parameter signAlgoParams");
        expect(person, good, SIGN, "operationMode", "A", "Invalid parameter operationMode");
        expect(person, good, SIGN, "operationMode", 1, "Invalid parameter operationMode");
        expect(person, good, SIGN, "validity_period", 1000, "Invalid parameter validity_period");
        expect(person, good, SIGN, "response_uri", "https://example.org", "Invalid parameter response_uri");
        var withHash = new LinkedHashMap<>(good);
        withHash.put("signAlgo", "1.2.840.10045.2.1");
        expect(person, withHash, SIGN, "hashAlgorithmOID", "1.3.14.3.2.26", "Invalid parameter hashAlgorithmOID");

        person.csc().call(SIGN, good).ok();
        refused(person.csc().call(SIGN, good), "Invalid parameter SAD");
    }

    private static void expect(
            CscHolder person, Map<String, Object> good, String method, String name, Object value, String description) {
        var parameters = new LinkedHashMap<>(good);
        parameters.put(name, value);
        refused(person.csc().call(method, parameters), description);
    }

    private static void refused(Answer answer, String description) {
        answer.refused(400, "invalid_request", description);
    }
}
