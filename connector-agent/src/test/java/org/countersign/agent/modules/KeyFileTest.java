package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Tools;
import org.countersign.agent.signature.SignatureScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in PKCS#12 files that openssl made; openssl says whether signatures are good. */
class KeyFileTest {

    private static final String KEYTOOL = "/v3/modules/java-keytool/apps/token/";
    private static final String TRUSTSTORE = "/v3/modules/truststore/";
    private static final String PASSWORD = "correct horse";
    private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path folder;

    static RunningAgent agent;

    @BeforeAll
    static void start() throws Exception {
        Tools.require("openssl");
        file("rsa", "digitalSignature,nonRepudiation", "rsa:2048");
        file("ec", "nonRepudiation", "ec", "-pkeyopt", "ec_paramgen_curve:P-384");
        agent = RunningAgent.start(
                folder.resolve("data"),
                "--pin.clear=true",
                "--java-keytool.file=" + folder.resolve("rsa.p12"),
                "--truststore.file=" + folder.resolve("ec.p12"));
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    private static void file(String name, String usage, String... kind) {
        var request = new java.util.ArrayList<>(java.util.List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
        request.addAll(java.util.List.of(kind));
        request.addAll(java.util.List.of("-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=File " + name));
        request.addAll(java.util.List.of(
                "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical," + usage));
        Tools.run(folder, request.toArray(String[]::new));
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-pubkey", "-noout", "-out", name + ".pub");
        Tools.run(
                folder,
                "openssl",
                "pkcs12",
                "-export",
                "-inkey",
                name + ".key",
                "-in",
                name + ".pem",
                "-name",
                name,
                "-passout",
                "pass:" + PASSWORD,
                "-out",
                name + ".p12");
    }

    private static JsonObjectBuilder request(SignatureScheme scheme, String pin) {
        return Json.createObjectBuilder()
                .add("algorithm", scheme.wireName())
                .add("data", Base64.getEncoder().encodeToString(scheme.hash(DATA)))
                .add("pin", pin);
    }

    @Test
    void rsa_and_elliptic_keys_sign() throws Exception {
        for (var scheme : SignatureScheme.values()) {
            var digest = "digest:sha" + scheme.hashBytes() * 8;
            var signature = signed(KEYTOOL, scheme);
            if (scheme.isPss()) {
                verify(
                        "rsa",
                        scheme,
                        signature,
                        "-pkeyopt",
                        digest,
                        "-pkeyopt",
                        "rsa_padding_mode:pss",
                        "-pkeyopt",
                        "rsa_pss_saltlen:" + scheme.hashBytes());
                assertThat(agent.post(
                                        TRUSTSTORE + "sign",
                                        request(scheme, PASSWORD).build())
                                .code())
                        .isEqualTo(106_400);
            } else {
                verify("rsa", scheme, signature, "-pkeyopt", digest);
                verify("ec", scheme, signed(TRUSTSTORE, scheme));
            }
            assertThat(valid(scheme, signature)).isTrue();
            signature[17] ^= 1;
            assertThat(valid(scheme, signature)).isFalse();
        }
    }

    private static boolean valid(SignatureScheme scheme, byte[] signature) {
        var body = Json.createObjectBuilder()
                .add("algorithm", scheme.wireName())
                .add("hash", Base64.getEncoder().encodeToString(scheme.hash(DATA)))
                .add("signedHash", Base64.getEncoder().encodeToString(signature))
                .build();
        return agent.post(KEYTOOL + "validate", body)
                .body()
                .getJsonObject("data")
                .getBoolean("valid");
    }

    private static byte[] signed(String module, SignatureScheme scheme) {
        var reply = agent.post(module + "sign", request(scheme, PASSWORD).build());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return Base64.getDecoder().decode(reply.body().getJsonObject("data").getString("data"));
    }

    private static void verify(String key, SignatureScheme scheme, byte[] signature, String... options)
            throws Exception {
        Files.write(folder.resolve("hash"), scheme.hash(DATA));
        Files.write(folder.resolve("signature"), signature);
        var command = new java.util.ArrayList<>(java.util.List.of(
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

    @Test
    void certificates_are_known_once_the_pin_was_right_and_wrong_ones_are_few() throws Exception {
        Files.copy(folder.resolve("rsa.p12"), folder.resolve("other.p12"));
        try (var other = RunningAgent.start(
                folder.resolve("other"), "--pin.clear=true", "--java-keytool.file=" + folder.resolve("other.p12"))) {
            var right = Json.createObjectBuilder().add("pin", PASSWORD).build();
            var wrong = Json.createObjectBuilder().add("pin", "battery staple").build();
            assertThat(other.get(KEYTOOL + "cert-list").code()).isEqualTo(107_400);
            assertThat(other.post(KEYTOOL + "verify-pin", wrong).code()).isEqualTo(107_401);
            assertThat(other.get(KEYTOOL + "cert-list").code()).isEqualTo(107_400);
            assertThat(other.post(KEYTOOL + "verify-pin", right).status()).isEqualTo(200);
            var certificate = other.get(KEYTOOL + "nonrepudiation-cert")
                    .body()
                    .getJsonObject("data")
                    .getJsonArray("certificates")
                    .getJsonObject(0);
            assertThat(certificate.getString("subject")).isEqualTo("CN=File rsa");
            // It issued itself.
            assertThat(certificate.getString("hashIssPubKey")).isEqualTo(certificate.getString("hashSubPubKey"));
            for (int i = 0; i < 3; i++) {
                assertThat(other.post(KEYTOOL + "verify-pin", wrong).code()).isEqualTo(107_401);
            }
            assertThat(other.post(KEYTOOL + "verify-pin", right).code()).isEqualTo(107_403);
            assertThat(other.post(
                                    KEYTOOL + "sign",
                                    request(SignatureScheme.SHA256, PASSWORD).build())
                            .code())
                    .isEqualTo(107_403);
        }
    }

    @Test
    void what_a_file_can_not_is_refused() {
        assertThat(agent.get(KEYTOOL + "biometric").code()).isEqualTo(106_405);
        assertThat(agent.post(KEYTOOL + "sign", JsonObject.EMPTY_JSON_OBJECT).code())
                .isEqualTo(101_400);
        assertThat(agent.get("/v3/modules/truststore/readers/0000000000000000/info")
                        .code())
                .isEqualTo(101_404);
        assertThat(agent.get(KEYTOOL + "supported-algorithms")
                        .body()
                        .getJsonObject("data")
                        .getJsonArray("ref"))
                .hasSize(6);
    }
}
