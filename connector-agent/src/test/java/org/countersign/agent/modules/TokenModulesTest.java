package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real PKCS#11 library, and with two that do what libraries should not. openssl says whether signatures are good. */
class TokenModulesTest {

    private static final String TOKEN = "/v3/modules/pkcs11/apps/token/";
    private static final String OTHER = "https://other.example.com";
    private static final String PIV = "/v3/modules/piv/apps/token/";

    @TempDir
    static Path folder;

    static RunningAgent agent;

    @BeforeAll
    static void start() throws Exception {
        Tools.require("gcc");
        SoftHsm.prepare(folder);
        var crashing = library("crash", "*(volatile int *) 0 = 1; return 0;");
        agent = RunningAgent.start(
                folder.resolve("data"),
                "--origins=" + RunningAgent.ORIGIN + "," + OTHER,
                "--pkcs11.libraries=" + SoftHsm.LIBRARY,
                "--piv.library=" + crashing);
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    private static Path library(String name, String body) throws Exception {
        Files.writeString(
                folder.resolve(name + ".c"),
                "#include <unistd.h>\nunsigned long C_GetFunctionList(void **list) { " + body + " }\n");
        Tools.run(folder, "gcc", "-shared", "-fPIC", "-o", name + ".so", name + ".c");
        return folder.resolve(name + ".so");
    }

    @Test
    void certificates_stand_under_what_they_are_for() {
        var data = agent.get(TOKEN + "cert-list").body().getJsonObject("data");
        assertThat(data.keySet()).containsExactlyInAnyOrder("authenticationCertificate", "nonRepudiationCertificate");
        var signing = agent.get(TOKEN + "nonrepudiation-cert")
                .body()
                .getJsonObject("data")
                .getJsonArray("certificates")
                .getJsonObject(0);
        assertThat(signing.getString("id")).isEqualTo("01");
        assertThat(signing.getString("subject")).isEqualTo("CN=Test rsa");
        assertThat(agent.get(TOKEN + "encryption-cert").code()).isEqualTo(302_102);
    }

    @Test
    void the_tokens_own_words_are_told() {
        var info = agent.get(TOKEN + "info").body().getJsonObject("data");
        assertThat(info.getString("label")).isEqualTo("test");
        assertThat(info.getJsonArray("mechanisms").toString()).contains("CKM_RSA_PKCS_PSS");
        assertThat(agent.get(TOKEN + "supported-algorithms")
                        .body()
                        .getJsonObject("data")
                        .getJsonArray("ref")
                        .toString())
                .contains("\"sha256\"", "\"sha512_pss\"");
    }

    @Test
    void a_pin_is_encrypted_for_the_device_key() throws Exception {
        var right =
                Json.createObjectBuilder().add("pin", encrypted(SoftHsm.PIN)).build();
        assertThat(agent.post(TOKEN + "verify-pin", right)
                        .body()
                        .getJsonObject("data")
                        .getBoolean("verified"))
                .isTrue();
        var clear = Json.createObjectBuilder().add("pin", SoftHsm.PIN).build();
        assertThat(agent.post(TOKEN + "verify-pin", clear).code()).isEqualTo(107_404);
        assertThat(agent.post(TOKEN + "verify-pin", JsonObject.EMPTY_JSON_OBJECT)
                        .code())
                .isEqualTo(107_400);
        var noise = Json.createObjectBuilder()
                .add("pin", Base64.getEncoder().encodeToString(new byte[256]))
                .build();
        assertThat(agent.post(TOKEN + "verify-pin", noise).code()).isEqualTo(107_401);
        var wrong = Json.createObjectBuilder().add("pin", encrypted("000000")).build();
        var refused = agent.post(TOKEN + "verify-pin", wrong);
        assertThat(refused.code()).isEqualTo(107_401);
        assertThat(refused.raw().body()).doesNotContain("000000");
    }

    @Test
    void rsa_signs_by_pkcs1() throws Exception {
        var signature = signed("sign", "sha256", "SHA-256");
        verify("rsa", signature, "-pkeyopt", "digest:sha256");
        verify("rsa", signed("sign", "sha512", "SHA-512"), "-pkeyopt", "digest:sha512");
    }

    @Test
    void rsa_signs_by_pss() throws Exception {
        verify(
                "rsa",
                signed("sign", "sha256_pss", "SHA-256"),
                "-pkeyopt",
                "digest:sha256",
                "-pkeyopt",
                "rsa_padding_mode:pss",
                "-pkeyopt",
                "rsa_pss_saltlen:32");
    }

    @Test
    void ec_signs_by_ecdsa() throws Exception {
        verify("ec", signed("authenticate", "sha256", "SHA-256"));
    }

    @Test
    void data_that_is_not_hashed_is_hashed_and_signed() throws Exception {
        var data = "to be signed".getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("hash"), hash("SHA-384"));
        var answer = agent.post(
                TOKEN + "sign_raw",
                request("sha384", "SHA-384")
                        .add("data", Base64.getEncoder().encodeToString(data))
                        .add("txId", "4711")
                        .add("base64Encoded", true)
                        .build());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        verify(
                "rsa",
                Base64.getDecoder().decode(answer.body().getJsonObject("data").getString("data")),
                "-pkeyopt",
                "digest:sha384");
    }

    @Test
    void a_signature_is_validated_by_the_tokens_own_certificate() throws Exception {
        var signature = Base64.getEncoder().encodeToString(signed("authenticate", "sha256", "SHA-256"));
        var body = Json.createObjectBuilder()
                .add("algorithm", "sha256")
                .add("hash", Base64.getEncoder().encodeToString(hash("SHA-256")))
                .add("signedHash", signature);
        // Without an identifier the first for signatures is meant, which did not make it.
        assertThat(validated(body.build()).body().getJsonObject("data").getBoolean("valid"))
                .isFalse();
        var byRight = Json.createObjectBuilder(body.add("algorithm", "sha256")
                .add("hash", Base64.getEncoder().encodeToString(hash("SHA-256")))
                .add("signedHash", signature)
                .add("id", "02")
                .build());
        assertThat(validated(byRight.build()).body().getJsonObject("data").getBoolean("valid"))
                .isTrue();
        assertThat(validated(Json.createObjectBuilder()
                                .add("algorithm", "")
                                .add("hash", signature)
                                .add("signedHash", signature)
                                .build())
                        .code())
                .isEqualTo(106_400);
    }

    private static RunningAgent.Reply validated(JsonObject body) {
        return agent.post(TOKEN + "validate", body);
    }

    @Test
    void the_puk_gives_a_new_pin() throws Exception {
        var wrong = Json.createObjectBuilder()
                .add("puk", encrypted("87654321"))
                .add("pin", encrypted(SoftHsm.PIN))
                .build();
        assertThat(agent.post(TOKEN + "reset-pin", wrong).code()).isEqualTo(107_401);
        var right =
                Json.createObjectBuilder().add("puk", encrypted(SoftHsm.PUK)).add("pin", encrypted("114477"));
        assertThat(agent.post(TOKEN + "reset-pin", right.build())
                        .body()
                        .getJsonObject("data")
                        .getBoolean("verified"))
                .isTrue();
        try {
            var fresh = Json.createObjectBuilder().add("pin", encrypted("114477"));
            assertThat(agent.post(TOKEN + "verify-pin", fresh.build()).status()).isEqualTo(200);
        } finally {
            var back = Json.createObjectBuilder()
                    .add("puk", encrypted(SoftHsm.PUK))
                    .add("pin", encrypted(SoftHsm.PIN));
            agent.post(TOKEN + "reset-pin", back.build());
        }
        assertThat(agent.post(TOKEN + "reset-pin", JsonObject.EMPTY_JSON_OBJECT).code())
                .isEqualTo(107_400);
    }

    @Test
    void all_data_of_a_token_are_what_it_is_and_its_certificates() {
        var data = agent.get(TOKEN + "all-data").body().getJsonObject("data");
        assertThat(data.keySet())
                .containsExactlyInAnyOrder("info", "authenticationCertificate", "nonRepudiationCertificate");
        assertThat(agent.get(TOKEN + "all-data?filter=info")
                        .body()
                        .getJsonObject("data")
                        .keySet())
                .containsExactly("info");
        assertThat(agent.get(TOKEN + "address").code()).isEqualTo(106_405);
    }

    @Test
    void a_pin_counts_for_a_series_of_one_page_until_that_page_is_done() throws Exception {
        var first = request("sha256", "SHA-256").build();
        var next = Json.createObjectBuilder(first).remove("pin").build();
        var sign = TOKEN + "sign?bulk=true";
        assertThat(agent.post(sign, next).code()).isEqualTo(107_400);
        assertThat(agent.post(TOKEN + "sign", first).status()).isEqualTo(200);
        // It was no series.
        assertThat(agent.post(sign, next).code()).isEqualTo(107_400);
        assertThat(agent.post(sign, first).status()).isEqualTo(200);
        assertThat(agent.post(sign, next).status()).isEqualTo(200);
        assertThat(agent.post(sign, next).status()).isEqualTo(200);
        // Another page's, a signature outside the series, and another call have nothing of it.
        assertThat(agent.post(sign, next, "Origin", OTHER).code()).isEqualTo(107_400);
        assertThat(agent.post(TOKEN + "sign", next).code()).isEqualTo(107_400);
        assertThat(agent.post(TOKEN + "verify-pin", JsonObject.EMPTY_JSON_OBJECT)
                        .code())
                .isEqualTo(107_400);
        assertThat(agent.get(TOKEN + "reset-bulk-pin").code()).isEqualTo(104_027);
        assertThat(agent.get(TOKEN + "reset-bulk-pin", "X-CSRF-Token", "test", "Origin", OTHER)
                        .status())
                .isEqualTo(200);
        assertThat(agent.post(sign, next).status()).isEqualTo(200);
        assertThat(agent.get(TOKEN + "reset-bulk-pin", "X-CSRF-Token", "test")
                        .body()
                        .getBoolean("data"))
                .isTrue();
        assertThat(agent.post(sign, next).code()).isEqualTo(107_400);
        // A wrong one ends the series.
        assertThat(agent.post(sign, first).status()).isEqualTo(200);
        var wrong =
                Json.createObjectBuilder(first).add("pin", encrypted("000000")).build();
        assertThat(agent.post(sign, wrong).code()).isEqualTo(107_401);
        assertThat(agent.post(sign, next).code()).isEqualTo(107_400);
        assertThat(agent.post(sign, first).status()).isEqualTo(200);
        assertThat(agent.post(TOKEN + "reset-bulk-pin", JsonObject.EMPTY_JSON_OBJECT)
                        .body()
                        .getBoolean("data"))
                .isTrue();
        assertThat(agent.post(sign, next).code()).isEqualTo(107_400);
    }

    @Test
    void what_can_not_be_signed_is_refused() throws Exception {
        assertThat(agent.post(TOKEN + "sign", request("", "SHA-256").build()).code())
                .isEqualTo(106_400);
        assertThat(agent.post(TOKEN + "sign", request("md5", "SHA-256").build()).code())
                .isEqualTo(106_400);
        assertThat(agent.post(
                                TOKEN + "authenticate",
                                request("sha256_pss", "SHA-256").build())
                        .code())
                .isEqualTo(106_400);
        assertThat(agent.post(TOKEN + "sign", request("sha256", "SHA-512").build())
                        .code())
                .isEqualTo(101_400);
        assertThat(agent.post(
                                TOKEN + "sign",
                                request("sha256", "SHA-256").add("id", "FF").build())
                        .code())
                .isEqualTo(302_102);
        assertThat(agent.get("/v3/modules/none/apps/token/info").code()).isEqualTo(106_404);
        assertThat(agent.get(TOKEN + "readers/0000000000000000/info").code()).isEqualTo(105_404);
    }

    @Test
    void a_library_that_crashes_costs_its_own_request_only() {
        for (int i = 0; i < 2; i++) {
            assertThat(agent.get(PIV + "info").code()).isEqualTo(106_503);
            assertThat(agent.get(TOKEN + "info").status()).isEqualTo(200);
        }
    }

    @Test
    void a_library_that_hangs_costs_its_own_request_only() throws Exception {
        var hanging = library("hang", "for (;;) pause();");
        try (var other = RunningAgent.start(
                folder.resolve("other"), "--piv.library=" + hanging, "--library.seconds=3", "--threads=2")) {
            var call = CompletableFuture.supplyAsync(() -> other.get(PIV + "info"));
            assertThat(other.get("/info").status()).isEqualTo(200);
            assertThat(call.get().code()).isEqualTo(106_504);
            assertThat(other.get("/v3/readers").status()).isEqualTo(200);
        }
    }

    private static jakarta.json.JsonObjectBuilder request(String algorithm, String hash) throws Exception {
        return Json.createObjectBuilder()
                .add("algorithm", algorithm)
                .add("data", Base64.getEncoder().encodeToString(hash(hash)))
                .add("pin", encrypted(SoftHsm.PIN));
    }

    private static byte[] hash(String algorithm) throws Exception {
        return MessageDigest.getInstance(algorithm).digest("to be signed".getBytes(StandardCharsets.UTF_8));
    }

    private static String encrypted(String pin) {
        return agent.encrypted(pin.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] signed(String call, String algorithm, String hash) throws Exception {
        Files.write(folder.resolve("hash"), hash(hash));
        var answer = agent.post(TOKEN + call, request(algorithm, hash).build());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return Base64.getDecoder().decode(answer.body().getJsonObject("data").getString("data"));
    }

    private static void verify(String key, byte[] signature, String... options) throws Exception {
        Files.write(folder.resolve("signature"), signature);
        var command = new java.util.ArrayList<String>(java.util.List.of(
                "openssl",
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                key + ".pub",
                "-in",
                "hash",
                "-sigfile",
                "signature"));
        command.addAll(java.util.List.of(options));
        assertThat(Tools.run(folder, command.toArray(String[]::new))).contains("Verified Successfully");
    }
}
