package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.OpenSslStamps;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSC API 1.0.4.0 §11.10, with openssl as the authority (RFC 3161), and as the judge. */
@ExtendWith(RunningServer.class)
class CscTimestampIT {

    private static final String SHA256 = "2.16.840.1.101.3.4.2.1";
    private static final byte[] DATA = "stamped".getBytes(StandardCharsets.UTF_8);

    private final OpenSslStamps stamps;
    private final CscClient csc;

    CscTimestampIT(Platform platform) {
        this.stamps = platform.stamps();
        var globex = platform.globex();
        this.csc = new CscClient(
                globex,
                globex.as("globex", "secret of globex", "seat:csc-stamps@globex")
                        .token());
    }

    @ParameterizedTest
    @CsvSource({"SHA-256, 2.16.840.1.101.3.4.2.1", "SHA-384, 2.16.840.1.101.3.4.2.2", "SHA-512, 2.16.840.1.101.3.4.2.3"
    })
    void aStampIsOfTheHash(String algorithm, String oid) throws Exception {
        var token = csc.call("signatures/timestamp", parameters(digest(algorithm), oid))
                .ok()
                .text("timestamp");
        assertThat(stamps.verifies(token, DATA)).isTrue();
        assertThat(stamps.verifies(token, new byte[] {1})).isFalse();
        assertThat(stamps.text(token)).contains("Policy OID: " + OpenSslStamps.POLICY);
    }

    @ParameterizedTest
    @CsvSource({"1311768467463790320, 0x123456789ABCDEF0", "0xabc, 0x0ABC", "12cd, 0x12CD", "7, 0x07"})
    void aStampHoldsTheNonce(String nonce, String printed) throws Exception {
        var parameters = parameters(digest("SHA-256"), SHA256);
        parameters.put("nonce", nonce);
        var token = csc.call("signatures/timestamp", parameters).ok().text("timestamp");
        assertThat(stamps.verifies(token, DATA)).isTrue();
        assertThat(stamps.text(token)).contains("Nonce: " + printed + "\n");
    }

    @Test
    void eachParameterIsRefusedInTheSpecificationsWords() throws Exception {
        var hash = digest("SHA-256");
        refused("{}", "Missing (or invalid type) string parameter hash");
        refused(Map.of("hash", 1, "hashAlgo", SHA256), "Missing (or invalid type) string parameter hash");
        refused(Map.of("hash", "=", "hashAlgo", SHA256), "Invalid Base64 hash string parameter");
        refused(Map.of("hash", "", "hashAlgo", SHA256), "Invalid Base64 hash string parameter");
        refused(Map.of("hash", base64(hash)), "Missing (or invalid type) string parameter hashAlgo");
        refused(parameters(hash, "1.3.14.3.2.26"), "Invalid parameter hashAlgo");
        refused(parameters(hash, "SHA-256"), "Invalid parameter hashAlgo");
        refused(parameters(new byte[20], SHA256), "Invalid digest value length");
        for (var nonce : new Object[] {1, "", "-1", "1.5", "xyz", "0x", "1".repeat(39)}) {
            var parameters = parameters(hash, SHA256);
            parameters.put("nonce", nonce);
            refused(parameters, "Invalid parameter nonce");
        }
        assertThat(new CscClient(csc.api())
                        .call("signatures/timestamp", parameters(hash, SHA256))
                        .status())
                .isEqualTo(401);
    }

    private void refused(Object parameters, String description) {
        Answer answer = csc.call("signatures/timestamp", parameters);
        answer.refused(400, "invalid_request", description);
    }

    private static Map<String, Object> parameters(byte[] hash, String algorithm) {
        return new HashMap<>(Map.of("hash", base64(hash), "hashAlgo", algorithm));
    }

    private static byte[] digest(String algorithm) throws Exception {
        return MessageDigest.getInstance(algorithm).digest(DATA);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
